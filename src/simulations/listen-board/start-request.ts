/** What can be started on the board: programs, addresses, and who asks. */

export const SERVER_ADDRESS = '10.0.0.10';
export const listenAddresses = ['0.0.0.0', '127.0.0.1', SERVER_ADDRESS] as const;
export type ListenAddress = (typeof listenAddresses)[number];
export const programs = ['nginx', 'node', 'postgres', 'sshd'] as const;
export type Program = (typeof programs)[number];

export interface StartRequest {
  readonly program: Program;
  readonly address: ListenAddress;
  readonly port: number;
  readonly isRoot: boolean;
}
