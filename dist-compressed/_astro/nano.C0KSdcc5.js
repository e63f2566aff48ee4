var e=`NAME
    nano - edit a file, simply

SYNOPSIS
    nano FILE

WHAT THIS MACHINE HAS
    Ctrl+O, Ctrl+X
        write; leave
    Options that are not listed are not here, and using them says so.
`;export{e as default};