var e=`NAME
    tail - the end of files (GNU coreutils 9.1)

SYNOPSIS
    tail [-n LINES | -c BYTES] [-f] [-q|-v] [FILE …]

WHAT THIS MACHINE HAS
    -n, -c
        so many lines or bytes; +3 is from the third on
    -f
        go on and show what is added, until Ctrl+C
    -q, -v
        never, always with the files' names
    Options that are not listed are not here, and using them says so.
`;export{e as default};