var e=`名前
    dmesg - カーネルのログ

書式
    dmesg [-t]

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};