/**
 * Programs that a real Linux machine has or could have, and this one has not. Of these the page says so
 * besides bash's "command not found"; of any other name it asks whether it is spelled right.
 */
export const programsNotHere: ReadonlySet<string> = new Set(
  `apt apt-get aptitude ab ansible arp arping at atq batch bc btop busybox bzip2 cal certbot chgrp
  chattr cmake cmp conntrack cron crontab csh dash dd df dnf docker dpkg ed emacs ethtool exa fail2ban-client
  fdisk file firewall-cmd fish free ftp g++ gawk gcc gdb git go gpg gunzip gzip hping3 htop
  ifconfig ifdown iftop ifup ip6tables iperf iperf3 ipset iptables-restore iw java
  jq kubectl ldd locate logger loginctl lscpu lsblk lsmod lspci ltrace mail make masscan mc mktemp mount
  mtr mysql nc.openbsd ncdu nethogs netcat-openbsd newgrp nftables ngrep nice nload nmcli node
  npm nslookup ntpq openssl paste passwd perl php ping6 podman pstree psql python python2 redis-cli
  renice rsync ruby rust screen scp script sftp shutdown snap socat sqlite3 ssh-add ssh-agent ssh-copy-id
  ssh-keygen strace sum sync sysbench tar tftp tmux top tput traceroute tracepath tshark
  umount unzip update-rc.d useradd userdel usermod vmstat w who whois xxd xz yarn yq yum zcat zip zsh`
    .split(/\s+/)
    .filter(Boolean),
);
