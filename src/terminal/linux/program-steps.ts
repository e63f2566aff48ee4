/**
 * What running programs do as time goes by besides what the engine does for every program (answer,
 * hang up): agents keep a connection and renew it, one-shot listeners end with their connection.
 * Called after every step of the world.
 */

import type { SocketInfo } from '../../network/world.ts';
import type { Process } from './processes.ts';
import { stepRelay, type RelayMachine } from './relay.ts';
import { nextTunnelMs, stepTunnel, type TunnelMachine } from './tunnels.ts';

/** The machine that programs run on. */
export interface ProgramMachine extends RelayMachine, TunnelMachine {
  readonly world: TunnelMachine['world'];
}

/** The next moment at which a program wants to act by itself, or null. */
export function nextProgramMs(machine: ProgramMachine): number | null {
  let next: number | null = null;
  for (const { program } of machine.processes.list()) {
    const at =
      program.kind === 'agent' || program.kind === 'relay'
        ? program.nextAtMs
        : program.kind === 'sleep'
          ? program.untilMs
          : program.kind === 'tunnel'
            ? nextTunnelMs(program)
            : null;
    if (at !== null && (next === null || at < next)) next = at;
  }
  return next;
}

export function stepPrograms(machine: ProgramMachine): void {
  const sockets = machine.host.sockets();
  for (const process of machine.processes.list()) step(machine, process, sockets);
}

function step(machine: ProgramMachine, process: Process, sockets: readonly SocketInfo[]): void {
  const { program } = process;
  const { nowMs } = machine.world;
  switch (program.kind) {
    case 'idle':
      return;
    case 'server':
      if (program.mostConnections !== undefined)
        takeConnections(machine, process.pid, program.sockets, program.mostConnections);
      return;
    case 'sleep':
      if (program.untilMs <= nowMs) machine.endProcess(process.pid);
      return;
    case 'holder':
      if (program.sockets.every((id) => isGone(machine, id))) machine.endProcess(process.pid);
      return;
    case 'agent': {
      if (program.nextAtMs > nowMs) return;
      if (program.socket !== null) machine.host.close(program.socket);
      const result = machine.host.connect('tcp', program.address, program.port, {
        owner: machine.owner(process),
        request: 0,
      });
      const socket = result.ok ? result.value : null;
      machine.processes.setProgram(process.pid, {
        ...program,
        socket,
        nextAtMs: nowMs + program.holdMs,
      });
      return;
    }
    case 'tunnel':
      stepTunnel(machine, process, program);
      return;
    case 'relay':
      stepRelay(machine, process, program);
      return;
    case 'one-listener': {
      const listener = machine.host.socket(program.socket);
      if (program.peer === null) {
        const port = listener?.localPort;
        const peer = sockets.find(
          (socket) =>
            socket.id !== program.socket &&
            socket.localPort === port &&
            socket.state === 'ESTABLISHED' &&
            socket.owner?.pid === process.pid,
        );
        if (peer === undefined) return;
        if (!program.staysOpen && listener !== undefined) machine.host.close(program.socket);
        machine.processes.setProgram(process.pid, { ...program, peer: peer.id });
        return;
      }
      if (!isGone(machine, program.peer)) return;
      if (program.staysOpen) machine.processes.setProgram(process.pid, { ...program, peer: null });
      else machine.endProcess(process.pid);
      return;
    }
  }
}

/** accept(2) until the queues are empty or no descriptor is left. */
function takeConnections(
  machine: ProgramMachine,
  pid: number,
  listeners: readonly number[],
  most: number,
): void {
  for (const id of listeners) {
    while ((machine.host.socket(id)?.recvQ ?? 0) > 0) {
      const held = machine.host
        .sockets()
        .filter(({ owner, state }) => owner?.pid === pid && state !== 'LISTEN');
      if (held.length >= most || !machine.host.accept(id).ok) return;
    }
  }
}

/** Whether a socket has left its process: closed, or only its TIME-WAIT remains. */
function isGone(machine: ProgramMachine, id: number): boolean {
  const socket = machine.host.socket(id);
  return (
    socket === undefined ||
    socket.state === 'TIME-WAIT' ||
    socket.state === 'CLOSED' ||
    socket.state === 'LAST-ACK'
  );
}
