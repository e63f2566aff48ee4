var e=`名前
    uname - カーネルの名前

書式
    uname [-asnrvmpio]

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};