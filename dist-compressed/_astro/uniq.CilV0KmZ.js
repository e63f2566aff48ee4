var e=`NAME
    uniq - make one of equal lines in a row (GNU coreutils 9.1)

SYNOPSIS
    uniq [-c] [-d|-u|-D] [-i] [-f FIELDS] [-s CHARACTERS] [-w CHARACTERS] [FILE]

WHAT THIS MACHINE HAS
    -c
        with the number of lines in front
    -d, -u, -D
        only repeated ones; only single ones; every repeated line
    -i, -f, -s, -w
        whatever the case; after so many fields; after so many characters; of so many characters
    Sort first: lines apart from each other are not compared.
    Options that are not listed are not here, and using them says so.
`;export{e as default};