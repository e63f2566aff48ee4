var e=`名前
    hostnamectl - マシンの概要

書式
    hostnamectl

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};