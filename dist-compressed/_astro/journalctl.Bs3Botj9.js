var e=`NAME
    journalctl - what the services have said

SYNOPSIS
    journalctl [-u SERVICE]

WHAT THIS MACHINE HAS
    -u
        only of this service
    Options that are not listed are not here, and using them says so.
`;export{e as default};