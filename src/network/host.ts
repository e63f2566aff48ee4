/**
 * A host: its addresses, its sockets, and what a program on it can do. Calls act at once, at the
 * world's present moment, and leave their events in the trace. A call that fails changes nothing.
 */

import {
  formatAddress,
  isLoopback,
  isMulticastOrBroadcast,
  LOOPBACK_ADDRESS,
  parseAddress,
  WILDCARD_ADDRESS,
} from './addresses.ts';
import { Firewall } from './firewall.ts';
import type { HostSystem, TcpLimits } from './host-system.ts';
import type { Nat } from './nat.ts';
import type { Packet } from './packet.ts';
import type { PortChoice, PortHold, PortTableInterface } from './port-table.ts';
import type { FirewallSpec, HostSpec, Protocol } from './scenario.ts';
import { Socket, type SocketState } from './socket.ts';
import * as tcp from './tcp.ts';
import { send } from './tcp-segments.ts';
import type { Errno } from './trace.ts';
import { sendDatagram } from './udp.ts';
import type {
  ConnectOptions,
  HostInterface,
  ListenOptions,
  Result,
  SocketInfo,
  SocketOptions,
  World,
} from './world.ts';

const DEFAULT_REQUEST_BYTES = 120;
const DEFAULT_RESPONSE_BYTES = 480;
/** What nginx and Apache ask of listen() on Linux. */
const DEFAULT_BACKLOG = 511;

const fail = (error: Errno): { readonly ok: false; readonly error: Errno } => ({
  ok: false,
  error,
});

export class Host implements HostInterface {
  readonly name: string;
  readonly os: string;
  readonly addresses: readonly string[];
  readonly sysctl: HostInterface['sysctl'];
  /** For the engine: everything below. */
  readonly world: World;
  readonly addressNumbers: readonly number[];
  readonly connections = new Map<number, Socket>();
  timeWaitCount = 0;
  firewall: Firewall | null = null;
  /** The router it is behind. */
  nat: Nat | null = null;
  private readonly system: HostSystem;
  private readonly open = new Map<number, Socket>();
  private readonly listeners = new Map<number, Socket[]>();
  private readonly datagramSockets = new Map<number, Socket[]>();
  private readonly failures = new Map<number, Errno>();

  constructor(world: World, spec: HostSpec, system: HostSystem) {
    this.world = world;
    this.name = spec.name;
    this.os = spec.os;
    this.addresses = spec.addresses;
    this.addressNumbers = spec.addresses.map((text) => parseAddress(text) ?? WILDCARD_ADDRESS);
    this.system = system;
    this.sysctl = {
      keys: () => system.sysctl.keys(),
      get: (key) => system.sysctl.get(key),
      set: (key, value) => this.setSysctl(key, value),
      log: () => system.sysctl.log(),
    };
  }

  get limits(): TcpLimits {
    return this.system.limits;
  }

  ports(protocol: Protocol): PortTableInterface {
    return protocol === 'tcp' ? this.system.tcp : this.system.udp;
  }

  sockets(): readonly SocketInfo[] {
    return Array.from(this.open.values(), describe);
  }

  socket(id: number): SocketInfo | undefined {
    const socket = this.open.get(id);
    return socket === undefined ? undefined : describe(socket);
  }

  /** For the engine: the socket itself. */
  find(id: number): Socket | undefined {
    return this.open.get(id);
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
    return this.bindSocket('listen', protocol, address, port, options, protocol === 'tcp');
  }

  bind(
    protocol: Protocol,
    address: string,
    port: number,
    options: SocketOptions = {},
  ): Result<number> {
    this.world.note({ call: 'bind', host: this.name, args: [protocol, address, port, options] });
    return this.bindSocket('bind', protocol, address, port, options, false);
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
    return this.connectTo(protocol, remote, remotePort, options);
  }

  close(id: number): Result<null> {
    this.world.note({ call: 'close', host: this.name, args: [id] });
    const socket = this.open.get(id);
    return socket !== undefined && this.closeSocket(socket)
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
    return socket !== undefined && this.resetSocket(socket)
      ? { ok: true, value: null }
      : this.refuse('reset', socket?.name, 'ENOTCONN');
  }

  send(id: number, bytes: number, wants = 0): Result<null> {
    this.world.note({ call: 'send', host: this.name, args: [id, bytes, wants] });
    const socket = this.open.get(id);
    if (socket === undefined) return this.refuse('send', undefined, 'ENOTCONN');
    if (!(Number.isInteger(bytes) && bytes > 0)) return this.refuse('send', socket.name, 'EINVAL');
    if (socket.protocol === 'udp' && socket.state === 'ESTAB') {
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
    for (const socket of this.open.values()) {
      if (socket.listener !== listener || socket.isAccepted) continue;
      if (socket.state === 'SYN-RECEIVED') continue;
      tcp.accept(listener, socket);
      return { ok: true, value: socket.id };
    }
    return this.refuse('accept', listener.name, 'EAGAIN');
  }

  sendTo(id: number, address: string, port: number, bytes: number, wants = 0): Result<null> {
    this.world.note({ call: 'sendTo', host: this.name, args: [id, address, port, bytes, wants] });
    const socket = this.open.get(id);
    if (socket?.protocol !== 'udp') return this.refuse('sendTo', socket?.name, 'ENOTCONN');
    const remote = this.remoteFor(parseAddress(address));
    if (remote === undefined || port === 0) return this.refuse('sendTo', socket.name, 'EINVAL');
    const local =
      socket.localAddress === WILDCARD_ADDRESS ? this.sourceFor(remote) : socket.localAddress;
    sendDatagram(socket, local, remote, port, bytes, wants);
    return { ok: true, value: null };
  }

  /** Ends listening sockets that match; ENOENT where there is none. */
  unlisten(protocol: Protocol, address: string, port: number): Result<null> {
    this.world.note({ call: 'unlisten', host: this.name, args: [protocol, address, port] });
    const table = protocol === 'tcp' ? this.listeners : this.datagramSockets;
    const local = parseAddress(address);
    const found = (table.get(port) ?? []).filter(
      (socket) => socket.localAddress === local && socket.remotePort === 0,
    );
    if (found.length === 0) return this.refuse('unlisten', undefined, 'ENOENT');
    for (const socket of found) this.closeSocket(socket);
    return { ok: true, value: null };
  }

  setFirewall(spec: FirewallSpec | null): void {
    this.world.note({ call: 'setFirewall', host: this.name, args: [spec] });
    this.firewall = spec === null ? null : new Firewall(spec, this.firewall);
  }

  firewallSpec(): FirewallSpec | null {
    return this.firewall?.spec ?? null;
  }

  /** Whether this host answers to an address. */
  owns(address: number): boolean {
    return isLoopback(address) || this.addressNumbers.includes(address);
  }

  connectTo(
    protocol: Protocol,
    remoteAddress: number,
    remotePort: number,
    options: ConnectOptions,
    as = options.as,
  ): Result<number> {
    const name = this.world.nameFor(as, 'connection');
    if (name === undefined) return this.refuse('connect', as, 'EINVAL');
    const remote = this.remoteFor(remoteAddress);
    if (remote === undefined || !isPort(remotePort)) return this.refuse('connect', name, 'EINVAL');
    if (protocol === 'tcp' && isMulticastOrBroadcast(remote))
      return this.refuse('connect', name, 'ENETUNREACH');
    // Nobody can listen on port 0: TCP's SYN is refused (here without sending it), a datagram invalid.
    if (remotePort === 0) {
      return this.refuse('connect', name, protocol === 'tcp' ? 'ECONNREFUSED' : 'EINVAL');
    }
    const isExplicit = options.localAddress !== undefined || options.localPort !== undefined;
    const table = this.ports(protocol);
    let local: number;
    let choice: PortChoice;
    if (isExplicit) {
      const wanted = parseAddress(options.localAddress ?? '0.0.0.0');
      const port = options.localPort ?? 0;
      if (wanted === undefined || !isPort(port)) return this.refuse('connect', name, 'EINVAL');
      if (wanted !== WILDCARD_ADDRESS && !this.owns(wanted))
        return this.refuse('connect', name, 'EADDRNOTAVAIL');
      choice = table.chooseForBind({
        localAddress: wanted,
        port,
        nowMs: this.world.nowMs,
        reuseAddress: options.reuseAddress ?? false,
        reusePort: options.reusePort ?? false,
        uid: options.owner?.uid ?? 0,
        isPrivileged: options.privileged ?? true,
        forListening: false,
      });
      if (!choice.ok) return this.refuse('connect', name, choice.error, choice);
      local = wanted === WILDCARD_ADDRESS ? this.sourceFor(remote) : wanted;
      if (isLoopback(local) && !isLoopback(remote) && !this.owns(remote))
        return this.refuse('connect', name, 'EINVAL');
      const bound = this.holdFor(protocol, choice.port, local, true, false, options);
      table.add(bound);
      const check = table.checkConnect(bound, remote, remotePort, this.world.nowMs);
      table.remove(bound);
      if (!check.ok) return this.refuse('connect', name, check.error, check);
      if (check.replaces !== undefined) this.dropReplaced(check.replaces);
    } else {
      local = this.sourceFor(remote);
      choice = table.chooseForConnect({
        localAddress: local,
        remoteAddress: remote,
        remotePort,
        nowMs: this.world.nowMs,
      });
      if (!choice.ok) return this.refuse('connect', name, choice.error, choice);
    }
    if (choice.replaces !== undefined) this.dropReplaced(choice.replaces);
    const hold: PortHold = {
      ...this.holdFor(protocol, choice.port, local, isExplicit, false, options),
      remoteAddress: remote,
      remotePort,
    };
    table.add(hold);
    const socket = new Socket(this, protocol, name, local, choice.port, hold);
    socket.isOpener = true;
    socket.owner = options.owner ?? null;
    socket.request = options.request ?? DEFAULT_REQUEST_BYTES;
    socket.response = socket.request === 0 ? 0 : (options.response ?? DEFAULT_RESPONSE_BYTES);
    if (choice.why !== undefined)
      this.world.recorder.choice(this, protocol, isExplicit ? 'bind' : 'connect', name, choice);
    const key = this.world.keyOf(local, choice.port, remote, remotePort);
    this.connectSocket(socket, remote, remotePort, key);
    if (options.closeAfterMs !== undefined) this.world.closeLater(socket, options.closeAfterMs);
    if (protocol === 'tcp') {
      tcp.open(socket);
    } else {
      this.addTo(this.datagramSockets, socket);
      this.setState(socket, 'ESTAB');
      if (socket.request > 0) {
        socket.isAwaiting = socket.response > 0;
        sendDatagram(socket, local, remote, remotePort, socket.request, socket.response);
      }
    }
    return { ok: true, value: socket.id };
  }

  bindSocket(
    action: 'listen' | 'bind',
    protocol: Protocol,
    address: string,
    port: number,
    options: ListenOptions,
    isListening: boolean,
    as = options.as,
  ): Result<number> {
    const isNamedByPort = action === 'listen' && as === undefined;
    const name = isNamedByPort ? `${protocol}:${port}` : this.world.nameFor(as, 'socket');
    if (name === undefined) return this.refuse(action, as, 'EINVAL');
    const local = parseAddress(address);
    if (local === undefined || !isPort(port)) return this.refuse(action, name, 'EINVAL');
    if (local !== WILDCARD_ADDRESS && !this.owns(local))
      return this.refuse(action, name, 'EADDRNOTAVAIL');
    const table = this.ports(protocol);
    const choice = table.chooseForBind({
      localAddress: local,
      port,
      nowMs: this.world.nowMs,
      reuseAddress: options.reuseAddress ?? false,
      reusePort: options.reusePort ?? false,
      uid: options.owner?.uid ?? 0,
      isPrivileged: options.privileged ?? true,
      forListening: isListening,
    });
    if (!choice.ok) return this.refuse(action, name, choice.error, choice);
    if (choice.replaces !== undefined) this.dropReplaced(choice.replaces);
    const hold = this.holdFor(protocol, choice.port, local, true, isListening, options);
    table.add(hold);
    const finalName = isNamedByPort ? `${protocol}:${choice.port}` : name;
    const socket = new Socket(this, protocol, finalName, local, choice.port, hold);
    socket.owner = options.owner ?? null;
    socket.responds = options.responds ?? true;
    socket.answersClose = options.answersClose ?? true;
    socket.accepts = options.accepts ?? true;
    if (choice.why !== undefined)
      this.world.recorder.choice(this, protocol, 'bind', finalName, choice);
    if (isListening) {
      socket.backlog = Math.min(options.backlog ?? DEFAULT_BACKLOG, this.limits.backlogLimit);
      this.addTo(this.listeners, socket);
      this.setState(socket, 'LISTEN');
    } else if (protocol === 'udp') {
      this.addTo(this.datagramSockets, socket);
      this.setState(socket, 'UNCONN');
    } else {
      this.setState(socket, 'BOUND');
    }
    return { ok: true, value: socket.id };
  }

  /** Closes any kind of socket; false where the program has it no more. */
  closeSocket(socket: Socket): boolean {
    switch (socket.state) {
      case 'LISTEN':
        this.closeListener(socket);
        return true;
      case 'BOUND':
      case 'UNCONN':
      case 'ESTAB':
        this.remove(socket);
        return true;
      default:
        return tcp.close(socket);
    }
  }

  resetSocket(socket: Socket): boolean {
    return tcp.abort(socket) || (isUnconnected(socket.state) && this.closeSocket(socket));
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
    if (socket.protocol === 'tcp') this.connections.set(key, socket);
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
    if (socket.listener !== null && !socket.isAccepted && was !== 'SYN-RECEIVED')
      socket.listener.queued--;
    this.ports(socket.protocol).remove(socket.hold);
    if (socket.protocol === 'udp') removeFrom(this.datagramSockets, socket);
    else if (was === 'LISTEN') removeFrom(this.listeners, socket);
    if (this.connections.get(socket.key) === socket) this.connections.delete(socket.key);
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

  /** The listener that a segment concerns: the one with the most specific address. */
  listenerFor(packet: Packet): Socket | undefined {
    return mostSpecific(this.listeners.get(packet.destinationPort), packet);
  }

  datagramSocketFor(packet: Packet): Socket | undefined {
    const sockets = this.datagramSockets.get(packet.destinationPort);
    return (
      sockets?.find(
        (socket) =>
          socket.state === 'ESTAB' &&
          socket.localAddress === packet.destinationAddress &&
          socket.remoteAddress === packet.sourceAddress &&
          socket.remotePort === packet.sourcePort,
      ) ?? mostSpecific(sockets, packet)
    );
  }

  private closeListener(listener: Socket): void {
    this.remove(listener);
    // Linux inet_csk_listen_stop: what nobody has accepted is reset, what is half open forgotten.
    for (const socket of [...this.open.values()]) {
      if (socket.listener !== listener || socket.isAccepted) continue;
      if (socket.state === 'SYN-RECEIVED') this.remove(socket);
      else tcp.abort(socket);
    }
  }

  private setSysctl(key: string, value: string): Result<string> {
    this.world.note({ call: 'sysctl', host: this.name, args: [key, value] });
    const was = this.system.sysctl.get(key);
    const result = this.system.sysctl.set(key, value);
    if (result.ok) this.world.recorder.sysctl(this.name, key, result.value, was ?? '');
    else this.world.recorder.error(this.name, 'sysctl', undefined, result.error);
    return result;
  }

  private refuse(
    action: string,
    name: string | undefined,
    error: Errno,
    choice?: PortChoice,
  ): Result<never> {
    this.world.recorder.error(this.name, action, name, error, choice?.why);
    return fail(error);
  }

  /** The TIME-WAIT socket that gives way to a new connection. */
  private dropReplaced(hold: PortHold): void {
    const key = this.world.keyOf(hold.localAddress, hold.port, hold.remoteAddress, hold.remotePort);
    const socket = this.connections.get(key);
    if (socket?.state === 'TIME-WAIT') this.remove(socket);
  }

  private holdFor(
    protocol: Protocol,
    port: number,
    localAddress: number,
    isBound: boolean,
    isListening: boolean,
    options: SocketOptions,
  ): PortHold {
    return {
      port,
      localAddress,
      remoteAddress: 0,
      remotePort: 0,
      isBound,
      isListening,
      reuseAddress: options.reuseAddress ?? false,
      reusePort: options.reusePort ?? false,
      uid: options.owner?.uid ?? 0,
      timeWaitSinceMs: null,
      hasTimestamps: protocol === 'tcp' && this.limits.hasTimestamps,
    };
  }

  /** connect() to the wildcard reaches the host itself. */
  private remoteFor(address: number | undefined): number | undefined {
    return address === WILDCARD_ADDRESS ? LOOPBACK_ADDRESS : address;
  }

  /** The address a packet to `remote` leaves from. */
  private sourceFor(remote: number): number {
    if (isLoopback(remote)) return LOOPBACK_ADDRESS;
    if (this.addressNumbers.includes(remote)) return remote;
    return this.addressNumbers[0] ?? LOOPBACK_ADDRESS;
  }

  private addTo(table: Map<number, Socket[]>, socket: Socket): void {
    const sockets = table.get(socket.localPort);
    if (sockets === undefined) table.set(socket.localPort, [socket]);
    else sockets.push(socket);
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

function isUnconnected(state: SocketState): boolean {
  return state === 'LISTEN' || state === 'BOUND' || state === 'UNCONN' || state === 'ESTAB';
}

function removeFrom(table: Map<number, Socket[]>, socket: Socket): void {
  const sockets = table.get(socket.localPort);
  if (sockets === undefined) return;
  if (sockets.length === 1) table.delete(socket.localPort);
  else sockets.splice(sockets.indexOf(socket), 1);
}

/** Of unconnected sockets, those with this very address before the wildcard's; SO_REUSEPORT shares. */
function mostSpecific(sockets: readonly Socket[] | undefined, packet: Packet): Socket | undefined {
  if (sockets === undefined) return undefined;
  for (const address of [packet.destinationAddress, WILDCARD_ADDRESS]) {
    const matching = sockets.filter(
      (socket) => socket.localAddress === address && socket.remotePort === 0,
    );
    if (matching.length <= 1) {
      if (matching[0] !== undefined) return matching[0];
      continue;
    }
    // Any spread that depends on the four-tuple alone will do.
    const mixed = Math.imul(packet.sourceAddress ^ (packet.sourcePort << 8), 0x9e3779b1) >>> 0;
    return matching[mixed % matching.length];
  }
  return undefined;
}

/** A socket as the tools show it. */
function describe(socket: Socket): SocketInfo {
  return {
    id: socket.id,
    protocol: socket.protocol,
    connection: socket.name,
    localAddress: formatAddress(socket.localAddress),
    localPort: socket.localPort,
    remoteAddress: formatAddress(socket.remoteAddress),
    remotePort: socket.remotePort,
    state: socket.state,
    recvQ: socket.state === 'LISTEN' ? socket.queued : 0,
    sendQ: socket.state === 'LISTEN' ? socket.backlog : 0,
    sinceMs: socket.sinceMs,
    expiresAtMs: socket.expiresAtMs,
    owner: socket.isOrphan || !socket.isAccepted ? null : socket.owner,
  };
}
