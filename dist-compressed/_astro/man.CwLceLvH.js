var e=`名前
    man - このマニュアル

書式
    man NAME

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};