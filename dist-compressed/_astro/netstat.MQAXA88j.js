var e=`NAME
    netstat - sockets in the older layout (net-tools 2.10)

SYNOPSIS
    netstat [-t] [-u] [-a|-l] [-n] [-p] [-o] [-e] [-W] [-4|-6]
    netstat -r [-n] [-e]

WHAT THIS MACHINE HAS
    -t, -u, -a, -l
        TCP; UDP; all; only listening (-w, -x: raw and Unix sockets, of which there are none)
    -n, --numeric-hosts, --numeric-ports, --numeric-users
        numbers instead of names: all, or only some
    -p, -o, -e
        programs; timers; users and inodes
    -W
        do not cut long names
    -4, -6, -A inet|inet6
        only IPv4; only IPv6
    -r
        the routing table
    Options that are not listed are not here, and using them says so.
`;export{e as default};