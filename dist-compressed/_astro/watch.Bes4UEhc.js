var e=`NAME
    watch - run a command again and again

SYNOPSIS
    watch [-n SECONDS] [-t] COMMAND …

WHAT THIS MACHINE HAS
    Ctrl+C
        leaves
    Options that are not listed are not here, and using them says so.
`;export{e as default};