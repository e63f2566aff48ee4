var e=`NAME
    systemctl - services: start, stop, look

SYNOPSIS
    systemctl start|stop|restart|reload|enable|disable|status|is-active|is-enabled|cat SERVICE …
    systemctl list-units [--all] [--failed]
    systemctl list-unit-files

WHAT THIS MACHINE HAS
    reload
        read the configuration again, connections stay
    enable, disable
        whether it starts at boot; --now also at once
    To change anything you need sudo. A service whose port is taken fails; status says why.
    Options that are not listed are not here, and using them says so.
`;export{e as default};