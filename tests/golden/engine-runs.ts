/** The recordings' procedures, carried out by the engine. */

import { EngineMachine, type BindOptions, type ConnectOptions } from './machine.ts';

export const portRangeKey = 'net.ipv4.ip_local_port_range';
export const reservedKey = 'net.ipv4.ip_local_reserved_ports';

/** A machine with servers on 8080 and up, as many as wanted, and settings written. */
export function machineWith(
  seed: number,
  settings: Readonly<Record<string, string>>,
): EngineMachine {
  const machine = new EngineMachine(seed);
  for (const [key, value] of Object.entries(settings)) {
    const answer = machine.answer(['set', { key, value }]);
    if (answer !== 'ok') throw new Error(`${key}: ${String(answer)}`);
  }
  machine.answer(['bind', { as: 'server', port: 8080, listen: true }]);
  return machine;
}

export interface ManyCalls {
  readonly ports: readonly number[];
  /** The errno that ended it, if one did. */
  readonly error: string | null;
}

function manyOf(answer: unknown): ManyCalls {
  const list: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const error = list.at(-1);
  return {
    ports: list.filter((port) => typeof port === 'number'),
    error: typeof error === 'string' ? error : null,
  };
}

/** `count` connects to 127.0.0.1:8080, or less to the first error, all kept open. */
export function connects(
  machine: EngineMachine,
  count: number,
  options: Partial<ConnectOptions> & { readonly toStep?: 1; readonly as?: string } = {},
): ManyCalls {
  const all = { to: '127.0.0.1', port: 8080, as: 'client', ...options, count };
  return manyOf(machine.answer(['connect-many', all]));
}

/** `count` binds of 127.0.0.1 to port 0, going on after a failure as the recordings did. */
export function binds(machine: EngineMachine, count: number, options: BindOptions = {}): ManyCalls {
  const ports: number[] = [];
  let error: string | null = null;
  for (let i = 0; i < count; i++) {
    const answer = machine.answer(['bind', { address: '127.0.0.1', ...options, as: `bound#${i}` }]);
    if (typeof answer === 'number') ports.push(answer);
    else if (typeof answer === 'string') error = answer;
  }
  return { ports, error };
}

/** What comes after what: next − previous. */
export function gaps(ports: readonly number[]): number[] {
  return ports.slice(1).map((port, i) => port - (ports[i] ?? 0));
}
