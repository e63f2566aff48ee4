var e=`NAME
    ss - show sockets (iproute2 6.1.0)

SYNOPSIS
    ss [-t] [-u] [-a|-l] [-n] [-p] [-o] [-e] [-m] [-4|-6] [-H] [-O] [-r] [FILTER]
    ss -s

WHAT THIS MACHINE HAS
    -t, -u
        TCP; UDP (-w, -S: raw and SCTP, of which there are none)
    -A LIST, -f FAMILY
        the same by name: tcp, udp, inet, all; inet, inet6
    -a, -l
        all; only listening (without either: only connected)
    -n
        numbers instead of service names
    -p
        processes; of other users only for root
    -o
        timers, such as what is left of TIME-WAIT
    -e, -m
        more details; buffers, with a kernel's default sizes
    -4, -6
        only IPv4; only IPv6
    -H, -O, -r
        no header; one line a socket; names of hosts
    -s
        a summary in numbers
    -V
        the version
    FILTER
        state NAME, exclude NAME (in front); sport, dport with = != < > <= >= (or eq ne lt gt le ge) and :PORT; src, dst with ADDRESS, ADDRESS/BITS, ADDRESS:PORT, [IPV6]:PORT; dev, fwmark; and, or, not, ( ). Words and parentheses stand apart from one another; and and or are applied from left to right.
    Sockets are TCP and UDP only. Options that are not listed are not here, and using them says so.
`;export{e as default};