/**
 * `ssh -L`: what connects to a port here is passed through an ssh connection, and the sshd at its other
 * end connects to the target. Both ends are sockets of the world; what programs say goes from one to the
 * other (conversations.ts). OpenSSH 9.2: channels.c, and as recorded.
 */

import type { HostInterface, SocketInfo } from '../../network/world.ts';
import { strerror } from './error-texts.ts';
import { isUntaken, type Conversations } from './conversations.ts';
import type { MachineWorld } from './machine-world.ts';
import { asSeenFromHere } from './neighbourhood.ts';
import type { Process, ProcessTable, TunnelChannel, TunnelProgram } from './processes.ts';

/** The machine that tunnels begin on. */
export interface TunnelMachine {
  readonly world: MachineWorld;
  readonly host: HostInterface;
  readonly processes: ProcessTable;
  readonly conversations: Conversations;
  resolve(name: string): string | undefined;
  endProcess(pid: number): void;
  /** Shows what a program says to whoever listens to it. */
  programSaid(pid: number, line: string): void;
}

/** Both ends of what has been passed on. */
export interface TunnelLeg {
  readonly host: HostInterface;
  readonly socket: SocketInfo;
}

/** When a tunnel next asks for a connection, or null. */
export function nextTunnelMs({ channels }: TunnelProgram): number | null {
  const times = channels.flatMap(({ asksAtMs, far }) => (far === null ? [asksAtMs] : []));
  return times.length === 0 ? null : Math.min(...times);
}

/** One step: new connections are taken, answers to calls looked at, texts and ends passed on. */
export function stepTunnel(machine: TunnelMachine, process: Process, program: TunnelProgram): void {
  const { host, world } = machine;
  if (host.socket(program.socket)?.state !== 'ESTABLISHED') {
    machine.endProcess(process.pid);
    return;
  }
  const far = world.host(program.farHost);
  const known = new Set(program.channels.map(({ near }) => near));
  const fresh = host
    .sockets()
    .filter(
      ({ id, localPort, owner, state }) =>
        owner?.pid === process.pid &&
        !known.has(id) &&
        state !== 'LISTEN' &&
        state !== 'TIME-WAIT' &&
        program.forwards.some((forward) => forward.port === localPort),
    );
  const opened = fresh.map(({ id }) => ({
    near: id,
    far: null,
    isOpen: false,
    asksAtMs: world.nowMs + askingMs,
  }));
  const channels = [...program.channels, ...opened].flatMap((channel) =>
    pump(machine, process, program, far, channel),
  );
  const isSame =
    fresh.length === 0 &&
    channels.length === program.channels.length &&
    channels.every((channel, index) => channel === program.channels[index]);
  if (!isSame) machine.processes.setProgram(process.pid, { ...program, channels });
}

/** How long it takes to ask the sshd at the other end for a connection. */
const askingMs = 2;

/** Asks for the connection to the target; the words of a refusal otherwise. */
function connectFar(
  machine: TunnelMachine,
  program: TunnelProgram,
  far: HostInterface,
  near: SocketInfo | undefined,
): number | string {
  const forward = program.forwards.find(({ port }) => port === near?.localPort);
  const address =
    forward?.target === 'localhost' ? '127.0.0.1' : machine.resolve(forward?.target ?? '');
  if (address === undefined) return 'Temporary failure in name resolution';
  const result = far.connect('tcp', address, forward?.targetPort ?? 0, {
    owner: { ...program.sshd, fd: 8 },
    request: 0,
    answersClose: false,
  });
  return result.ok ? result.value : strerror(result.error);
}

const isAlive = (socket: SocketInfo | undefined) =>
  socket?.state === 'ESTABLISHED' || socket?.state === 'SYN-SENT';

/** Goes on with a channel; none where it is over. */
function pump(
  machine: TunnelMachine,
  process: Process,
  program: TunnelProgram,
  far: HostInterface,
  channel: TunnelChannel,
): readonly TunnelChannel[] {
  const { conversations, host } = machine;
  const { far: farId, near } = channel;
  const refused = (reason: string) => {
    const index = program.channels.findIndex((one) => one.near === near);
    const number = program.firstChannel + (index === -1 ? program.channels.length : index);
    machine.programSaid(process.pid, `channel ${number}: open failed: connect failed: ${reason}`);
    host.close(near);
    return [];
  };
  if (farId === null) {
    if (machine.world.nowMs < channel.asksAtMs) return [channel];
    const made = connectFar(machine, program, far, host.socket(near));
    return typeof made === 'string' ? refused(made) : [{ ...channel, far: made }];
  }
  const there = far.socket(farId);
  if (!channel.isOpen) {
    if (there?.state === 'SYN-SENT') return [channel];
    if (there?.state !== 'ESTABLISHED')
      return refused(strerror(far.failure(farId) ?? 'ECONNREFUSED'));
    conversations.greet(far, farId);
    return [{ ...channel, isOpen: true }];
  }
  const up = conversations.take(host, near);
  if (up !== '') conversations.say(far, farId, up);
  const down = conversations.take(far, farId);
  if (down !== '') conversations.say(host, near, down);
  const isNearOver = !isAlive(host.socket(near)) && conversations.isAtEnd(host, near);
  const isFarOver = !isAlive(there) && conversations.isAtEnd(far, farId);
  if (!isNearOver && !isFarOver) return [channel];
  for (const [one, id] of [
    [host, near],
    [far, farId],
  ] as const)
    if (one.socket(id) !== undefined) {
      one.close(id);
      conversations.forget(one, id);
    }
  return [];
}

/** Ends what a tunnel has opened on the other host: its sshd goes with the connection. */
export function endTunnel(machine: TunnelMachine, { farHost, channels }: TunnelProgram): void {
  const far = machine.world.host(farHost);
  for (const { far: id } of channels)
    if (id !== null && far.socket(id) !== undefined) far.close(id);
}

/**
 * What a client of a tunnel really talks to: the far end's own connection; undefined where its socket
 * does not lead into one, null while there is no such connection.
 */
export function legOf(machine: TunnelMachine, client: SocketInfo): TunnelLeg | null | undefined {
  const { host } = machine;
  const server = host
    .sockets()
    .find(
      (one) =>
        one.localPort === client.remotePort &&
        one.remotePort === client.localPort &&
        one.id !== client.id &&
        one.localAddress === client.remoteAddress,
    );
  const program = machine.processes.get(server?.owner?.pid ?? -1)?.program;
  if (server === undefined || program?.kind !== 'tunnel') {
    const listener = host
      .sockets()
      .find((one) => one.state === 'LISTEN' && one.localPort === client.remotePort);
    const owner = machine.processes.get(listener?.owner?.pid ?? -1);
    return owner?.program.kind === 'tunnel' ? null : undefined;
  }
  if (isUntaken(host, server)) return null;
  const channel = program.channels.find(({ near }) => near === server.id);
  const far = machine.world.host(program.farHost);
  const socket = channel?.far == null || !channel.isOpen ? undefined : far.socket(channel.far);
  return socket === undefined ? null : { host: far, socket: asSeenFromHere(far.name, socket) };
}
