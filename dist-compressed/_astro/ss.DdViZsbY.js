var e=`名前
    ss - ソケットを表示する（iproute2 6.1.0）

書式
    ss [-t] [-u] [-a|-l] [-n] [-p] [-o] [-e] [-m] [-4|-6] [-H] [-O] [-r] [FILTER]
    ss -s

このマシンで使えるもの
    -t, -u
        TCP／UDP（-w と -S は raw と SCTP。どちらもここには一つもない）
    -A 一覧, -f ファミリー
        名前で選ぶ。tcp、udp、inet、all／inet、inet6
    -a, -l
        すべて／待ち受けだけ（どちらもなければ接続中だけ）
    -n
        サービス名ではなく番号で
    -p
        プロセス。ほかのユーザーの分は root でなければ見えない
    -o
        タイマー。TIME-WAIT の残り時間など
    -e, -m
        詳しく／バッファー（大きさはカーネルの既定値）
    -4, -6
        IPv4 だけ／IPv6 だけ
    -H, -O, -r
        見出しなし／ソケット一つを一行で／ホスト名で
    -s
        個数の集計
    -V
        バージョン
    FILTER
        先頭に state 名前、exclude 名前。続けて sport・dport と = != < > <= >=（eq ne lt gt le ge でも）と :ポート。src・dst と アドレス、アドレス/ビット数、アドレス:ポート、[IPv6]:ポート。dev、fwmark。and、or、not、( )。語とかっこは空白で区切る。and と or は左から順に働く。
    ソケットは TCP と UDP だけ。ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};