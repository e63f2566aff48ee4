var e=`NAME
    nohup - run on after the shell

SYNOPSIS
    nohup COMMAND … &

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};