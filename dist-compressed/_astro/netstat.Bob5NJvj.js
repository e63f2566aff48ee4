var e=`名前
    netstat - ソケットを従来の書式で表示する（net-tools 2.10）

書式
    netstat [-t] [-u] [-a|-l] [-n] [-p] [-o] [-e] [-W] [-4|-6]
    netstat -r [-n] [-e]

このマシンで使えるもの
    -t, -u, -a, -l
        TCP／UDP／すべて／待ち受けだけ（-w と -x は raw と Unix のソケット。どちらもここには一つもない）
    -n, --numeric-hosts, --numeric-ports, --numeric-users
        名前ではなく番号で。すべて、または一部だけ
    -p, -o, -e
        プログラム／タイマー／ユーザーと inode
    -W
        長い名前を切り詰めない
    -4, -6, -A inet|inet6
        IPv4 だけ／IPv6 だけ
    -r
        経路表
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};