/**
 * What programs say to one another over connections. The engine counts bytes; their text goes this way,
 * from the socket that sends to the one that receives. A server of the neighbourhood, or one of this
 * machine's own, answers for itself (server-talk.ts). Nothing of this is kept in snapshots: a text
 * under way is gone after an undo, as its reader is.
 */

import type { HostInterface, SocketInfo } from '../../network/world.ts';
import type { WireTexts } from '../capture/wire-texts.ts';
import { hears, isLoopbackAddress, plainAddress } from './address-texts.ts';
import { toBytes } from './file-system.ts';
import type { MachineWorld } from './machine-world.ts';
import { asSeenFromHere, machineHost, neighbours } from './neighbourhood.ts';
import type { ServerApp } from './processes.ts';
import { ServerTalk, type TalkMachine } from './server-talk.ts';

/** What conversations need of the machine that they take place on. */
export interface ConversingMachine extends TalkMachine {
  readonly world: MachineWorld;
  /** What captures show. */
  readonly wireTexts: WireTexts;
  appAt(address: string, port: number): ServerApp | undefined;
}

interface Delivery {
  readonly atMs: number;
  readonly key: string;
  readonly text: string;
}

/** An answer to a connection that its server has not taken yet. */
interface Untaken {
  readonly host: HostInterface;
  readonly id: number;
  readonly key: string;
  readonly text: string;
  readonly hangsUp: boolean;
}

interface Hangup {
  readonly atMs: number;
  readonly host: HostInterface;
  readonly id: number;
}

export class Conversations {
  private readonly machine: ConversingMachine;
  /** Text that has arrived and was not read, by receiving socket. */
  private readonly arrived = new Map<string, string>();
  private readonly talks = new Map<string, ServerTalk>();
  /** Whose socket it was, for text that is read when the socket is gone. */
  private readonly owners = new Map<string, number>();
  private deliveries: Delivery[] = [];
  private hangups: Hangup[] = [];
  private untaken: Untaken[] = [];

  constructor(machine: ConversingMachine) {
    this.machine = machine;
  }

  /** Sends a text from a socket; whether the engine took it. */
  say(host: HostInterface, id: number, text: string): boolean {
    const socket = host.socket(id);
    const bytes = new TextEncoder().encode(text).length;
    if (socket === undefined || bytes === 0) return socket !== undefined;
    const app = this.appOf(host, socket);
    const talk = app === undefined ? undefined : this.talkOf(host, id, app, socket);
    const answer = talk?.receive(text) ?? { text: '', hangsUp: false };
    const answerBytes = new TextEncoder().encode(answer.text).length;
    this.show(socket, text, answer.text);
    if (!host.send(id, bytes, answerBytes).ok) return false;
    const { world } = this.machine;
    const tripMs = isLoopbackAddress(socket.remoteAddress) ? 0.2 : 2.5;
    if (talk !== undefined) {
      const server = this.peerOf(host, socket);
      if (server !== undefined && isUntaken(server.host, server.socket)) {
        const key = keyOf(host, id);
        this.untaken.push({ host: server.host, id: server.socket.id, key, ...answer });
        return true;
      }
      this.deliver(world.nowMs + tripMs, keyOf(host, id), answer.text);
      const peer = answer.hangsUp ? this.peerOf(host, socket) : undefined;
      if (peer !== undefined)
        this.hangups.push({ atMs: world.nowMs + tripMs, host: peer.host, id: peer.socket.id });
      return true;
    }
    const peer = this.peerOf(host, socket);
    if (peer !== undefined) {
      const key = keyOf(peer.host, peer.socket.id);
      if (peer.socket.owner !== null) this.owners.set(key, peer.socket.owner.pid);
      this.deliver(world.nowMs + tripMs / 2, key, text);
    }
    return true;
  }

  /** Tells captures what is about to be said. */
  private show(socket: SocketInfo, text: string, answer: string): void {
    const { wireTexts } = this.machine;
    const [from, to] = endpointsOf(socket);
    // A datagram stands for itself.
    if (socket.protocol === 'udp') wireTexts.begin(from, to);
    wireTexts.add(from, to, toBytes(text));
    if (answer !== '') wireTexts.add(to, from, toBytes(answer));
  }

  /** What a server says before it is asked anything: ssh's banner. */
  greet(host: HostInterface, id: number): void {
    const socket = host.socket(id);
    if (socket === undefined) return;
    const app = this.appOf(host, socket);
    const banner = app === undefined ? '' : this.talkOf(host, id, app, socket).banner;
    if (banner !== '') this.deliver(this.machine.world.nowMs + 2.5, keyOf(host, id), banner);
  }

  hasText(host: HostInterface, id: number): boolean {
    this.step();
    return (this.arrived.get(keyOf(host, id)) ?? '') !== '';
  }

  /** Takes all that has arrived for a socket. */
  take(host: HostInterface, id: number): string {
    this.step();
    const key = keyOf(host, id);
    const text = this.arrived.get(key) ?? '';
    this.arrived.delete(key);
    return text;
  }

  /** Takes all that has arrived for a process and was not read from its sockets. */
  takeFor(pid: number): string {
    this.step();
    let text = '';
    for (const [key, owner] of this.owners) {
      if (owner !== pid) continue;
      text += this.arrived.get(key) ?? '';
      this.arrived.delete(key);
      this.owners.delete(key);
    }
    return text;
  }

  /** Whether nothing more can come: the other side has closed, and all was read. */
  isAtEnd(host: HostInterface, id: number): boolean {
    if (this.hasText(host, id)) return false;
    const key = keyOf(host, id);
    if ([...this.deliveries, ...this.untaken].some((one) => one.key === key)) return false;
    const socket = host.socket(id);
    if (socket?.protocol === 'udp') return false;
    const state = socket?.state;
    return !(
      state === 'ESTABLISHED' ||
      state === 'FIN-WAIT-1' ||
      state === 'FIN-WAIT-2' ||
      state === 'SYN-SENT' ||
      state === 'UNCONN' ||
      state === 'LISTEN'
    );
  }

  forget(host: HostInterface, id: number): void {
    const key = keyOf(host, id);
    this.arrived.delete(key);
    this.talks.delete(key);
    this.owners.delete(key);
    this.deliveries = this.deliveries.filter((one) => one.key !== key);
    this.untaken = this.untaken.filter((one) => one.key !== key);
  }

  clear(): void {
    this.arrived.clear();
    this.talks.clear();
    this.owners.clear();
    this.deliveries = [];
    this.hangups = [];
    this.untaken = [];
  }

  /** When the next text arrives or the next server hangs up, or null. */
  get nextMs(): number | null {
    const times = [...this.deliveries, ...this.hangups].map(({ atMs }) => atMs);
    if (this.untaken.some(isDue)) times.push(this.machine.world.nowMs);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Hands over what has come due. */
  step(): void {
    const now = this.machine.world.nowMs + 1e-6;
    if (this.untaken.some(isDue)) {
      const due = this.untaken.filter(isDue);
      this.untaken = this.untaken.filter((one) => !isDue(one));
      for (const { hangsUp, host, id, key, text } of due) {
        if (host.socket(id) === undefined) continue;
        const atMs = this.machine.world.nowMs + 0.2;
        this.deliver(atMs, key, text);
        if (hangsUp) this.hangups.push({ atMs, host, id });
      }
    }
    if (this.deliveries.some(({ atMs }) => atMs <= now)) {
      for (const { atMs, key, text } of this.deliveries)
        if (atMs <= now) this.arrived.set(key, (this.arrived.get(key) ?? '') + text);
      this.deliveries = this.deliveries.filter(({ atMs }) => atMs > now);
    }
    if (this.hangups.some(({ atMs }) => atMs <= now)) {
      const due = this.hangups.filter(({ atMs }) => atMs <= now);
      this.hangups = this.hangups.filter(({ atMs }) => atMs > now);
      for (const { host, id } of due) if (host.socket(id) !== undefined) host.close(id);
    }
  }

  private deliver(atMs: number, key: string, text: string): void {
    if (text !== '') this.deliveries.push({ atMs, key, text });
  }

  private appOf(host: HostInterface, socket: SocketInfo) {
    if (socket.protocol !== 'tcp') return undefined;
    const { machine } = this;
    // Its own side of an accepted connection talks to a client, never to a server.
    const listener = host
      .sockets()
      .find((one) => one.state === 'LISTEN' && one.localPort === socket.localPort);
    if (listener !== undefined && listener.owner?.pid === socket.owner?.pid) return undefined;
    const { remoteAddress, remotePort } = asSeenFromHere(host.name, socket);
    const app = machine.appAt(remoteAddress, remotePort);
    return app === 'silent' ? undefined : app;
  }

  private talkOf(host: HostInterface, id: number, app: ServerApp, socket: SocketInfo): ServerTalk {
    const key = keyOf(host, id);
    let talk = this.talks.get(key);
    if (talk === undefined) {
      talk = new ServerTalk(this.machine, app, asSeenFromHere(host.name, socket));
      this.talks.set(key, talk);
    }
    return talk;
  }

  /** The socket at the other end: of a connection, or the one that waits for datagrams there. */
  private peerOf(
    host: HostInterface,
    socket: SocketInfo,
  ): { readonly host: HostInterface; readonly socket: SocketInfo } | undefined {
    // One end may be a socket of IPv6 that speaks IPv4.
    const [own, peer] = [socket.localAddress, socket.remoteAddress].map(plainAddress);
    const isConnected = (candidate: SocketInfo) =>
      candidate.remotePort === socket.localPort &&
      plainAddress(candidate.localAddress) === peer &&
      plainAddress(candidate.remoteAddress) === own;
    const isWaiting = (candidate: SocketInfo) =>
      candidate.state === 'UNCONN' && hears(candidate, socket.remoteAddress);
    for (const name of new Set([host.name, machineHost, ...neighbours.map((one) => one.host)])) {
      if (!this.machine.world.hasHost(name)) continue;
      const other = this.machine.world.host(name);
      if (!other.addresses.includes(peer ?? '') && name !== host.name) continue;
      const candidates = other
        .sockets()
        .filter(
          (one) =>
            one.protocol === socket.protocol &&
            one.localPort === socket.remotePort &&
            !(name === host.name && one.id === socket.id),
        );
      const found = candidates.find(isConnected) ?? candidates.find(isWaiting);
      if (found !== undefined) return { host: other, socket: found };
    }
    return undefined;
  }
}

/** Whether a connection waits in its listener's queue. */
export function isUntaken(host: HostInterface, { localPort, owner, state }: SocketInfo): boolean {
  if (owner !== null || state !== 'ESTABLISHED') return false;
  return host
    .sockets()
    .some((one) => one.state === 'LISTEN' && one.localPort === localPort && one.recvQ > 0);
}

/** Its server has taken the connection, or it is gone. */
function isDue({ host, id }: Untaken): boolean {
  const socket = host.socket(id);
  return socket === undefined || !isUntaken(host, socket);
}

/** A socket's two ends as traces write them. */
export function endpointsOf(socket: SocketInfo): readonly [string, string] {
  const end = (address: string, port: number) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return [end(socket.localAddress, socket.localPort), end(socket.remoteAddress, socket.remotePort)];
}

function keyOf(host: HostInterface, id: number): string {
  return `${host.name}:${id}`;
}
