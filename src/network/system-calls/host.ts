/**
 * A host as programs know it: its system calls. They act at once, at the world's present moment, and
 * leave their events in the trace. A call that fails changes nothing.
 */

import {
  formatAddress,
  isIPv6,
  mappedIPv4,
  parseAddress,
  WILDCARD_ADDRESS,
  WILDCARD_IPV6,
} from '../addresses.ts';
import type { Errno, Result } from '../errors.ts';
import type { FilterCount, FilterSpec } from '../kernel/filter-rule.ts';
import type { HostCounters } from '../kernel/counters.ts';
import type { EchoAnswer } from '../kernel/echoes.ts';
import { destinationFor } from '../kernel/host-addresses.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Protocol } from '../protocol.ts';
import type { SkipReason } from '../trace/trace.ts';
import * as tcp from '../transport/tcp.ts';
import { type Echo, sendEcho } from '../transport/icmp.ts';
import { send } from '../transport/tcp-segments.ts';
import { sendDatagram } from '../transport/udp.ts';
import { bindRequest, bindSocket, namedAddress } from './binding.ts';
import { closeSocket, resetSocket } from './closing.ts';
import { connectTo } from './connecting.ts';
import type { HostCall } from './host-call.ts';
import type { HostInterface } from './host-interface.ts';
import type { ConnectOptions, ListenOptions, SocketOptions } from './options.ts';
import {
  describeSocket,
  describeTraffic,
  type SocketInfo,
  type SocketTraffic,
} from './socket-info.ts';

export class Host implements HostInterface {
  readonly kernel: Kernel;
  readonly sysctl: HostInterface['sysctl'];
  private readonly note: (call: HostCall) => void;

  /** `note` gets each call before it is made. */
  constructor(kernel: Kernel, note: (call: HostCall) => void) {
    this.kernel = kernel;
    this.note = note;
    const { sysctl } = kernel.system;
    this.sysctl = {
      keys: () => sysctl.keys(),
      get: (key) => sysctl.get(key),
      set: (key, value) => this.setSysctl(key, value),
      log: () => sysctl.log(),
    };
  }

  get name(): string {
    return this.kernel.name;
  }

  get os(): string {
    return this.kernel.os;
  }

  get addresses(): readonly string[] {
    return this.kernel.addressing.texts;
  }

  sockets(): readonly SocketInfo[] {
    return Array.from(this.kernel.openSockets(), describeSocket);
  }

  socket(id: number): SocketInfo | undefined {
    const socket = this.kernel.find(id);
    return socket === undefined ? undefined : describeSocket(socket);
  }

  traffic(id: number): SocketTraffic | undefined {
    const socket = this.kernel.find(id);
    return socket === undefined ? undefined : describeTraffic(socket);
  }

  failure(id: number): Errno | undefined {
    return this.kernel.failure(id);
  }

  /** Why the latest automatic choice of a port passed this one over, or null; see the port table. */
  passedOverFor(protocol: Protocol, port: number): SkipReason | null {
    return this.kernel.ports(protocol).passedOverFor(port);
  }

  /**
   * Which local address keeps a socket from being bound or from listening: that of the socket in the
   * way, as text; null where none is. Why `listen` and `bind` say EADDRINUSE of a port asked for.
   */
  inTheWay(
    protocol: Protocol,
    address: string,
    port: number,
    options: SocketOptions = {},
  ): string | null {
    const parsed = parseAddress(address);
    if (parsed === undefined) return null;
    const named = namedAddress(this.kernel, parsed, options.ipv6Only);
    if (!named.ok) return null;
    const request = bindRequest(this.kernel, named.value, port, options);
    const owner = this.kernel.ports(protocol).inTheWay(port, request);
    return owner === null ? null : formatAddress(owner.localAddress);
  }

  firewallSpec(): FilterSpec | null {
    return this.kernel.firewall?.spec ?? null;
  }

  firewallCount(id: number | undefined): FilterCount {
    return this.kernel.firewall?.count(id) ?? { packets: 0, bytes: 0 };
  }

  listen(
    protocol: Protocol,
    address: string,
    port: number,
    options: ListenOptions = {},
  ): Result<number> {
    this.note({ call: 'listen', args: [protocol, address, port, options] });
    return bindSocket(this.kernel, 'listen', protocol, address, port, options);
  }

  bind(
    protocol: Protocol,
    address: string,
    port: number,
    options: SocketOptions = {},
  ): Result<number> {
    this.note({ call: 'bind', args: [protocol, address, port, options] });
    return bindSocket(this.kernel, 'bind', protocol, address, port, options);
  }

  connect(
    protocol: Protocol,
    remoteAddress: string,
    remotePort: number,
    options: ConnectOptions = {},
  ): Result<number> {
    this.note({
      call: 'connect',
      args: [protocol, remoteAddress, remotePort, options],
    });
    const remote = parseAddress(remoteAddress);
    if (remote === undefined) return this.kernel.refuse('connect', options.as, 'EINVAL');
    return connectTo(this.kernel, protocol, remote, remotePort, options);
  }

  close(id: number): Result<null> {
    this.note({ call: 'close', args: [id] });
    const socket = this.kernel.find(id);
    return socket !== undefined && closeSocket(socket)
      ? { ok: true, value: null }
      : this.kernel.refuse('close', socket?.name, 'ENOTCONN');
  }

  shutdown(id: number): Result<null> {
    this.note({ call: 'shutdown', args: [id] });
    const socket = this.kernel.find(id);
    return socket !== undefined && tcp.shutdown(socket)
      ? { ok: true, value: null }
      : this.kernel.refuse('shutdown', socket?.name, 'ENOTCONN');
  }

  reset(id: number): Result<null> {
    this.note({ call: 'reset', args: [id] });
    const socket = this.kernel.find(id);
    return socket !== undefined && resetSocket(socket)
      ? { ok: true, value: null }
      : this.kernel.refuse('reset', socket?.name, 'ENOTCONN');
  }

  send(id: number, bytes: number, wants = 0): Result<null> {
    this.note({ call: 'send', args: [id, bytes, wants] });
    const socket = this.kernel.find(id);
    if (socket === undefined) return this.kernel.refuse('send', undefined, 'ENOTCONN');
    if (!(Number.isInteger(bytes) && bytes > 0))
      return this.kernel.refuse('send', socket.name, 'EINVAL');
    if (socket.state === 'ESTAB') {
      sendDatagram(
        this.kernel,
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
      return this.kernel.refuse('send', socket.name, 'ENOTCONN');
    }
    if (wants > 0) {
      socket.isAwaiting = true;
      socket.response = wants;
    }
    send(socket, bytes, wants);
    return { ok: true, value: null };
  }

  accept(id: number): Result<number> {
    this.note({ call: 'accept', args: [id] });
    const listener = this.kernel.find(id);
    if (listener?.state !== 'LISTEN') return this.kernel.refuse('accept', listener?.name, 'EINVAL');
    const socket = listener.queue?.waiting.shift();
    if (socket === undefined) return this.kernel.refuse('accept', listener.name, 'EAGAIN');
    if (socket.state !== 'CLOSED') tcp.accept(socket);
    return { ok: true, value: socket.id };
  }

  sendTo(id: number, address: string, port: number, bytes: number, wants = 0): Result<null> {
    this.note({ call: 'sendTo', args: [id, address, port, bytes, wants] });
    const socket = this.kernel.find(id);
    if (socket?.protocol !== 'udp') return this.kernel.refuse('sendTo', socket?.name, 'ENOTCONN');
    const to = parseAddress(address);
    if (to === undefined || port === 0) return this.kernel.refuse('sendTo', socket.name, 'EINVAL');
    const remote = destinationFor(mappedIPv4(to) ?? to);
    const { localAddress } = socket;
    const isWildcard = localAddress === WILDCARD_ADDRESS || localAddress === WILDCARD_IPV6;
    // A socket reaches what its own address lets it reach; on IPv6's wildcard both families.
    const isReached =
      (isIPv6(remote) ? isIPv6(localAddress) : socket.isIPv6Only !== true) &&
      (isWildcard || isIPv6(localAddress) === isIPv6(remote));
    const local = isWildcard ? this.kernel.addressing.sourceFor(remote) : localAddress;
    if (!isReached || local === undefined)
      return this.kernel.refuse('sendTo', socket.name, 'ENETUNREACH');
    sendDatagram(this.kernel, socket, local, remote, port, bytes, wants);
    return { ok: true, value: null };
  }

  echo(address: string, echo: Echo): Result<null> {
    this.note({ call: 'echo', args: [address, echo] });
    const { kernel } = this;
    const to = parseAddress(address);
    const { identifier, number, bytes } = echo;
    const isSound = [identifier, number, bytes].every(
      (value) => Number.isInteger(value) && value >= 0 && value <= 65_535,
    );
    if (to === undefined || !isSound) return kernel.refuse('echo', undefined, 'EINVAL');
    const remote = destinationFor(mappedIPv4(to) ?? to);
    const local = kernel.addressing.sourceFor(remote);
    if (local === undefined) return kernel.refuse('echo', undefined, 'ENETUNREACH');
    const { ip, ip6 } = kernel.counters;
    const sent = () => ip.outTransmits + ip6.outTransmits;
    const before = sent();
    sendEcho(kernel, local, remote, echo);
    return sent() === before
      ? kernel.refuse('echo', undefined, 'EPERM')
      : { ok: true, value: null };
  }

  echoAnswers(identifier: number): readonly EchoAnswer[] {
    return this.kernel.echoes.of(identifier);
  }

  counters(): HostCounters {
    return this.kernel.counters;
  }

  /** Ends listening sockets that match; ENOENT where there is none. */
  unlisten(protocol: Protocol, address: string, port: number): Result<null> {
    this.note({ call: 'unlisten', args: [protocol, address, port] });
    const found = this.kernel.lookup.waitingAt(protocol, parseAddress(address), port);
    if (found.length === 0) return this.kernel.refuse('unlisten', undefined, 'ENOENT');
    for (const socket of found) closeSocket(socket);
    return { ok: true, value: null };
  }

  setFirewall(spec: FilterSpec | null): void {
    this.note({ call: 'setFirewall', args: [spec] });
    this.kernel.setFirewall(spec);
  }

  private setSysctl(key: string, value: string): Result<string> {
    this.note({ call: 'sysctl', args: [key, value] });
    const was = this.kernel.system.sysctl.get(key);
    const result = this.kernel.system.sysctl.set(key, value);
    if (result.ok) this.kernel.recorder.sysctl(this.name, key, result.value, was ?? '');
    else this.kernel.recorder.error(this.name, 'sysctl', undefined, result.error);
    return result;
  }
}
