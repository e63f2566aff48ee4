/** What can be chosen and done at the NAT table, without the engine. */

export const clients = ['client1', 'client2'] as const;
export type Client = (typeof clients)[number];

export const servers = ['198.51.100.10:443', '198.51.100.20:443'] as const;
export type Server = (typeof servers)[number];
/** What the picture and its buttons call a server. */
export const letterOf: Readonly<Record<Server, string>> = {
  '198.51.100.10:443': 'A',
  '198.51.100.20:443': 'B',
};

/** The routers: one that keeps a port where it can, one that never does, one with a single port. */
export const routers = ['keeps', 'random', 'one-port'] as const;
export type Router = (typeof routers)[number];

export const CLIENT_PORT = 40_000;
export const ROUTER_ADDRESS = '203.0.113.5';
/** Of somebody outside that nobody inside has spoken to. */
export const STRANGER_ADDRESS = '192.0.2.66';
export const addressOf: Readonly<Record<Client, string>> = {
  client1: '10.0.0.2',
  client2: '10.0.0.3',
};

export type Action =
  | { readonly kind: 'connect'; readonly client: Client; readonly server: Server }
  | { readonly kind: 'close'; readonly client: Client; readonly server: Server }
  | { readonly kind: 'wait' }
  | { readonly kind: 'stranger' };

/** How long one press of the waiting button lasts. */
export const WAIT_MS = 60_000;
export const MOST_ACTIONS = 40;
