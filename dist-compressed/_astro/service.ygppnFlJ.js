var e=`名前
    service - systemctl の古い形

書式
    service SERVICE start|stop|restart|reload|status

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};