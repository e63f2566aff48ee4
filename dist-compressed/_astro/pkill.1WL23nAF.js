var e=`NAME
    pkill - end processes by name

SYNOPSIS
    pkill [-SIGNAL] [-f] [-x] [-i] [-e] [-c] [-n|-o] [-u USER] [-P PPID] [-t TTY] NAME

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};