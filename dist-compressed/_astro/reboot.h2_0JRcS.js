var e=`NAME
    reboot - start the machine again

SYNOPSIS
    sudo reboot

WHAT THIS MACHINE HAS
    Kernel parameters fall back to their defaults and then to what the files say.
    Options that are not listed are not here, and using them says so.
`;export{e as default};