var e=`NAME
    sshd - check the SSH server's settings

SYNOPSIS
    sshd -t | -T

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};