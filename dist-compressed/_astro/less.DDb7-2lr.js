var e=`NAME
    less - read a text page by page

SYNOPSIS
    less FILE …
    COMMAND | less

WHAT THIS MACHINE HAS
    Space, b, j, k, g, G
        move
    /, n
        find; find again
    q
        leave
    Options that are not listed are not here, and using them says so.
`;export{e as default};