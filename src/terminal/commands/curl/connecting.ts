/**
 * How curl (7.88.1) gets a connection: one that it has kept, or a new one, to each address of the name in
 * turn, from the interface and the local ports that were asked for.
 */

import type { SocketInfo, SocketOwner } from '../../../network/world.ts';
import { familyOf } from '../../linux/address-texts.ts';
import { errnoNumber, strerror } from '../../linux/error-texts.ts';
import { connectTcp, type ConnectOutcome } from '../client-connection.ts';
import type { CommandContext } from '../command.ts';
import type { GivenOptions } from '../options.ts';
import type { Target } from '../url.ts';
import type { Connections } from './connections.ts';
import type { Report } from './report.ts';
import { bracketed } from './request-head.ts';

/** A connection, or why there is none. */
export type Connected =
  | {
      readonly kind: 'connected';
      readonly socket: SocketInfo;
      readonly number: number;
      readonly isNew: boolean;
    }
  | { readonly kind: 'failed'; readonly exitCode: number };

type Failure = Extract<ConnectOutcome, { kind: 'failed' }>;

export class Connector {
  private readonly context: CommandContext;
  private readonly options: GivenOptions;
  private readonly localPorts: readonly [number, number] | undefined;
  private readonly owner: SocketOwner;
  private readonly connections: Connections;
  private readonly report: Report;

  constructor(
    context: CommandContext,
    request: {
      readonly options: GivenOptions;
      readonly localPorts: readonly [number, number] | undefined;
    },
    owner: SocketOwner,
    connections: Connections,
    report: Report,
  ) {
    this.context = context;
    this.options = request.options;
    this.localPorts = request.localPorts;
    this.owner = owner;
    this.connections = connections;
    this.report = report;
  }

  /** Connects to a target, and says what curl says on the way. */
  async connect(target: Target): Promise<Connected> {
    const { report } = this;
    const { machine } = this.context;
    if (target.isSix && !machine.hasIPv6) return failure(this.noWayToSix(target));
    const addresses = this.resolved(target);
    if (addresses.length === 0) {
      report.say(`* Could not resolve host: ${target.host}`);
      report.meter(0);
      report.say('* Closing connection 0');
      return failure(report.problem(6, `Could not resolve host: ${target.host}`, true));
    }
    const wanted = this.options.has('6') ? 6 : this.options.has('4') ? 4 : undefined;
    const usable = addresses.filter(
      (address) => wanted === undefined || familyOf(address) === wanted,
    );
    if (usable.length === 0) return failure(report.problem(7, "Couldn't connect to server"));
    const source = this.source();
    if (source === undefined)
      return failure(report.problem(45, `Couldn't bind to '${this.options.value('ι') ?? ''}'`));
    const kept = this.connections.take(this.context, keyOf(target));
    const wasLookedUp = this.connections.knows(target.host);
    if (kept !== undefined) {
      const socket = this.context.host.socket(kept.id);
      if (socket !== undefined) {
        // curl names the place in its memory as well, which is a new one each time.
        report.say(`* Found bundle for host: 0x5581a3c0e200 [serially]`);
        report.say('* Can not multiplex, even if we wanted to');
        report.say(`* Re-using existing connection #${kept.number} with host ${target.host}`);
        return { kind: 'connected', socket, number: kept.number, isNew: false };
      }
    }
    if (wasLookedUp) report.say(`* Hostname ${target.host} was found in DNS cache`);
    return this.connectAnew(target, usable, source);
  }

  private async connectAnew(
    target: Target,
    addresses: readonly string[],
    source: string | null,
  ): Promise<Connected> {
    const { report } = this;
    const { machine } = this.context;
    const startedAtMs = machine.world.nowMs;
    const number = this.connections.count++;
    const { inherited, limit } = this.context.descriptors;
    // curl keeps a pair of sockets to wake itself by where two descriptors are free: then none is left.
    if (limit - inherited === 2) return failure(this.cannotConnect(target, 0, number, 7));
    for (const [index, address] of addresses.entries()) {
      report.say(`*   Trying ${bracketed(address)}:${target.port}...`);
      const outcome = await this.connectTo(address, target.port, source);
      const elapsedMs = Math.round(machine.world.nowMs - startedAtMs);
      if (outcome.kind !== 'connected') {
        const isNextTried = index < addresses.length - 1 && isConnectFailure(outcome);
        if (!isNextTried) return failure(this.explain(outcome, target, address, elapsedMs, number));
        this.sayFailed(outcome, target, address);
        continue;
      }
      const { socket } = outcome;
      report.say(
        `* Connected to ${target.host} (${socket.remoteAddress}) port ${socket.remotePort} (#${number})`,
      );
      return { kind: 'connected', socket, number, isNew: true };
    }
    return failure(7);
  }

  /** Of `localhost` curl has its own idea, IPv4 first; else as getaddrinfo(3) orders them. */
  private resolved(target: Target): readonly string[] {
    const { machine } = this.context;
    const own = this.options
      .values('ρ')
      .map((entry) => entry.replace(/^\+/, '').split(':'))
      .findLast(([host, port]) => host === target.host && Number(port) === target.port);
    if (own?.[2] !== undefined) return [own[2]];
    if (target.host === 'localhost' && machine.hasIPv6) return ['127.0.0.1', '::1'];
    return machine.resolveAll(target.host);
  }

  private noWayToSix(target: Target): number {
    const { host, port } = target;
    this.report.say(`*   Trying [${host}]:${port}...`);
    this.report.say(`* Immediate connect fail for ${host}: ${strerror('EADDRNOTAVAIL')}`);
    return this.cannotConnect(target, 0, 0, 7);
  }

  /** The address to leave from: null for any, undefined where `--interface` names nothing. */
  private source(): string | null | undefined {
    const name = this.options.value('ι')?.replace(/^(?:if|host)!/, '');
    if (name === undefined) return null;
    return name === 'lo' || name === 'eth0' ? name : this.context.machine.resolve(name);
  }

  /** The source's address of the destination's family; undefined where it has none. */
  private sourceTowards(address: string, source: string): string | undefined {
    const family = familyOf(address);
    const { addresses } = this.context.host;
    const own = source === 'lo' ? ['127.0.0.1', '::1'] : source === 'eth0' ? addresses : [source];
    return own.find((one) => familyOf(one) === family);
  }

  /** With a range of local ports each is tried in turn. */
  private async connectTo(
    address: string,
    port: number,
    from: string | null,
  ): Promise<ConnectOutcome> {
    const { value } = this.options;
    const limit = Number(value('τ') ?? value('m'));
    const named = value('ι');
    const source = from === null ? null : this.sourceTowards(address, from);
    if (source === undefined)
      return { kind: 'failed', call: 'connect', error: 'EADDRNOTAVAIL', isImmediate: true };
    const family = familyOf(address) === 6 ? 10 : 2;
    if (named !== undefined && source !== null)
      this.report.say(
        named === source
          ? `* Name '${named}' family ${family} resolved to '${source}' family ${family}`
          : `* Local Interface ${named} is ip ${source} using address family ${family}`,
      );
    const request = {
      address,
      port,
      owner: this.owner,
      isRoot: this.context.user.uid === 0,
      ...(limit > 0 && { limitMs: limit * 1000 }),
      ...(source !== null && { localAddress: source }),
    };
    if (this.localPorts === undefined) {
      const outcome = await connectTcp(this.context, request);
      if (source !== null && !isBindFailure(outcome)) this.report.say('* Local port: 0');
      return outcome;
    }
    let outcome: ConnectOutcome = {
      kind: 'failed',
      call: 'bind',
      error: 'EADDRINUSE',
      isImmediate: true,
    };
    for (let localPort = this.localPorts[0]; localPort <= this.localPorts[1]; localPort++) {
      outcome = await connectTcp(this.context, { ...request, localPort });
      if (!(isBindFailure(outcome) && outcome.error === 'EADDRINUSE')) {
        if (!isBindFailure(outcome)) this.report.say(`* Local port: ${localPort}`);
        break;
      }
    }
    return outcome;
  }

  /** Says why there is no connection; the exit code. */
  private explain(
    outcome: Exclude<ConnectOutcome, { kind: 'connected' }>,
    target: Target,
    address: string,
    elapsedMs: number,
    number: number,
  ): number {
    const { report } = this;
    const { host, port } = target;
    if (outcome.kind === 'timed-out')
      return report.problem(28, `Connection timed out after ${elapsedMs} milliseconds`);
    if (outcome.call === 'bind') {
      const text = `bind failed with errno ${errnoNumber(outcome.error)}: ${strerror(outcome.error)}`;
      report.say(`* ${text}`);
      report.say(
        `* Failed to connect to ${host} port ${port} after ${elapsedMs} ms: Failed binding local connection end`,
      );
      report.say(`* Closing connection ${number}`);
      return report.problem(45, text);
    }
    this.sayFailed(outcome, target, address);
    return this.cannotConnect(target, elapsedMs, number, outcome.error === 'ETIMEDOUT' ? 28 : 7);
  }

  private cannotConnect(
    { host, port }: Target,
    elapsedMs: number,
    number: number,
    status: number,
  ): number {
    const text = `Failed to connect to ${host} port ${port} after ${elapsedMs} ms: Couldn't connect to server`;
    this.report.say(`* ${text}`);
    this.report.meter(0);
    this.report.say(`* Closing connection ${number}`);
    return this.report.problem(status, text, true);
  }

  private sayFailed(outcome: Failure, { port }: Target, address: string): void {
    this.report.say(
      outcome.isImmediate
        ? `* Immediate connect fail for ${address}: ${strerror(outcome.error)}`
        : `* connect to ${address} port ${port} failed: ${strerror(outcome.error)}`,
    );
  }
}

/** A connection that is kept is used again for the same of these. */
export function keyOf(target: Target): string {
  return `${target.scheme} ${target.host} ${target.port}`;
}

function failure(exitCode: number): Connected {
  return { kind: 'failed', exitCode };
}

/** The next address is tried after it. */
function isConnectFailure(outcome: ConnectOutcome): outcome is Failure {
  return outcome.kind === 'failed' && outcome.call === 'connect';
}

function isBindFailure(outcome: ConnectOutcome): outcome is Failure {
  return outcome.kind === 'failed' && outcome.call === 'bind';
}
