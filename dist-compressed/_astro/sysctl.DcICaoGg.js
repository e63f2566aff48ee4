var e=`NAME
    sysctl - read and write kernel parameters (procps-ng 4.0.2)

SYNOPSIS
    sysctl [-n|-N|-b] [-e] [-q] KEY …
    sysctl -w KEY=VALUE …
    sysctl -a [-r PATTERN]
    sysctl -p [FILE …]
    sysctl --system

WHAT THIS MACHINE HAS
    -a
        all parameters; with -r only those that match
    -n, -N, -b
        only the value; only the name; the value without a newline
    -w
        write; without it KEY=VALUE writes too
    -e, -q
        pass over unknown keys; say nothing
    -p [FILE]
        apply files (patterns too), /etc/sysctl.conf if none is named; - reads standard input
    --system
        apply all files the machine reads at boot
    --dry-run
        say what would be set, and set nothing
    KEY may be written with slashes instead of dots.
    Options that are not listed are not here, and using them says so.
`;export{e as default};