var e=`NAME
    nc - connect, scan, listen (OpenBSD netcat 1.219)

SYNOPSIS
    nc [-v] [-n] [-u] [-w SECONDS] [-p PORT] [-s ADDRESS] HOST PORT
    nc -z [-v] HOST PORT[-PORT]
    nc -l [-k] [-u] [[ADDRESS] PORT | -p PORT]

WHAT THIS MACHINE HAS
    -l, -k
        listen for one connection; for one after another
    -z
        only try whether a port answers
    -v
        say what happens
    -p, -s
        leave from this port; from this address
    -u
        UDP
    -w
        give up after so many seconds
    Options that are not listed are not here, and using them says so.
`;export{e as default};