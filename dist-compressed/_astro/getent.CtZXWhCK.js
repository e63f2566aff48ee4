var e=`NAME
    getent - look something up as programs do (glibc 2.36)

SYNOPSIS
    getent services [NAME|PORT[/PROTOCOL] …]
    getent hosts|ahosts NAME …
    getent passwd|group|protocols [NAME …]

WHAT THIS MACHINE HAS
    The exit status is 2 where something was not found.
    Options that are not listed are not here, and using them says so.
`;export{e as default};