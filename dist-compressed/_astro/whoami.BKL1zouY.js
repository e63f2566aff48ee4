var e=`NAME
    whoami - who you are

SYNOPSIS
    whoami

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};