var e=`NAME
    yes - say y again and again (here: not for ever)

SYNOPSIS
    yes [TEXT]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};