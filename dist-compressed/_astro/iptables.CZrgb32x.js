var e=`名前
    iptables - パケットフィルター

書式
    iptables -L [-n] [--line-numbers] [CHAIN]
    iptables -S
    iptables -A|-I|-D INPUT|OUTPUT [-p tcp|udp] [--dport N[:M]] [--sport N[:M]] [-s ADDR[/BITS]] [-m state --state NEW|ESTABLISHED,RELATED] -j ACCEPT|DROP|REJECT
    iptables -D CHAIN NUMBER
    iptables -P INPUT|OUTPUT ACCEPT|DROP
    iptables -F [CHAIN]

このマシンで使えるもの
    DROP, REJECT
        黙って捨てる／拒否の応答を返す
    規則はメモリの中だけにあり、再起動で消える。自分自身との通信は対象にならない。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};