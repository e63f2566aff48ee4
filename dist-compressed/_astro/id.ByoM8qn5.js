var e=`NAME
    id - user and groups

SYNOPSIS
    id [-u|-g|-G] [-n] [-z] [USER …]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};