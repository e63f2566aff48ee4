var e=`NAME
    tee - write standard input to the terminal and to files (GNU coreutils 9.1)

SYNOPSIS
    tee [-a] [FILE …]

WHAT THIS MACHINE HAS
    -a
        add to the files instead of replacing them
    With sudo it writes where a redirection may not: echo 1 | sudo tee /proc/sys/…
    Options that are not listed are not here, and using them says so.
`;export{e as default};