var e=`NAME
    diff - compare two files

SYNOPSIS
    diff [-u | -U LINES] [--label NAME] [-q] [-s] [-i] [-w] [-b] [-N] FILE FILE

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};