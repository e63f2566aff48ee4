var e=`名前
    route - 経路表を表示する（net-tools 2.10）

書式
    route [-n] [-e]

このマシンで使えるもの
    -n
        アドレスを番号で
    -e
        netstat -r と同じ形で
    経路は固定で、表示だけができる。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};