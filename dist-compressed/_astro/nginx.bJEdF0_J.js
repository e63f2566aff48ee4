var e=`NAME
    nginx - check the web server's settings

SYNOPSIS
    nginx -t

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};