"""Records firewalld's firewall-cmd: prints one JSON document with each command, its output and its status.

Run as root on Debian 12 with firewalld, nftables, dbus and python3 installed:
    python3 record-firewalld.py > recorded/firewalld.json
It makes its own network, mount and process namespaces (an eth0 without a neighbour, 10.0.0.2/24, beside
lo), a copy of /etc/firewalld as the package installs it, and a D-Bus of its own; the machine's firewall
is not touched.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen>
<auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/>
<allow send_type="method_call"/><allow send_type="signal"/><allow send_type="method_return"/>
<allow send_type="error"/><allow receive_type="method_call"/><allow receive_type="signal"/>
<allow receive_type="method_return"/><allow receive_type="error"/></policy></busconfig>
"""

COMMANDS = r"""
firewall-cmd --state
firewall-cmd --version
firewall-cmd --get-default-zone
firewall-cmd --get-zones
firewall-cmd --get-active-zones
firewall-cmd --get-services
firewall-cmd --list-all
firewall-cmd --list-services
firewall-cmd --list-ports
firewall-cmd --list-rich-rules
firewall-cmd --list-interfaces
firewall-cmd --list-sources
firewall-cmd --list-protocols
firewall-cmd --list-source-ports
firewall-cmd --list-forward-ports
firewall-cmd --list-icmp-blocks
firewall-cmd --list-all --zone=dmz
firewall-cmd --zone=trusted --list-all
firewall-cmd --list-all-zones
firewall-cmd --permanent --list-all
firewall-cmd --permanent --get-zones
firewall-cmd --permanent --get-default-zone
firewall-cmd --permanent --get-active-zones
firewall-cmd --info-zone=home
firewall-cmd --info-service=http
firewall-cmd --info-service=ssh
firewall-cmd --info-service=dns
firewall-cmd --info-service=samba
firewall-cmd --info-service=ftp
firewall-cmd --info-service=dhcpv6-client
firewall-cmd --info-service=nosuch
firewall-cmd --info-zone=nosuch
nft list ruleset
nft list tables
iptables -S
firewall-cmd --add-service=http
firewall-cmd --add-service=http
firewall-cmd --query-service=http
firewall-cmd --query-service=https
firewall-cmd --add-service=nosuch
firewall-cmd --query-service=nosuch
firewall-cmd --remove-service=nosuch
firewall-cmd --remove-service=https
firewall-cmd --list-services
firewall-cmd --add-service=dns --add-service=mdns
firewall-cmd --add-service={ftp,samba,telnet}
firewall-cmd --list-all
nft list ruleset
firewall-cmd --remove-service=ftp --remove-service=samba --remove-service=telnet --remove-service=dns --remove-service=mdns
firewall-cmd --add-port=8080/tcp
firewall-cmd --add-port=8080/tcp
firewall-cmd --add-port=5000-5010/udp
firewall-cmd --add-port=443/tcp --add-port=53/udp
firewall-cmd --query-port=8080/tcp
firewall-cmd --query-port=8080/udp
firewall-cmd --query-port=5005/udp
firewall-cmd --add-port=5002-5003/udp
firewall-cmd --add-port=8080
firewall-cmd --add-port=99999/tcp
firewall-cmd --add-port=0/tcp
firewall-cmd --add-port=http/tcp
firewall-cmd --add-port=nosuch/tcp
firewall-cmd --add-port=80/icmp
firewall-cmd --add-port=90-80/tcp
firewall-cmd --add-port=/tcp
firewall-cmd --add-port=
firewall-cmd --add-port
firewall-cmd --remove-port=1/tcp
firewall-cmd --remove-port=443/tcp
firewall-cmd --list-ports
firewall-cmd --add-port=5008-5020/udp
firewall-cmd --remove-port=5004-5005/udp
firewall-cmd --remove-port=4000-5001/udp
firewall-cmd --list-ports
firewall-cmd --list-all
nft list chain inet firewalld filter_IN_public_allow
firewall-cmd --permanent --list-all
firewall-cmd --permanent --add-service=https
firewall-cmd --permanent --add-service=https
firewall-cmd --permanent --add-service=nosuch
firewall-cmd --permanent --add-port=9000/tcp
firewall-cmd --permanent --add-port=9000/tcp
firewall-cmd --permanent --remove-port=9001/tcp
firewall-cmd --permanent --remove-service=telnet
firewall-cmd --permanent --query-service=https
firewall-cmd --permanent --query-port=9000/tcp
firewall-cmd --permanent --list-all
firewall-cmd --list-all
firewall-cmd --reload
firewall-cmd --list-all
cat /etc/firewalld/zones/public.xml
ls /etc/firewalld/zones
firewall-cmd --add-port=7000/tcp
firewall-cmd --runtime-to-permanent
firewall-cmd --permanent --list-ports
firewall-cmd --permanent --remove-port=7000/tcp
firewall-cmd --list-ports
firewall-cmd --complete-reload
firewall-cmd --list-ports
firewall-cmd --check-config
firewall-cmd --zone=nosuch --list-all
firewall-cmd --zone=nosuch --add-port=80/tcp
firewall-cmd --permanent --zone=nosuch --add-port=80/tcp
firewall-cmd --zone=dmz --add-service=http
firewall-cmd --zone=dmz --list-services
firewall-cmd --zone=dmz --remove-service=http
firewall-cmd --get-zone-of-interface=eth0
firewall-cmd --add-interface=eth0
firewall-cmd --get-active-zones
firewall-cmd --get-zone-of-interface=eth0
firewall-cmd --zone=internal --add-interface=eth0
firewall-cmd --zone=internal --change-interface=eth0
firewall-cmd --list-all --zone=internal
firewall-cmd --get-active-zones
firewall-cmd --query-interface=eth0
firewall-cmd --zone=internal --query-interface=eth0
nft list ruleset
firewall-cmd --zone=internal --remove-interface=eth0
firewall-cmd --zone=internal --remove-interface=eth0
firewall-cmd --zone=trusted --add-source=10.0.0.10
firewall-cmd --zone=trusted --add-source=10.0.0.10
firewall-cmd --zone=drop --add-source=10.0.0.0/24
firewall-cmd --zone=drop --add-source=10.0.0.300
firewall-cmd --get-active-zones
firewall-cmd --zone=trusted --list-sources
firewall-cmd --get-zone-of-source=10.0.0.10
nft list ruleset
firewall-cmd --zone=trusted --remove-source=10.0.0.10
firewall-cmd --zone=drop --remove-source=10.0.0.0/24
firewall-cmd --set-default-zone=drop
firewall-cmd --get-default-zone
firewall-cmd --list-all
nft list chain inet firewalld filter_INPUT_ZONES
firewall-cmd --set-default-zone=drop
firewall-cmd --set-default-zone=nosuch
firewall-cmd --set-default-zone=trusted
nft list chain inet firewalld filter_INPUT_ZONES
firewall-cmd --set-default-zone=block
firewall-cmd --set-default-zone=public
grep ^DefaultZone /etc/firewalld/firewalld.conf
firewall-cmd --add-rich-rule='rule family="ipv4" source address="10.0.0.10" port port="5432" protocol="tcp" accept'
firewall-cmd --add-rich-rule='rule family=ipv4 source address=10.0.0.20/32 service name=http reject'
firewall-cmd --add-rich-rule='rule family="ipv4" source address="10.0.0.0/24" drop'
firewall-cmd --add-rich-rule='rule port port="8443" protocol="tcp" accept'
firewall-cmd --add-rich-rule='rule service name="ssh" log prefix="ssh: " level="info" limit value="3/m" accept'
firewall-cmd --add-rich-rule='rule family="ipv4" source not address="10.0.0.0/24" port port="22" protocol="tcp" reject type="tcp-reset"'
firewall-cmd --add-rich-rule='rule priority="-5" protocol value="icmp" accept'
firewall-cmd --add-rich-rule='rule priority="5" port port="1000-2000" protocol="udp" reject'
firewall-cmd --add-rich-rule='rule port port="8443" protocol="tcp" accept'
firewall-cmd --list-rich-rules | wc -l
firewall-cmd --list-all | head -14
firewall-cmd --query-rich-rule='rule port port="8443" protocol="tcp" accept'
firewall-cmd --query-rich-rule='rule port port="8444" protocol="tcp" accept'
nft list ruleset
firewall-cmd --add-rich-rule='nonsense'
firewall-cmd --add-rich-rule='rule'
firewall-cmd --add-rich-rule='rule service name="nosuch" accept'
firewall-cmd --add-rich-rule='rule source address="10.0.0.1" accept'
firewall-cmd --add-rich-rule='rule family="ipv5" port port="1" protocol="tcp" accept'
firewall-cmd --add-rich-rule='rule port port="80" accept'
firewall-cmd --add-rich-rule='rule port port="99999" protocol="tcp" accept'
firewall-cmd --add-rich-rule='rule port port="80" protocol="tcp"'
firewall-cmd --add-rich-rule='rule family="ipv4" source address="10.0.0.999" accept'
firewall-cmd --remove-rich-rule='rule port port="8444" protocol="tcp" accept'
firewall-cmd --remove-rich-rule='rule port port="8443" protocol="tcp" accept'
firewall-cmd --permanent --add-rich-rule='rule family="ipv4" source address="10.0.0.10" service name="http" accept'
firewall-cmd --reload
firewall-cmd --list-all
cat /etc/firewalld/zones/public.xml
firewall-cmd --permanent --remove-rich-rule='rule family="ipv4" source address="10.0.0.10" service name="http" accept'
firewall-cmd --reload
firewall-cmd --list-protocols
firewall-cmd --list-source-ports
firewall-cmd --list-icmp-blocks
firewall-cmd --query-forward
firewall-cmd --query-masquerade
firewall-cmd --query-panic
firewall-cmd --query-panic
firewall-cmd --permanent --add-port=6000/tcp --timeout=20
firewall-cmd --list-ports
firewall-cmd --permanent --zone=public --set-target=DROP
firewall-cmd --permanent --get-target
firewall-cmd --set-target=DROP
firewall-cmd --get-target
firewall-cmd --permanent --set-target=nosuch
firewall-cmd --reload
firewall-cmd --list-all
nft list chain inet firewalld filter_INPUT_ZONES
firewall-cmd --permanent --set-target=default
firewall-cmd --get-zones
firewall-cmd --reload
firewall-cmd --get-zones
firewall-cmd --reload
firewall-cmd --permanent --remove-service=https --remove-port=9000/tcp
firewall-cmd --reload
firewall-cmd --nosuch
firewall-cmd --list-all --list-ports
firewall-cmd list-all
firewall-cmd --add-service=http --remove-service=http
firewall-cmd --permanent
firewall-cmd --zone=public
firewall-cmd --quiet --query-service=ssh
firewall-cmd -q --add-service=nosuch
firewall-cmd --reload --list-all
firewall-cmd --permanent --reload
firewall-cmd --permanent --set-target=default
firewall-cmd --permanent --remove-service=https
firewall-cmd --permanent --remove-port=9000/tcp
firewall-cmd --reload
firewall-cmd --permanent --zone=internal --add-interface=eth0
firewall-cmd --permanent --zone=trusted --add-source=10.0.0.10
firewall-cmd --permanent --zone=drop --add-source=10.0.0.0/24
firewall-cmd --permanent --zone=public --add-port=8080/tcp
firewall-cmd --permanent --add-rich-rule='rule family="ipv4" port port="1" protocol="tcp" accept'
firewall-cmd --permanent --add-rich-rule='rule family="ipv6" port port="2" protocol="tcp" reject'
firewall-cmd --permanent --add-rich-rule='rule family="ipv4" source address="10.0.0.7" accept'
firewall-cmd --permanent --add-rich-rule='rule family="ipv4" source address="10.0.0.7" log prefix="x" accept'
firewall-cmd --permanent --add-rich-rule='rule family="ipv4" destination address="10.0.0.2" service name="dns" drop'
firewall-cmd --permanent --zone=internal --add-interface=eth0
firewall-cmd --permanent --zone=home --add-interface=eth0
firewall-cmd --permanent --zone=internal --list-interfaces
firewall-cmd --permanent --zone=internal --query-interface=eth0
firewall-cmd --permanent --zone=trusted --remove-source=10.0.0.99
firewall-cmd --permanent --zone=internal --remove-interface=eth1
cat /etc/firewalld/zones/trusted.xml
cat /etc/firewalld/zones/public.xml
firewall-cmd --reload
firewall-cmd --get-active-zones
nft list ruleset
firewall-cmd --permanent --zone=internal --remove-interface=eth0
firewall-cmd --permanent --zone=trusted --remove-source=10.0.0.10
firewall-cmd --permanent --zone=drop --remove-source=10.0.0.0/24
firewall-cmd --permanent --zone=nosuch --list-all
firewall-cmd --permanent --zone=public --list-all | sort
firewall-cmd --permanent --list-services
firewall-cmd --permanent --query-service=nosuch
firewall-cmd --permanent --add-port=99999/tcp
firewall-cmd --permanent --add-rich-rule='nonsense'
firewall-cmd --permanent --set-target=DROP --zone=internal
cat /etc/firewalld/zones/internal.xml
firewall-cmd --permanent --remove-rich-rule='rule family="ipv4" source address="10.0.0.8" accept'
firewall-cmd --zone=external --list-all
firewall-cmd --set-default-zone=external
nft list ruleset
""".strip().split("\n")
BEFORE = r"""
firewall-cmd --state
firewall-cmd --list-all
firewall-cmd --reload
firewall-cmd --add-port=80/tcp
firewall-cmd --version
firewall-cmd --permanent --list-ports
""".strip().splitlines()


def shell(line):
    return subprocess.run(line, shell=True, check=True, stdout=sys.stderr)


def record(command):
    done = subprocess.run(
        ["bash", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"PATH": "/usr/sbin:/usr/bin", "LANG": "C.UTF-8", "HOME": "/root"},
    )
    tool = command.split()[0]
    return {
        "tool": tool,
        "version": {"nft": "1.0.6", "iptables": "1.8.9"}.get(tool, "1.3.3"),
        "command": command,
        "output": done.stdout.decode(),
        "exit": done.returncode,
    }


def inside(folder):
    shell("mount -t tmpfs tmpfs /run && mkdir -p /run/dbus /run/firewalld")
    shell(f"mount --bind {folder} /etc/firewalld")
    shell("ip link set lo up; ip link add eth0 type veth peer name peer0")
    shell("ip addr add 10.0.0.2/24 dev eth0; ip link set eth0 up; ip link set peer0 up")
    with open("/run/dbus.conf", "w") as bus:
        bus.write(BUS)
    subprocess.Popen(["dbus-daemon", "--config-file=/run/dbus.conf", "--nofork"], stderr=subprocess.DEVNULL)
    time.sleep(1)
    fixtures = [record(command) for command in BEFORE]
    subprocess.Popen(["firewalld", "--nofork", "--nopid"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while subprocess.run(["firewall-cmd", "--state"], capture_output=True).returncode != 0:
        time.sleep(0.5)
    fixtures.append({"tool": "systemctl", "version": "252", "command": "systemctl start firewalld", "output": "", "exit": 0})
    fixtures += [record(command) for command in COMMANDS]
    origin = (
        "Recorded on Linux " + os.uname().release + " (x86_64), Debian 12, by record-firewalld.py, in a fresh "
        "network namespace with lo and eth0, with nothing but the daemon and a D-Bus; `systemctl start firewalld` stands for its start"
    )
    print(json.dumps({"origin": origin, "distribution": "generic-linux", "fixtures": fixtures}, indent=2, ensure_ascii=False))


if len(sys.argv) > 2 and sys.argv[1] == "inside":
    inside(sys.argv[2])
else:
    with tempfile.TemporaryDirectory() as temporary:
        folder = os.path.join(temporary, "firewalld")
        shutil.copytree("/etc/firewalld", folder)
        subprocess.run(
            ["unshare", "-n", "-m", "-p", "-f", "--mount-proc", sys.executable, os.path.abspath(__file__), "inside", folder],
            check=True,
        )
