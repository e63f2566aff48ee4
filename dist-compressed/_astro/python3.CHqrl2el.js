var e=`NAME
    python3 - only a web server

SYNOPSIS
    python3 -m http.server [PORT] [--bind ADDRESS]

WHAT THIS MACHINE HAS
    Serves until Ctrl+C, and hangs up first after each answer.
    Options that are not listed are not here, and using them says so.
`;export{e as default};