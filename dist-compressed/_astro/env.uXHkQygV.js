var e=`NAME
    env - the variables, or a command with others

SYNOPSIS
    env [NAME=VALUE …] [COMMAND …]

WHAT THIS MACHINE HAS
    Options that are not listed are not here, and using them says so.
`;export{e as default};