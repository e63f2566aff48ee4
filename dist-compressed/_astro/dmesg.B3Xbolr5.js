var e=`NAME
    dmesg - the kernel's log

SYNOPSIS
    dmesg [-t]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};