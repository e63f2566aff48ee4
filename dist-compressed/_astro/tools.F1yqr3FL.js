var e=`NAME
    tools - text tools of the shell

SYNOPSIS
    cat head tail grep sed awk sort uniq wc cut tr tee xargs find cp mv rm mkdir chmod stat …

WHAT THIS MACHINE HAS
    These come with the shell library and do what is usual. NAME --help lists the options each has.
    Options that are not listed are not here, and using them says so.
`;export{e as default};