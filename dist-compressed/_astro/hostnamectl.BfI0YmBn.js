var e=`NAME
    hostnamectl - the machine in a few lines

SYNOPSIS
    hostnamectl

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};