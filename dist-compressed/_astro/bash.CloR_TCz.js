var e=`NAME
    bash - the shell

SYNOPSIS
    bash [-c LINE] [FILE [ARGUMENT …]]

WHAT THIS MACHINE HAS
    Pipes, redirections, variables, functions, loops, globs, here-documents, jobs with &, fg, jobs, kill %1, /dev/tcp/HOST/PORT. Not here: process groups, traps, terminal control, select.
    Options that are not listed are not here, and using them says so.
`;export{e as default};