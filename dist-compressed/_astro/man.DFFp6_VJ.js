var e=`NAME
    man - this manual

SYNOPSIS
    man NAME

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};