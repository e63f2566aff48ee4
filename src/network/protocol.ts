/** The two transport protocols, and an endpoint as text. */

export type Protocol = 'tcp' | 'udp';

/** An address and a port as `10.0.0.10:80`. */
export type Endpoint = string;
