"""Carries out socket calls for verify-kernel: one JSON command a line in, one JSON answer a line out.

Started in a network namespace of its own (unshare -n). An answer is a port, "ok", a text, or the name
of an errno. Sockets are kept under the names that the commands give them.
"""

import errno
import ipaddress
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time

IP_BIND_ADDRESS_NO_PORT = 24
IP_LOCAL_PORT_RANGE = 51

sockets = {}


def path_of(key):
    return "/proc/sys/" + key.replace(".", "/")


def is_ipv6(options):
    texts = [options.get(key, "") for key in ("address", "to", "from")]
    return options.get("isIPv6", False) or any(":" in text for text in texts)


def wildcard(options):
    return "::" if is_ipv6(options) else "0.0.0.0"


def new_socket(options):
    uid = options.get("uid", 0)
    if uid:
        os.seteuid(uid)
    try:
        kind = socket.SOCK_DGRAM if options.get("udp") else socket.SOCK_STREAM
        made = socket.socket(socket.AF_INET6 if is_ipv6(options) else socket.AF_INET, kind)
    finally:
        if uid:
            os.seteuid(0)
    if "ipv6Only" in options:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, options["ipv6Only"])
    if options.get("reuseAddress"):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if options.get("reusePort"):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if options.get("noPort"):
        made.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    if "range" in options:
        low, high = options["range"]
        made.setsockopt(socket.IPPROTO_IP, IP_LOCAL_PORT_RANGE, struct.pack("I", high << 16 | low))
    return made


def keep(options, made):
    name = options.get("as")
    if name is not None:
        sockets[name] = made
    return made.getsockname()[1]


def bind_as(options, made, address, port):
    uid = options.get("uid", 0)
    if uid:
        os.seteuid(uid)
    try:
        made.bind((address, port))
    finally:
        if uid:
            os.seteuid(0)


def bind(options):
    made = new_socket(options)
    try:
        bind_as(options, made, options.get("address", wildcard(options)), options.get("port", 0))
        if options.get("listen"):
            made.listen(1 << 20)
            made.setblocking(False)
    except OSError:
        made.close()
        raise
    return keep(options, made)


def listen(options):
    """listen() on a socket that has been bound, or on a new one without a port."""
    made = sockets.get(options.get("socket"))
    if made is not None:
        made.listen(1 << 20)
        made.setblocking(False)
        return made.getsockname()[1]
    made = new_socket(options)
    try:
        made.listen(1 << 20)
    except OSError:
        made.close()
        raise
    return keep(options, made)


def connect(options):
    is_new = "socket" not in options
    if not is_new:
        made = sockets[options["socket"]]
    else:
        made = new_socket(options)
    try:
        if is_new and ("from" in options or "fromPort" in options):
            bind_as(options, made, options.get("from", wildcard(options)), options.get("fromPort", 0))
        destination = (options["to"], options["port"])
        if options.get("send"):
            made.sendto(b"x", destination)
        else:
            made.settimeout(2)
            made.connect(destination)
    except OSError:
        if is_new:
            made.close()
        raise
    return keep(options, made)


def connect_many(options):
    """Up to `count` connects, all kept open; the error that ended them comes last, if one did."""
    ports = []
    for i in range(options["count"]):
        try:
            each = dict(options, **{"as": options["as"] + "#" + str(i)})
            if "toStep" in options:
                each["to"] = str(ipaddress.ip_address(options["to"]) + i)
            ports.append(connect(each))
        except OSError as error:
            ports.append(errno.errorcode[error.errno])
            break
    return ports


def bind_many(options):
    ports = []
    for i in range(options["count"]):
        try:
            ports.append(bind(dict(options, **{"as": options["as"] + "#" + str(i)})))
        except OSError as error:
            ports.append(errno.errorcode[error.errno])
            break
    return ports


def drop(made):
    """Closes at once: a TCP connection by RST, so that nothing stays behind."""
    made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    made.close()


def answer(command, options):
    if command == "get":
        with open(path_of(options["key"])) as file:
            return file.read()[:-1]
    if command == "set":
        file = os.open(path_of(options["key"]), os.O_WRONLY)
        try:
            os.write(file, (options["value"] + "\n").encode())
        finally:
            os.close(file)
        return "ok"
    if command == "bind":
        return bind(options)
    if command == "bind-many":
        return bind_many(options)
    if command == "listen":
        return listen(options)
    if command == "connect":
        return connect(options)
    if command == "connect-many":
        return connect_many(options)
    if command == "accept":
        sockets[options["as"]] = sockets[options["socket"]].accept()[0]
        return "ok"
    if command == "close":
        sockets.pop(options["socket"]).close()
        time.sleep(0.002)
        return "ok"
    if command == "reset":
        drop(sockets.pop(options["socket"]))
        return "ok"
    if command == "reset-all":
        for made in sockets.values():
            drop(made)
        sockets.clear()
        return "ok"
    if command == "wait":
        time.sleep(options["ms"] / 1000)
        return "ok"
    if command == "address":
        if "/" in options["address"]:
            where = [options["address"], "dev", "lo"]
            subprocess.run(["ip", "-6", "route", "add", "local"] + where, check=True)
            return "ok"
        whole = ["/128", "nodad"] if ":" in options["address"] else ["/32"]
        where = [options["address"] + whole[0], "dev", "lo"] + whole[1:]
        subprocess.run(["ip", "address", "add"] + where, check=True)
        if ":" in options["address"]:
            # In its first second the way to it may be away for a moment (addrconf_dad_work).
            time.sleep(1.2)
        return "ok"
    if command == "syn-times":
        return syn_times(options)
    if command == "fin-wait":
        return fin_wait(options)
    if command == "time-connects":
        return time_connects(options)
    raise ValueError(command)


def syn_times(options):
    """Milliseconds at which a SYN to a full queue is sent, and at which connect() gives up."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 8080))
    listener.listen(0)
    filler = socket.create_connection(("127.0.0.1", 8080))
    time.sleep(0.2)
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    wire.bind(("lo", 0))
    wire.setblocking(False)
    made = socket.socket()
    made.setblocking(False)
    begun = time.monotonic()
    times = []
    made.connect_ex(("127.0.0.1", 8080))
    while True:
        ready, _, _ = select.select([wire], [], [], 0.01)
        now = round((time.monotonic() - begun) * 1000)
        while ready:
            try:
                packet, address = wire.recvfrom(2048)
            except BlockingIOError:
                break
            is_syn = packet[23] == 6 and packet[47] & 0x12 == 2
            # Each packet is seen twice on loopback: going out (4) and coming in.
            if is_syn and address[2] == 4 and packet[36:38] == struct.pack("!H", 8080):
                times.append(now)
        if made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ETIMEDOUT:
            times.append(now)
            break
    filler.close()
    return times


def fin_wait(options):
    """Milliseconds that a closed socket whose other side does not close stays in FIN-WAIT-2."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 8080))
    listener.listen(1)
    client = socket.create_connection(("127.0.0.1", 8080))
    kept, _ = listener.accept()
    client.close()

    def is_waiting():
        # 05 is FIN-WAIT-2 in /proc/net/tcp, 1F90 is 8080.
        with open("/proc/net/tcp") as file:
            return any(line.split()[2:4] == ["0100007F:1F90", "05"] for line in file)

    while not is_waiting():
        time.sleep(0.005)
    begun = time.monotonic()
    while is_waiting():
        time.sleep(0.01)
    kept.close()
    return [round((time.monotonic() - begun) * 1000)]


def time_connects(options):
    """Nanoseconds for each block of connects, all kept open."""
    times = []
    for _ in range(options["blocks"]):
        begun = time.perf_counter_ns()
        for _ in range(options["each"]):
            made = socket.socket()
            made.connect((options["to"], options["port"]))
            sockets[len(sockets)] = made
        times.append(time.perf_counter_ns() - begun)
    return times


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (200000, 200000))
    except (ImportError, ValueError, OSError):
        pass
    for line in sys.stdin:
        answers = []
        for command, options in json.loads(line):
            try:
                answers.append(answer(command, options))
            except OSError as error:
                answers.append(errno.errorcode.get(error.errno, "ETIMEDOUT"))
            except KeyError:
                answers.append("no such socket")
        print(json.dumps(answers), flush=True)


main()
