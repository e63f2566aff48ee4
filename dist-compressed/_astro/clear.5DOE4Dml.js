var e=`NAME
    clear - clear the screen

SYNOPSIS
    clear

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};