var e=`NAME
    jobs - what runs in the background

SYNOPSIS
    jobs

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};