var e=`NAME
    kill - send a signal

SYNOPSIS
    kill [-SIGNAL | -s SIGNAL | -n NUMBER] PID|%JOB …
    kill -l [SIGNAL …]

WHAT THIS MACHINE HAS
    HUP makes a service read its configuration again; TERM, INT, KILL end a process; 0 only asks.
    Options that are not listed are not here, and using them says so.
`;export{e as default};