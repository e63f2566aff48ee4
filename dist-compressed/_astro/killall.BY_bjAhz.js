var e=`名前
    killall - この名前のプロセスをすべて終了させる

書式
    killall [-SIGNAL] NAME

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};