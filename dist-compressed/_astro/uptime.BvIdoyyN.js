var e=`名前
    uptime - マシンが起動してからの時間

書式
    uptime

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};