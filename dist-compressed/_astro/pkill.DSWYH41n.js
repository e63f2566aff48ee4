var e=`名前
    pkill - 名前でプロセスを終了させる

書式
    pkill [-SIGNAL] [-f] [-x] [-i] [-e] [-c] [-n|-o] [-u USER] [-P PPID] [-t TTY] NAME

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};