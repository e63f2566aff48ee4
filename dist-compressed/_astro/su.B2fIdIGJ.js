var e=`NAME
    su - become another user

SYNOPSIS
    su [-] [USER] [-s SHELL] [-c COMMAND]

WHAT THIS MACHINE HAS
    Only root can: accounts have no passwords here. Use sudo.
    Options that are not listed are not here, and using them says so.
`;export{e as default};