/** The two transport protocols, and an endpoint as text. */

export type Protocol = 'tcp' | 'udp';

/**
 * What kind of addresses a socket deals in, as its program opened it. A socket of `inet6` reaches IPv4
 * too, by IPv4-mapped addresses, and bound to `::` it holds its port of both families; `inet6-only`
 * (IPV6_V6ONLY) leaves IPv4 alone.
 */
export type SocketFamily = 'inet' | 'inet6' | 'inet6-only';

/** An address and a port as `10.0.0.10:80` or `[fd00::10]:80`. */
export type Endpoint = string;
