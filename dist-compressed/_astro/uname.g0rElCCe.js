var e=`NAME
    uname - the kernel's name

SYNOPSIS
    uname [-asnrvmpio]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};