var e=`NAME
    bg - jobs are in the background already

SYNOPSIS
    bg [%N]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};