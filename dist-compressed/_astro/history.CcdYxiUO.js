var e=`NAME
    history - the lines typed so far

SYNOPSIS
    history [N]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};