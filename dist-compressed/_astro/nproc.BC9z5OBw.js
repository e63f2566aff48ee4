var e=`名前
    nproc - プロセッサーの数

書式
    nproc

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};