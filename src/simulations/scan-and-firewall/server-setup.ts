/** How the scanned server is set up: its programs, and what its packet filter does with callers. */

export const guards = ['accept', 'drop', 'reject'] as const;
export type Guard = (typeof guards)[number];

export interface ServerPort {
  readonly port: number;
  readonly program: string;
  readonly isRunning: boolean;
  readonly guard: Guard;
}

export interface ServerSetup {
  readonly ports: readonly ServerPort[];
  /** Whether replies to connections of its own are let in. */
  readonly isStateful: boolean;
  /** Whether what no rule names is dropped; otherwise let in. */
  readonly isClosed: boolean;
}

export const startingSetup: ServerSetup = {
  ports: [
    { port: 22, program: 'sshd', isRunning: true, guard: 'accept' },
    { port: 80, program: 'nginx', isRunning: true, guard: 'accept' },
    { port: 443, program: 'nginx', isRunning: true, guard: 'accept' },
    { port: 3306, program: 'mysqld', isRunning: true, guard: 'drop' },
    { port: 8080, program: 'node', isRunning: false, guard: 'accept' },
  ],
  isStateful: true,
  isClosed: true,
};
