var e=`名前
    pgrep - 名前でプロセスを探す

書式
    pgrep [-f] [-x] [-i] [-v] [-l|-a|-c] [-d TEXT] [-n|-o] [-u USER] [-P PPID] [-t TTY] NAME

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};