var e=`NAME
    pgrep - find processes by name

SYNOPSIS
    pgrep [-f] [-x] [-i] [-v] [-l|-a|-c] [-d TEXT] [-n|-o] [-u USER] [-P PPID] [-t TTY] NAME

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};