var e=`NAME
    ip - addresses, links, routes (iproute2 6.1.0)

SYNOPSIS
    ip [-4|-6] [-br] [-o] addr | link [show [dev] NAME]
    ip route [show [default] [dev NAME]] | route get ADDRESS
    ip neigh | rule

WHAT THIS MACHINE HAS
    -br, -o
        one short line each; one long line each
    Reading only.
    Options that are not listed are not here, and using them says so.
`;export{e as default};