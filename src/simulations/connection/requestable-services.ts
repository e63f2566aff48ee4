/**
 * What a client can ask for: the services that the lesson's servers listen on, and what else the
 * lesson's own clients try, listened on or not. So a client's buttons fit what it finds there.
 */

import type { Action, Scenario } from '../../network/scenario/scenario.ts';
import type { Protocol } from '../../network/protocol.ts';
import { portOf } from '../../simulation-kit/endpoint.ts';

export interface RequestableService {
  readonly protocol: Protocol;
  readonly port: number;
}

type Connect = Extract<Action, { do: 'connect' }>;

function connects(base: Scenario): Connect[] {
  return base.actions.filter((action) => action.do === 'connect');
}

/** Every service once: first what is listened on, in the scenario's order. */
export function requestableServices(base: Scenario): readonly RequestableService[] {
  const services = new Map<number, RequestableService>();
  const all = [
    ...base.hosts.flatMap((host) => host.listen),
    ...connects(base).map(({ protocol, to }) => ({ protocol, port: portOf(to) })),
  ];
  for (const { protocol, port } of all) {
    if (!services.has(port)) services.set(port, { protocol, port });
  }
  return [...services.values()];
}

/** HTTP/3's, by UDP: the number that https has by TCP (RFC 9114, section 3.1.2). */
export const QUIC_PORT = 443;
/** A QUIC client's first datagram is padded to this length (RFC 9000, section 14.1). */
const INITIAL_BYTES = 1200;

/** Whether a page can be opened over HTTP/3 too: where a server has https. */
export function servesHttp3(base: Scenario): boolean {
  return base.hosts.some((host) =>
    host.listen.some(({ protocol, port }) => protocol === 'tcp' && port === QUIC_PORT),
  );
}

/**
 * How a client of this scenario asks for a port: as the lesson's own does, where one does; over QUIC
 * by a datagram.
 */
export function requestFor(
  base: Scenario,
  port: number,
  isQuic = false,
): Pick<Connect, 'protocol' | 'request' | 'response'> {
  if (isQuic) return { protocol: 'udp', request: INITIAL_BYTES, response: INITIAL_BYTES };
  const protocol =
    requestableServices(base).find((service) => service.port === port)?.protocol ?? 'tcp';
  const like = connects(base).find((one) => one.protocol === protocol && portOf(one.to) === port);
  return {
    protocol,
    ...(like?.request === undefined ? {} : { request: like.request }),
    ...(like?.response === undefined ? {} : { response: like.response }),
  };
}

/** Http and https: what answers there is a page. */
export function isPagePort(port: number): boolean {
  return port === 80 || port === 443;
}
