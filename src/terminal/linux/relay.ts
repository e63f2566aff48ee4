/** How a proxy passes requests on: one after another, over connections of their own or over a kept one. */

import type { HostInterface, SocketInfo, SocketOwner } from '../../network/world.ts';
import { errnoNumber, strerror } from './error-texts.ts';
import type { Process, ProcessTable, RelayProgram } from './processes.ts';

/** The machine that a proxy runs on. */
export interface RelayMachine {
  readonly world: { readonly nowMs: number };
  readonly host: HostInterface;
  readonly processes: ProcessTable;
  readonly services: { log(name: string, text: string): void };
  /** The owner mark of a process's next socket. */
  owner(process: Process): SocketOwner;
}

/** So long after it has asked, an answer is there on a network as short as this one. */
const answerMs = 50;

/** How often the log says what was passed on. */
const summaryMs = 10_000;

/** One step of a proxy; nothing where its next moment has not come. */
export function stepRelay(machine: RelayMachine, process: Process, program: RelayProgram): void {
  const { nowMs } = machine.world;
  if (program.nextAtMs > nowMs) return;
  const next = program.isAsking
    ? answered(machine, process, program)
    : asked(machine, process, program);
  machine.processes.setProgram(process.pid, summarized(machine, process, next));
}

function asked(machine: RelayMachine, process: Process, program: RelayProgram): RelayProgram {
  const { host, world } = machine;
  const asking = { ...program, isAsking: true, nextAtMs: world.nowMs + answerMs };
  if (program.socket !== null) {
    if (host.socket(program.socket)?.state === 'ESTABLISHED') {
      host.send(program.socket, 120, 480);
      return asking;
    }
    host.close(program.socket);
  }
  const result = host.connect('tcp', program.address, program.port, {
    owner: machine.owner(process),
    answersClose: false,
  });
  if (result.ok) return { ...asking, socket: result.value };
  const reason = `${strerror(result.error)} (${errnoNumber(result.error)})`;
  return failed(machine, process, { ...program, socket: null }, reason);
}

function answered(machine: RelayMachine, process: Process, program: RelayProgram): RelayProgram {
  const { host, world } = machine;
  const socket = program.socket === null ? undefined : host.socket(program.socket);
  const rest = { isAsking: false, nextAtMs: world.nowMs + program.everyMs - answerMs };
  if (!hasAnswered(socket)) {
    if (socket !== undefined) host.reset(socket.id);
    const reason = socket === undefined ? 'Connection refused (111)' : 'no answer';
    return failed(machine, process, { ...program, isAsking: false, socket: null }, reason);
  }
  if (!program.keepsAlive && socket !== undefined) host.close(socket.id);
  const { summary } = program;
  return {
    ...program,
    ...rest,
    socket: program.keepsAlive ? program.socket : null,
    passedSince: program.passedSince + 1,
    summary: { ...summary, passed: summary.passed + 1 },
  };
}

function hasAnswered(socket: SocketInfo | undefined): boolean {
  return socket?.state === 'ESTABLISHED' || socket?.state === 'CLOSE-WAIT';
}

function failed(
  machine: RelayMachine,
  process: Process,
  program: RelayProgram,
  reason: string,
): RelayProgram {
  const { summary, address, port } = program;
  // The first failure of each summary is told, the others are counted.
  if (summary.failed === 0)
    machine.services.log(process.service ?? '', `connect to ${address}:${port}: ${reason}`);
  return {
    ...program,
    nextAtMs: machine.world.nowMs + program.everyMs,
    wellSinceMs: machine.world.nowMs,
    passedSince: 0,
    summary: { ...summary, failed: summary.failed + 1 },
  };
}

function summarized(machine: RelayMachine, process: Process, program: RelayProgram): RelayProgram {
  const { nowMs } = machine.world;
  const { atMs, passed, failed: lost } = program.summary;
  if (atMs > nowMs) return program;
  machine.services.log(
    process.service ?? '',
    `last ${summaryMs / 1000} s: ${passed} passed on, ${lost} failed`,
  );
  return { ...program, summary: { atMs: nowMs + summaryMs, passed: 0, failed: 0 } };
}

/** A proxy's beginning. */
export function newRelay(
  given: Pick<RelayProgram, 'address' | 'port' | 'everyMs' | 'keepsAlive'>,
  nowMs: number,
): RelayProgram {
  return {
    kind: 'relay',
    ...given,
    socket: null,
    isAsking: false,
    nextAtMs: nowMs,
    wellSinceMs: nowMs,
    passedSince: 0,
    summary: { atMs: nowMs + summaryMs, passed: 0, failed: 0 },
  };
}
