var e=`NAME
    curl - fetch a page over HTTP (7.88.1)

SYNOPSIS
    curl [-v] [-s] [-S] [-i|-I] [-f] [-o FILE] [-w FORMAT] [-m SECONDS] [--connect-timeout SECONDS] [--local-port N[-M]] [--interface ADDRESS] [--resolve HOST:PORT:ADDRESS] [-H LINE] [-A NAME] [-X METHOD] URL …

WHAT THIS MACHINE HAS
    -v, -s, -S
        tell everything; be silent; but say errors
    -I, -i
        only the head; head and body
    -o, -w
        into a file; afterwards print %{local_port} %{local_ip} %{remote_port} %{http_code} %{errormsg} %{exitcode} %{time_total} …
    --local-port
        leave from this port, or the first free one of a range
    --interface
        leave from this address, or lo or eth0
    -f
        an answer of 400 or more is a failure
    -m, --connect-timeout
        give up after so many seconds
    Other schemes (ftp:// …): only whether their port answers.
    The pages are short and name the port you came from. https:// is port 443 without TLS.
    Options that are not listed are not here, and using them says so.
`;export{e as default};