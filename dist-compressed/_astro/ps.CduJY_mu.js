var e=`NAME
    ps - list processes (procps-ng)

SYNOPSIS
    ps
    ps aux
    ps -ef
    ps -p PID | -C NAME | -u USER
    ps -o pid,ppid,user:12,stat,etime,comm=NAME,args,…
    ps … [--sort=[-]KEY,…] [--no-headers]

WHAT THIS MACHINE HAS
    Memory sizes stand for sizes; nothing measures them here.
    Options that are not listed are not here, and using them says so.
`;export{e as default};