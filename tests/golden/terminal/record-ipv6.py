"""Makes recorded/ipv6.json: what Debian 12's tools print of sockets of both families.

As root on Debian 12 with iproute2, net-tools, lsof, netcat-openbsd, curl and python3:
    python3 tests/golden/terminal/record-ipv6.py > tests/golden/terminal/recorded/ipv6.json
The commands run in network, mount and host-name namespaces of their own: `lo`, and an `eth0` with
10.0.0.2/24 and fd00:a::2/64 whose other end is a neighbour (10.0.0.10, fd00:a::10, nothing listens).
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time

HOSTS = """127.0.0.1\tlocalhost
127.0.1.1\tdebian

::1\tlocalhost ip6-localhost ip6-loopback
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
"""

NEIGHBOUR = "recorded-neighbour"

PREPARE = f"""
ip netns add {NEIGHBOUR}
ip link set lo up
ip link add eth0 address 06:0a:00:00:00:02 type veth peer name eth1 netns {NEIGHBOUR}
ip address add 10.0.0.2/24 brd + dev eth0
ip -6 address add fd00:a::2/64 dev eth0
ip link set eth0 up
ip -n {NEIGHBOUR} address add 10.0.0.10/24 dev eth1
ip -n {NEIGHBOUR} -6 address add fd00:a::10/64 dev eth1 nodad
ip -n {NEIGHBOUR} link set eth1 address 06:0a:00:00:00:10
ip -n {NEIGHBOUR} link set eth1 up
ip route add default via 10.0.0.1
ip -6 route add default via fe80::1 dev eth0 proto ra metric 1024 pref medium
hostname debian
"""

SETUP = [
    "mkdir -p www && cd www && echo hello > a.txt",
    "python3 -m http.server 8080 --bind :: >/dev/null 2>&1 &",
    "python3 -m http.server 8081 >/dev/null 2>&1 &",
    "python3 -m http.server 8082 --bind ::1 >/dev/null 2>&1 &",
    "nc -6 -lk 9000 >/dev/null &",
    "nc -lk ::1 9001 >/dev/null &",
    "nc -6 -lu 5353 >/dev/null &",
    "nc -lu 5354 >/dev/null &",
]

COMMANDS = """
ss -ltn | sort
ss -4 -ltn
ss -6 -ltn | sort
ss -lun | sort
ss -6 -lun
ss -ltn sport = :8080
ss -ltn src [::1] | sort
ss -ltn src ::1
ss -ltn src [::] | sort
ss -Hltn | wc -l
netstat -tln | grep :8080
netstat -tln | grep :8082
netstat -tln -6 | grep 8081
netstat -tln -6 | grep 9001
netstat -tln -6 | wc -l
netstat -tln -4
netstat -tuln | wc -l
netstat -tuln6 | grep udp
netstat -tuln6 | wc -l
lsof -nP -i6 | tr -s ' ' | cut -d' ' -f1,5,8-
lsof -nP -i4 | tr -s ' ' | cut -d' ' -f1,5,8-
lsof -nP -i :8080 | tr -s ' ' | cut -d' ' -f1,5,8-
lsof -nP -i6TCP | tr -s ' ' | cut -d' ' -f1,5,8-
lsof -nP -i @[::1] | tr -s ' ' | cut -d' ' -f1,5,8-
lsof -i6 | tr -s ' ' | cut -d' ' -f1,5,8-
grep -oE '[0-9A-F]{32}:[0-9A-F]{4} [0-9A-F]{32}:[0-9A-F]{4} [0-9A-F]{2}' /proc/net/tcp6 | sort
grep -oE '[0-9A-F]{32}:[0-9A-F]{4} [0-9A-F]{32}:[0-9A-F]{4} [0-9A-F]{2}' /proc/net/udp6 | sort
grep -oE '[0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{2}' /proc/net/tcp | sort
ip -6 addr
ip -6 addr show lo
ip -6 addr show dev eth0
ip -6 -br addr
ip -6 -o addr
ip addr
ip a show lo
ip -br a
ip -o addr
ip -6 route
ip -6 route show default
ip -6 route get ::1
ip -6 route get fd00:a::10
ip -6 route get fd00:a::2
ip route get fd00:a::10
ip -6 route get 2001:db8::1
getent hosts localhost
getent hosts ip6-localhost
getent ahosts localhost
getent hosts ::1
curl -s http://[::1]:8080/a.txt
curl -s http://[::]:8080/a.txt
curl -s http://127.0.0.1:8080/a.txt
curl -s http://[fd00:a::2]:8080/a.txt
curl -s http://localhost:8080/a.txt
curl -s -4 http://localhost:8080/a.txt
curl -s -6 http://localhost:8080/a.txt
curl -sS -4 http://[::1]:8080/a.txt
curl -sS -6 http://127.0.0.1:8080/a.txt
curl -sS http://[::1]:8081/a.txt
curl -sS -6 http://localhost:8081/a.txt
curl -s http://localhost:8081/a.txt
curl -sS http://127.0.0.1:8082/a.txt
curl -s http://[::ffff:127.0.0.1]:8081/a.txt
curl -s -o /dev/null -w '%{remote_ip} %{remote_port} %{local_ip}\\n' http://localhost:8080/a.txt
curl -s -o /dev/null -w '%{remote_ip} %{remote_port} %{local_ip}\\n' http://localhost:8081/a.txt
curl -s -o /dev/null -w '%{remote_ip} %{local_ip}\\n' http://[::ffff:127.0.0.1]:8081/a.txt
curl -sv -o /dev/null http://localhost:8080/a.txt 2>&1 | grep '^[*>]'
curl -sv -o /dev/null http://localhost:8081/a.txt 2>&1 | grep '^[*>]'
curl -sv -o /dev/null -6 http://localhost:8081/a.txt 2>&1 | grep '^[*>]'
curl -sv -o /dev/null http://localhost:8090/a.txt 2>&1 | grep '^[*>]'
curl -sv -o /dev/null http://[::1]:8080/a.txt 2>&1 | grep '^[*>]'
curl -sv -o /dev/null http://[::1]:8090/a.txt 2>&1 | grep '^[*>]'
curl -sv -o /dev/null http://[fd00:a::10]:8080/ 2>&1 | grep '^[*>]'
curl -sS http://[::1]:8090/
curl -sS http://localhost:8090/
curl -sS http://[::1%lo]:8090/
curl -sS --interface ::1 http://[::1]:8080/a.txt
curl -sS --interface 127.0.0.1 http://[::1]:8080/a.txt
curl -sS --interface lo http://[::1]:8080/a.txt
nc -zv ::1 8080
nc -zv 127.0.0.1 8080
nc -zv ::1 8081
nc -zv localhost 8080
nc -z localhost 8081
nc -zv localhost 8090
nc -4 -zv localhost 8080
nc -6 -zv localhost 8080
nc -6 -zv localhost 8081
nc -6 -zv 127.0.0.1 8080
nc -4 -zv ::1 8080
nc -zv ip6-localhost 8080
nc -zvn ::1 8080
nc -zv fd00:a::10 81
nc -zvu ::1 5353
nc -zv -s ::1 ::1 8080
nc -zv -s 127.0.0.1 ::1 8080
nc -l 8080
nc -6 -l 8080
nc -l ::1 8080
nc -l 127.0.0.1 8080
timeout 1 nc -l 8082
nc -6 -l 8081; nc -zv ::1 8081
timeout 1 nc -6lv 9005
timeout 1 nc -6lvn 9006
timeout 1 nc -lv ::1 9007
cat < /dev/tcp/::1/8090
sysctl net.ipv6.bindv6only
cat /proc/sys/net/ipv6/bindv6only
""".strip("\n").split("\n")

TOOLS = {
    "ss": "iproute2 6.1.0", "netstat": "net-tools 2.10", "lsof": "4.95.0", "ip": "iproute2 6.1.0",
    "curl": "7.88.1", "nc": "OpenBSD netcat 1.219", "getent": "glibc 2.36",
    "cat": "coreutils 9.1", "sysctl": "procps-ng 4.0.2", "grep": "3.8", "timeout": "coreutils 9.1",
}


def inside():
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    with open("hosts", "w", encoding="ascii") as file:
        file.write(HOSTS)
    subprocess.run(["mount", "--bind", "hosts", "/etc/hosts"], check=True)
    subprocess.run(["bash", "-ec", PREPARE], check=True, stderr=subprocess.DEVNULL)
    time.sleep(3)
    shell = "\n".join(SETUP)
    subprocess.run(["bash", "-c", shell], check=True)
    os.chdir(folder + "/www")
    time.sleep(6)
    os.environ["LC_ALL"] = "C"
    fixtures = []
    for command in COMMANDS:
        done = subprocess.run(
            ["timeout", "4", "bash", "-c", command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )
        tool = command.split()[0].strip("{")
        fixtures.append({
            "tool": tool, "version": TOOLS[tool], "command": command,
            "output": done.stdout.decode(), "exit": done.returncode,
        })
        if "curl" in command or "nc " in command:
            time.sleep(0.1)
    json.dump({
        "origin": f"Recorded on Linux {platform.release().split('-')[0]} (x86_64), Debian 12, in namespaces of their own with lo and an eth0 that has both families",
        "distribution": "debian-12",
        "setup": ["systemctl stop ssh nginx cron", *SETUP],
        "fixtures": fixtures,
    }, sys.stdout, indent=1)
    print()
    subprocess.run(["ip", "netns", "del", NEIGHBOUR], check=False)


if __name__ == "__main__":
    if sys.argv[1:] == ["inside"]:
        inside()
    else:
        sys.exit(subprocess.run(
            ["unshare", "-n", "-m", "-u", "-p", "--fork", "--mount-proc", "--kill-child", sys.executable, __file__, "inside"], check=False,
        ).returncode)
