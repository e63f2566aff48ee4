/**
 * What each action of a scenario does. An action on something that is not there is an `error` event:
 * ENOENT where nothing of that name was ever meant to be, ENOTCONN where it is gone or not the
 * program's any more.
 */

import type { DueAction } from './action-queue.ts';
import { parseEndpoint } from './addresses.ts';
import { bindSocket } from './system-calls/binding.ts';
import { closeSocket, resetSocket } from './system-calls/closing.ts';
import { connectTo } from './system-calls/connecting.ts';
import type { Host } from './system-calls/host.ts';
import type { Action, Scenario } from './scenario/scenario.ts';
import type { SocketNames } from './kernel/socket-names.ts';
import type { TraceRecorder } from './kernel/trace-recorder.ts';

type Of<Do extends Action['do']> = Extract<Action, { do: Do }>;

/** The world in which actions are performed. */
export interface Stage {
  readonly scenario: Scenario;
  readonly recorder: TraceRecorder;
  host(name: string): Host | undefined;
}

export function perform(world: Stage, names: SocketNames, due: DueAction): void {
  const { action, index } = due;
  switch (action.do) {
    case 'listen':
      withHost(world, action, action.host, (host) => {
        const { protocol, address, port } = action;
        bindSocket(host.kernel, 'listen', protocol, address, port, action);
      });
      break;
    case 'unlisten':
      withHost(world, action, action.host, (host) => {
        host.unlisten(action.protocol, action.address, action.port);
      });
      break;
    case 'connect':
      withHost(world, action, action.from, (host) => {
        connect(host, action, index);
      });
      break;
    case 'bind':
      withHost(world, action, action.host, (host) => {
        const { protocol, address, port } = action;
        bindSocket(host.kernel, 'bind', protocol, address, port, action, numbered(action, index));
      });
      break;
    case 'release':
      release(world, names, action);
      break;
    case 'close':
      if ('connections' in action) closeAll(world, names, action.by);
      else end(world, names, action);
      break;
    case 'reset':
      end(world, names, action);
      break;
    case 'firewall':
      withHost(world, action, action.host, (host) => {
        host.setFirewall(action.firewall);
      });
      break;
    case 'sysctl':
      withHost(world, action, action.host, (host) => {
        host.sysctl.set(action.key, action.value);
      });
      break;
  }
}

/** `as`, or `as#1`, `as#2` … where the action has a count. */
function numbered(action: Of<'connect'> | Of<'bind'>, index: number): string {
  return action.count === undefined ? action.as : `${action.as}#${index + 1}`;
}

function withHost(world: Stage, action: Action, name: string, then: (host: Host) => void): void {
  const host = world.host(name);
  if (host === undefined) world.recorder.error(name, action.do, undefined, 'ENOENT');
  else then(host);
}

function connect(host: Host, action: Of<'connect'>, index: number): void {
  const as = numbered(action, index);
  const to = parseEndpoint(action.to);
  if (to === undefined) {
    host.kernel.recorder.error(host.name, 'connect', as, 'EINVAL');
    return;
  }
  connectTo(host.kernel, action.protocol, to.address, to.port, action, as);
}

function release(world: Stage, names: SocketNames, action: Of<'release'>): void {
  const socket = names.openers.get(action.as);
  if (socket === undefined) {
    const host = plannedHost(world.scenario, action.as);
    world.recorder.error(
      host ?? '',
      'release',
      action.as,
      host === undefined ? 'ENOENT' : 'ENOTCONN',
    );
  } else if (!closeSocket(socket)) {
    world.recorder.error(socket.host.name, 'release', action.as, 'ENOTCONN');
  }
}

/** `close` and `reset` of one connection, by the side that opened it unless another is named. */
function end(
  world: Stage,
  names: SocketNames,
  action: { do: string; connection: string; by?: string },
): void {
  const { connection, by } = action;
  const opener = names.openers.get(connection);
  const answerer = names.answerers.get(connection);
  const socket = by === undefined || opener?.host.name === by ? opener : answerer;
  if (socket !== undefined && (by === undefined || socket.host.name === by)) {
    const isDone = action.do === 'close' ? closeSocket(socket) : resetSocket(socket);
    if (isDone) return;
  }
  const planned = plannedHost(world.scenario, connection);
  const isKnown = opener !== undefined || answerer !== undefined || planned !== undefined;
  const host = by ?? opener?.host.name ?? planned ?? '';
  world.recorder.error(host, action.do, connection, isKnown ? 'ENOTCONN' : 'ENOENT');
}

/** Closes every connection that is not closing yet: its opener does, or the host named. */
function closeAll(world: Stage, names: SocketNames, by: string | undefined): void {
  if (by !== undefined && world.host(by) === undefined) {
    world.recorder.error(by, 'close', undefined, 'ENOENT');
    return;
  }
  const sockets =
    by === undefined
      ? [...names.openers.values()]
      : [...names.openers.values(), ...names.answerers.values()];
  for (const socket of sockets) {
    if (by !== undefined && socket.host.name !== by) continue;
    if (socket.isConnected) closeSocket(socket);
  }
}

/** The host on which the scenario means to open something of that name. */
function plannedHost(scenario: Scenario, name: string): string | undefined {
  for (const action of scenario.actions) {
    if (action.do !== 'connect' && action.do !== 'bind') continue;
    if (willBeNamed(action, name)) return action.do === 'connect' ? action.from : action.host;
  }
  return undefined;
}

function willBeNamed({ as, count }: Of<'connect'> | Of<'bind'>, name: string): boolean {
  if (count === undefined) return name === as;
  const number = Number(/^[1-9]\d*$/.exec(name.slice(as.length + 1))?.[0]);
  return name.startsWith(`${as}#`) && number <= count;
}
