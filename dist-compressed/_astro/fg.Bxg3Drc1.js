var e=`NAME
    fg - bring a job to the front

SYNOPSIS
    fg [%N]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};