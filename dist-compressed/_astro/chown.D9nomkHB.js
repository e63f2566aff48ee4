var e=`NAME
    chown - change a file's owner

SYNOPSIS
    chown USER[:GROUP] FILE …

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};