var e=`NAME
    nproc - how many processors

SYNOPSIS
    nproc

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};