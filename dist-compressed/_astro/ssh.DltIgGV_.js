var e=`NAME
    ssh - log in to another host

SYNOPSIS
    ssh [-p PORT] [-b ADDRESS] [-N] [-f] [USER@]HOST [COMMAND]

WHAT THIS MACHINE HAS
    -p
        the port, 22 if not said
    -N, -f
        no command; into the background: the connection stays to be looked at
    Hosts: web, web2, laptop. There: hostname, whoami, ss, nc, curl, ssh, exit. Keys are in place.
    Options that are not listed are not here, and using them says so.
`;export{e as default};