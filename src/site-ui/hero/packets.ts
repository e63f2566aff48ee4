/** The packets of the first page, and the one that has arrived before anybody has sent one. */

export const packets = [
  { port: 443, kind: 'page' },
  { port: 587, kind: 'mail' },
  { port: 22, kind: 'login' },
  { port: 5432, kind: 'database' },
] as const;
