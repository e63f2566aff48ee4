var e=`名前
    more - less と同じ

書式
    more FILE …

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};