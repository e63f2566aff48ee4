var e=`名前
    groups - 自分のグループ

書式
    groups [USER …]

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};