var e=`NAME
    more - as less

SYNOPSIS
    more FILE …

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};