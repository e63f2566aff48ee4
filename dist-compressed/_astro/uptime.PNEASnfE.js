var e=`NAME
    uptime - how long it has been up

SYNOPSIS
    uptime

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};