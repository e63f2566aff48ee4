var e=`NAME
    killall - end processes of exactly this name

SYNOPSIS
    killall [-SIGNAL] NAME

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};