var e=`NAME
    vi - edit a file

SYNOPSIS
    vi [-R] FILE

WHAT THIS MACHINE HAS
    i, Esc
        type; back to commands
    :w, :q, :wq, :x, ZZ
        write; leave; both
    :q!, ZQ
        leave without writing
    :w!, :w NAME
        write all the same; under another name
    Options that are not listed are not here, and using them says so.
`;export{e as default};