var e=`NAME
    sudo - run a command as another user

SYNOPSIS
    sudo COMMAND …
    sudo -i | -s
    sudo -u USER COMMAND …

WHAT THIS MACHINE HAS
    -i, -s
        a shell as root; exit leaves it
    No password is asked. Redirections belong to your own shell: use sudo tee or sudo sh -c.
    Options that are not listed are not here, and using them says so.
`;export{e as default};