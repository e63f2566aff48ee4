var e=`名前
    clear - 画面を消す

書式
    clear

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};