var e=`NAME
    hostname - the machine's name (hostname 3.23)

SYNOPSIS
    hostname [-f|-s|-d|-i|-I|-A|-V]
    hostname NAME

WHAT THIS MACHINE HAS
    -f, -s, -d
        the full name; the first part; the domain
    -i, -I, -A
        the name's address; all addresses; all names
    NAME
        gives it another name (root only)
    Options that are not listed are not here, and using them says so.
`;export{e as default};