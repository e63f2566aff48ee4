/**
 * A host: its addresses, its sockets, and what a program on it can do. Calls act at once, at the
 * world's present moment, and leave their events in the trace. A call that fails changes nothing.
 */

import { parseAddress, WILDCARD_ADDRESS } from '../addresses.ts';
import { bindSocket } from './binding.ts';
import { closeSocket, resetSocket } from './closing.ts';
import { connectTo } from './connecting.ts';
import { Firewall } from '../kernel/firewall.ts';
import { destinationFor, HostAddresses } from '../kernel/host-addresses.ts';
import type { HostSystem, TcpLimits } from '../kernel/host-system.ts';
import type { Nat } from '../wire/nat.ts';
import type { PortChoice, PortHold, PortTableInterface } from '../ports/port-table.ts';
import type { FirewallSpec, HostSpec, Protocol } from '../scenario/scenario.ts';
import type { Socket, SocketState } from '../kernel/socket.ts';
import { describeSocket } from './socket-info.ts';
import { SocketLookup } from '../kernel/socket-lookup.ts';
import * as tcp from '../transport/tcp.ts';
import { send } from '../transport/tcp-segments.ts';
import type { Errno } from '../trace/trace.ts';
import { sendDatagram } from '../transport/udp.ts';
import type {
  ConnectOptions,
  HostInterface,
  ListenOptions,
  Result,
  SocketInfo,
  SocketOptions,
  World,
} from '../world.ts';

export class Host implements HostInterface {
  readonly name: string;
  readonly os: string;
  readonly sysctl: HostInterface['sysctl'];
  /** For the engine: everything below. */
  readonly world: World;
  readonly addressing: HostAddresses;
  readonly lookup = new SocketLookup();
  timeWaitCount = 0;
  firewall: Firewall | null = null;
  /** The router it is behind. */
  nat: Nat | null = null;
  private readonly system: HostSystem;
  private readonly open = new Map<number, Socket>();
  private readonly failures = new Map<number, Errno>();

  constructor(world: World, spec: HostSpec, system: HostSystem) {
    this.world = world;
    this.name = spec.name;
    this.os = spec.os;
    this.addressing = new HostAddresses(spec.addresses);
    this.system = system;
    this.sysctl = {
      keys: () => system.sysctl.keys(),
      get: (key) => system.sysctl.get(key),
      set: (key, value) => this.setSysctl(key, value),
      log: () => system.sysctl.log(),
    };
  }

  get addresses(): readonly string[] {
    return this.addressing.texts;
  }

  get limits(): TcpLimits {
    return this.system.limits;
  }

  ports(protocol: Protocol): PortTableInterface {
    return protocol === 'tcp' ? this.system.tcp : this.system.udp;
  }

  sockets(): readonly SocketInfo[] {
    return Array.from(this.open.values(), describeSocket);
  }

  socket(id: number): SocketInfo | undefined {
    const socket = this.open.get(id);
    return socket === undefined ? undefined : describeSocket(socket);
  }

  /** For the engine: the socket itself. */
  find(id: number): Socket | undefined {
    return this.open.get(id);
  }

  /** For the engine: every socket there is. */
  openSockets(): IterableIterator<Socket> {
    return this.open.values();
  }

  failure(id: number): Errno | undefined {
    return this.failures.get(id);
  }

  listen(
    protocol: Protocol,
    address: string,
    port: number,
    options: ListenOptions = {},
  ): Result<number> {
    this.world.note({ call: 'listen', host: this.name, args: [protocol, address, port, options] });
    return bindSocket(this, 'listen', protocol, address, port, options);
  }

  bind(
    protocol: Protocol,
    address: string,
    port: number,
    options: SocketOptions = {},
  ): Result<number> {
    this.world.note({ call: 'bind', host: this.name, args: [protocol, address, port, options] });
    return bindSocket(this, 'bind', protocol, address, port, options);
  }

  connect(
    protocol: Protocol,
    remoteAddress: string,
    remotePort: number,
    options: ConnectOptions = {},
  ): Result<number> {
    this.world.note({
      call: 'connect',
      host: this.name,
      args: [protocol, remoteAddress, remotePort, options],
    });
    const remote = parseAddress(remoteAddress);
    if (remote === undefined) return this.refuse('connect', options.as, 'EINVAL');
    return connectTo(this, protocol, remote, remotePort, options);
  }

  close(id: number): Result<null> {
    this.world.note({ call: 'close', host: this.name, args: [id] });
    const socket = this.open.get(id);
    return socket !== undefined && closeSocket(socket)
      ? { ok: true, value: null }
      : this.refuse('close', socket?.name, 'ENOTCONN');
  }

  shutdown(id: number): Result<null> {
    this.world.note({ call: 'shutdown', host: this.name, args: [id] });
    const socket = this.open.get(id);
    return socket !== undefined && tcp.shutdown(socket)
      ? { ok: true, value: null }
      : this.refuse('shutdown', socket?.name, 'ENOTCONN');
  }

  reset(id: number): Result<null> {
    this.world.note({ call: 'reset', host: this.name, args: [id] });
    const socket = this.open.get(id);
    return socket !== undefined && resetSocket(socket)
      ? { ok: true, value: null }
      : this.refuse('reset', socket?.name, 'ENOTCONN');
  }

  send(id: number, bytes: number, wants = 0): Result<null> {
    this.world.note({ call: 'send', host: this.name, args: [id, bytes, wants] });
    const socket = this.open.get(id);
    if (socket === undefined) return this.refuse('send', undefined, 'ENOTCONN');
    if (!(Number.isInteger(bytes) && bytes > 0)) return this.refuse('send', socket.name, 'EINVAL');
    if (socket.state === 'ESTAB') {
      sendDatagram(
        socket,
        socket.localAddress,
        socket.remoteAddress,
        socket.remotePort,
        bytes,
        wants,
      );
      return { ok: true, value: null };
    }
    if (!socket.isAccepted || (socket.state !== 'ESTABLISHED' && socket.state !== 'CLOSE-WAIT')) {
      return this.refuse('send', socket.name, 'ENOTCONN');
    }
    if (wants > 0) {
      socket.isAwaiting = true;
      socket.response = wants;
    }
    send(socket, bytes, wants);
    return { ok: true, value: null };
  }

  accept(id: number): Result<number> {
    this.world.note({ call: 'accept', host: this.name, args: [id] });
    const listener = this.open.get(id);
    if (listener?.state !== 'LISTEN') return this.refuse('accept', listener?.name, 'EINVAL');
    const socket = listener.waiting?.shift();
    if (socket === undefined) return this.refuse('accept', listener.name, 'EAGAIN');
    if (socket.state !== 'CLOSED') tcp.accept(socket);
    return { ok: true, value: socket.id };
  }

  sendTo(id: number, address: string, port: number, bytes: number, wants = 0): Result<null> {
    this.world.note({ call: 'sendTo', host: this.name, args: [id, address, port, bytes, wants] });
    const socket = this.open.get(id);
    if (socket?.protocol !== 'udp') return this.refuse('sendTo', socket?.name, 'ENOTCONN');
    const to = parseAddress(address);
    if (to === undefined || port === 0) return this.refuse('sendTo', socket.name, 'EINVAL');
    const remote = destinationFor(to);
    const local =
      socket.localAddress === WILDCARD_ADDRESS
        ? this.addressing.sourceFor(remote)
        : socket.localAddress;
    sendDatagram(socket, local, remote, port, bytes, wants);
    return { ok: true, value: null };
  }

  /** Ends listening sockets that match; ENOENT where there is none. */
  unlisten(protocol: Protocol, address: string, port: number): Result<null> {
    this.world.note({ call: 'unlisten', host: this.name, args: [protocol, address, port] });
    const found = this.lookup.waitingAt(protocol, parseAddress(address), port);
    if (found.length === 0) return this.refuse('unlisten', undefined, 'ENOENT');
    for (const socket of found) closeSocket(socket);
    return { ok: true, value: null };
  }

  setFirewall(spec: FirewallSpec | null): void {
    this.world.note({ call: 'setFirewall', host: this.name, args: [spec] });
    this.firewall = spec === null ? null : new Firewall(spec, this.firewall);
  }

  firewallSpec(): FirewallSpec | null {
    return this.firewall?.spec ?? null;
  }

  /** Gives a socket its peer and makes it findable by packets. `key` is what those carry. */
  connectSocket(socket: Socket, remoteAddress: number, remotePort: number, key: number): void {
    socket.remoteAddress = remoteAddress;
    socket.remotePort = remotePort;
    socket.key = key;
    socket.peerKey = this.world.keyOf(
      remoteAddress,
      remotePort,
      socket.localAddress,
      socket.localPort,
    );
    if (socket.protocol === 'tcp') this.lookup.addConnection(socket);
  }

  /** Changes a socket's state and records it; a socket without an id gets one. */
  setState(socket: Socket, state: SocketState, expiresAtMs?: number): void {
    const was = socket.id === 0 ? null : socket.state;
    if (was === null) {
      socket.id = this.world.newSocketId();
      this.open.set(socket.id, socket);
      this.world.nameSocket(socket);
    }
    socket.state = state;
    socket.sinceMs = this.world.nowMs;
    this.world.recorder.state(socket, was, expiresAtMs);
  }

  /** The socket is gone. */
  remove(socket: Socket): void {
    const was = socket.state;
    this.world.stopTimer(socket);
    if (was === 'TIME-WAIT') this.timeWaitCount--;
    this.ports(socket.protocol).remove(socket.hold);
    this.lookup.remove(socket);
    this.open.delete(socket.id);
    this.world.forgetName(socket);
    socket.expiresAtMs = null;
    socket.state = 'CLOSED';
    socket.sinceMs = this.world.nowMs;
    this.world.recorder.state(socket, was);
  }

  /** A call on a socket has come to a bad end later on. */
  fail(socket: Socket, action: string, error: Errno): void {
    if (socket.owner !== null) this.failures.set(socket.id, error);
    this.world.recorder.error(this.name, action, socket.name, error);
  }

  /** A call comes to nothing now. */
  refuse(
    action: string,
    name: string | undefined,
    error: Errno,
    choice?: PortChoice,
  ): Result<never> {
    this.world.recorder.error(this.name, action, name, error, choice?.why);
    return { ok: false, error };
  }

  /** The TIME-WAIT socket that gives way to a new connection. */
  dropReplaced(hold: PortHold): void {
    const key = this.world.keyOf(hold.localAddress, hold.port, hold.remoteAddress, hold.remotePort);
    const socket = this.lookup.connection(key);
    if (socket?.state === 'TIME-WAIT') this.remove(socket);
  }

  private setSysctl(key: string, value: string): Result<string> {
    this.world.note({ call: 'sysctl', host: this.name, args: [key, value] });
    const was = this.system.sysctl.get(key);
    const result = this.system.sysctl.set(key, value);
    if (result.ok) this.world.recorder.sysctl(this.name, key, result.value, was ?? '');
    else this.world.recorder.error(this.name, 'sysctl', undefined, result.error);
    return result;
  }
}
