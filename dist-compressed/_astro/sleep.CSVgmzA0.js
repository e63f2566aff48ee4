var e=`NAME
    sleep - let time pass

SYNOPSIS
    sleep NUMBER[s|m|h|d] …

WHAT THIS MACHINE HAS
    Long waits pass faster than real time.
    Options that are not listed are not here, and using them says so.
`;export{e as default};