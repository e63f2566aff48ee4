var e=`NAME
    lsof - list open files (4.95.0); -i: sockets

SYNOPSIS
    lsof [-n] [-P] [-i [46][tcp|udp][@HOST][:PORT]] [-sTCP:STATE] [-p PID] [-u USER] [-c NAME] [-d FDS] [-a] [-t] [-F FIELDS] [+c WIDTH] [-T LETTERS] [-lRgosVQ] [FILE …]

WHAT THIS MACHINE HAS
    -i …
        sockets: of a protocol, a host, a port or a range of ports
    -n, -P
        addresses as numbers; ports as numbers
    -s TCP:LISTEN
        only in a state; ^LISTEN: not in it
    -p, -u, -c
        of a process, a user, a command
    -a
        all conditions together instead of any
    -t, -F
        only pids; one field a line
    -d
        of a file descriptor or a range; ^3: not of it
    +c
        characters of a command's name, 0 for all (9 otherwise)
    -T
        of a socket: s its state, q its queues
    -l, -R, -g
        user ids; the parent's pid; the process group
    -o, -s
        only offsets; only sizes
    -V, -Q
        say what was not found; do not count it as a failure
    Without sudo you see only your own processes' files. TIME-WAIT belongs to no process and never shows.
    Options that are not listed are not here, and using them says so.
`;export{e as default};