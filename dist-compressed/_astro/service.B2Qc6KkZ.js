var e=`NAME
    service - the older systemctl

SYNOPSIS
    service SERVICE start|stop|restart|reload|status

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};