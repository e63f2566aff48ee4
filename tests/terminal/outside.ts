/** A test machine's ports, seen by somebody else. */

import { expect } from 'vitest';
import type { SimulatedMachine } from '../../src/terminal/simulated-machine.ts';

/** What somebody outside gets from a port of this machine: 0 connected, 1 refused or silent. */
export async function outside(machine: SimulatedMachine, port: number): Promise<number> {
  const { output, exitCode } = await machine.run(`ssh web nc -z -w 2 10.0.0.2 ${port}; echo $?`);
  expect(exitCode).toBe(0);
  return Number(output.trim().split('\n').at(-1));
}
