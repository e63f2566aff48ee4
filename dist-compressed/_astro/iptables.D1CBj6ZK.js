var e=`NAME
    iptables - the packet filter

SYNOPSIS
    iptables -L [-n] [--line-numbers] [CHAIN]
    iptables -S
    iptables -A|-I|-D INPUT|OUTPUT [-p tcp|udp] [--dport N[:M]] [--sport N[:M]] [-s ADDR[/BITS]] [-m state --state NEW|ESTABLISHED,RELATED] -j ACCEPT|DROP|REJECT
    iptables -D CHAIN NUMBER
    iptables -P INPUT|OUTPUT ACCEPT|DROP
    iptables -F [CHAIN]

WHAT THIS MACHINE HAS
    DROP, REJECT
        silence; an answer that says no
    Rules live in memory and are gone after a reboot. Traffic of the machine with itself is never filtered.
    Options that are not listed are not here, and using them says so.
`;export{e as default};