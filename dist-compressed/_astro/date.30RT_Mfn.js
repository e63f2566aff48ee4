var e=`NAME
    date - the machine's time (UTC)

SYNOPSIS
    date [+FORMAT]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};