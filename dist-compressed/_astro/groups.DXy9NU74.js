var e=`NAME
    groups - your groups

SYNOPSIS
    groups [USER …]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};