var e=`NAME
    ls - list files

SYNOPSIS
    ls [-a] [-l] [-h] [-t] [-S] [-r] [-R] [-d] [-1|-C|-x] [-n|-o|-g] [-F|-p] [FILE …]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};