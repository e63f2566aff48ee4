"""Makes families.json: what IPv4 and IPv6 sockets of one machine, and of two, make of each other.

As root: python3 tests/golden/record-families.py > tests/golden/families.json. It makes two network
namespaces joined by a veth pair, `machine` (10.0.0.2, fd00:a::2) and `web` (10.0.0.10, fd00:a::10), and a
third with nothing but loopback, and takes them away again.
"""

import ctypes
import errno
import json
import platform
import socket
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
MACHINE, WEB, ALONE = "families-machine", "families-web", "families-alone"


def sh(line):
    subprocess.run(line, shell=True, check=True)


def set_up():
    for name in (MACHINE, WEB, ALONE):
        sh(f"ip netns add {name} && ip -n {name} link set lo up")
    sh(f"ip link add fam0 netns {MACHINE} type veth peer name fam1 netns {WEB}")
    for name, device, four, six in (
        (MACHINE, "fam0", "10.0.0.2/24", "fd00:a::2/64"),
        (WEB, "fam1", "10.0.0.10/24", "fd00:a::10/64"),
    ):
        sh(f"ip -n {name} address add {four} dev {device}")
        sh(f"ip -n {name} address add {six} dev {device} nodad")
        sh(f"ip -n {name} link set {device} up")
    time.sleep(2.5)


def take_down():
    for name in (MACHINE, WEB, ALONE):
        subprocess.run(["ip", "netns", "del", name], check=False)


def enter(name):
    with open(f"/run/netns/{name}") as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def opened(address, only=None, udp=False):
    made = socket.socket(family_of(address), socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
    if only is not None:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
    return made


def name_of(error):
    return errno.errorcode[error.errno]


def shown(name):
    return name[0]


def connects():
    """Through a listener: who connects, and what the two programs see of each other."""
    cases = []
    listeners = [
        ("0.0.0.0", None), ("127.0.0.1", None), ("::", False), ("::", True), ("::1", None),
        ("::ffff:127.0.0.1", None), ("::ffff:0.0.0.0", None), ("fd00:a::2", None), ("10.0.0.2", None),
    ]
    targets = [
        "127.0.0.1", "10.0.0.2", "0.0.0.0", "::1", "::", "fd00:a::2", "::ffff:127.0.0.1",
        "::ffff:10.0.0.2", "::ffff:0.0.0.0",
    ]
    for address, only in listeners:
        for to in targets:
            listener = opened(address, only)
            # A port of its own, as the one before may be in TIME-WAIT.
            port = 8000 + len(cases)
            listener.bind((address, port))
            listener.listen(1)
            client = opened(to)
            case = {"listener": address, "to": to}
            if only is not None:
                case["ipv6Only"] = only
            try:
                client.connect((to, port))
                server, _ = listener.accept()
                case["client"] = [shown(client.getsockname()), shown(client.getpeername())]
                case["server"] = [shown(server.getsockname()), shown(server.getpeername())]
                server.close()
            except OSError as error:
                case["error"] = name_of(error)
            cases.append(case)
            client.close()
            listener.close()
    return cases


def calls():
    """Calls that say no, each with the errno."""
    cases = []

    def case(what, call, name=MACHINE):
        begun = time.monotonic()
        try:
            call()
            result = "ok"
        except TimeoutError:
            result = "silence"
        except OSError as error:
            result = name_of(error)
        seconds = round(time.monotonic() - begun, 2)
        cases.append({"what": what, "at": name, "result": result, "seconds": seconds})

    def connecting(to, source=None, only=None):
        def call():
            with opened(to, only) as made:
                made.settimeout(6)
                if source is not None:
                    made.bind((source, 0))
                made.connect((to, 81))

        return call

    def binding(address, only=None):
        def call():
            with opened(address, only) as made:
                made.bind((address, 0))

        return call

    def sending(source, to, only=None):
        def call():
            with opened(source, only, udp=True) as made:
                made.bind((source, 0))
                made.sendto(b"x", (to, 9))

        return call

    case(["connect", "fd00:a::10"], connecting("fd00:a::10"))
    case(["connect", "fd00:a::99"], connecting("fd00:a::99"))
    case(["connect", "fd00:b::1"], connecting("fd00:b::1"))
    case(["connect", "ff02::1"], connecting("ff02::1"))
    case(["connect", "::ffff:10.0.0.10"], connecting("::ffff:10.0.0.10"))
    case(["connect", "::ffff:10.0.0.10", "ipv6Only"], connecting("::ffff:10.0.0.10", only=True))
    case(["connect", "fd00:a::10", "::1"], connecting("fd00:a::10", "::1"))
    case(["connect", "fd00:a::10", "fd00:a::2"], connecting("fd00:a::10", "fd00:a::2"))
    case(["connect", "fd00:a::10", "::ffff:10.0.0.2"], connecting("fd00:a::10", "::ffff:10.0.0.2"))
    case(["connect", "::ffff:10.0.0.10", "fd00:a::2"], connecting("::ffff:10.0.0.10", "fd00:a::2"))
    case(["connect", "::ffff:10.0.0.10", "::ffff:10.0.0.2"], connecting("::ffff:10.0.0.10", "::ffff:10.0.0.2"))
    case(["bind", "fd00:a::3"], binding("fd00:a::3"))
    case(["bind", "fd00:a::2"], binding("fd00:a::2"))
    case(["bind", "::ffff:10.0.0.3"], binding("::ffff:10.0.0.3"))
    case(["bind", "::ffff:10.0.0.2"], binding("::ffff:10.0.0.2"))
    case(["bind", "::ffff:10.0.0.2", "ipv6Only"], binding("::ffff:10.0.0.2", True))
    case(["sendTo", "::", "::ffff:10.0.0.10"], sending("::", "::ffff:10.0.0.10"))
    case(["sendTo", "::", "::ffff:10.0.0.10", "ipv6Only"], sending("::", "::ffff:10.0.0.10", True))
    case(["sendTo", "::1", "::ffff:10.0.0.10"], sending("::1", "::ffff:10.0.0.10"))
    case(["sendTo", "fd00:a::2", "fd00:a::10"], sending("fd00:a::2", "fd00:a::10"))
    enter(ALONE)
    case(["connect", "fd00:a::10"], connecting("fd00:a::10"), ALONE)
    case(["connect", "::1"], connecting("::1"), ALONE)
    return cases


def both_listen():
    """Who of 0.0.0.0 and [::] hears IPv4 where both listen with SO_REUSEPORT, by who came first."""
    cases = []
    for order in (["0.0.0.0", "::"], ["::", "0.0.0.0"]):
        listeners = {}
        for address in order:
            made = opened(address)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            made.bind((address, 8080))
            made.listen(200)
            made.setblocking(False)
            listeners[address] = made
        clients = []
        for _ in range(100):
            clients.append(socket.create_connection(("127.0.0.1", 8080)))
        time.sleep(0.05)
        heard = {}
        for address, made in listeners.items():
            heard[address] = 0
            while True:
                try:
                    made.accept()[0].close()
                    heard[address] += 1
                except BlockingIOError:
                    break
            made.close()
        for client in clients:
            client.close()
        cases.append({"order": order, "heard": heard})
        time.sleep(0.05)
    return cases


def main():
    set_up()
    enter(MACHINE)
    result = {
        "kernel": platform.release().split("-")[0],
        "connects": connects(),
        "both_listen": both_listen(),
        "calls": calls(),
    }
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    try:
        main()
    finally:
        take_down()
