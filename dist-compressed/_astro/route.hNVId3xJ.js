var e=`NAME
    route - the routing table (net-tools 2.10)

SYNOPSIS
    route [-n] [-e]

WHAT THIS MACHINE HAS
    -n
        addresses as numbers
    -e
        as netstat -r shows it
    The routes are fixed: they can be read, not changed.
    Options that are not listed are not here, and using them says so.
`;export{e as default};