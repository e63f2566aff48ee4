/** What can be started on the board: programs, addresses, and who asks. */

export const SERVER_ADDRESS = '10.0.0.10';
/** `::` without IPV6_V6ONLY, as most programs have it: IPv4 comes in there too. */
export const listenAddresses = ['0.0.0.0', '127.0.0.1', SERVER_ADDRESS, '::', '::1'] as const;
export type ListenAddress = (typeof listenAddresses)[number];
export const programs = ['nginx', 'node', 'postgres', 'sshd'] as const;
export type Program = (typeof programs)[number];

export interface StartRequest {
  readonly program: Program;
  readonly address: ListenAddress;
  readonly port: number;
  readonly isRoot: boolean;
}
