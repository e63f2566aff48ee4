/**
 * Rows that the package drops: a number's first service where others share it, rows for whole
 * ranges, rows without a transport (they stand for TCP and UDP here).
 *
 * Read off IANA's CSV (see `registry-corrections.ts`). Ranges and numbers that IANA lists as
 * unassigned are left out: no row says the same.
 */

import type { TransportPair } from './registry-aliases.ts';

/**
 * Where a row goes: `primary`: before the package's; `beside`: after it; `instead`: the package's rows
 * of these transports go.
 */
export type RowPlace = 'primary' | 'beside' | 'instead';

export type LostRow = readonly [
  low: number,
  high: number,
  transports: TransportPair,
  name: string,
  description: string,
  place: RowPlace,
];

/**
 * Numbers with several services. The one IANA lists first comes first, with two exceptions: 465,
 * which RFC 8314 §7.3 took for mail beside its older service, and 2049, which IANA notes as a
 * conflict and RFC 7530 §3.1 calls NFS's registered port. There the older name comes second.
 */
export const sharedNumbers: readonly LostRow[] = [
  [42, 42, 'tcp udp', 'name', 'Host Name Server', 'primary'],
  [80, 80, 'tcp udp', 'http', 'World Wide Web HTTP', 'primary'],
  [80, 80, 'tcp udp', 'www', 'World Wide Web HTTP', 'beside'],
  [105, 105, 'tcp udp', 'cso', 'CCSO name server protocol', 'primary'],
  [113, 113, 'tcp', 'ident', '', 'primary'],
  [351, 351, 'tcp udp', 'matip-type-b', 'MATIP Type B', 'primary'],
  [352, 352, 'tcp udp', 'dtag-ste-sb', 'DTAG', 'primary'],
  [465, 465, 'tcp', 'urd', 'URL Rendezvous Directory for SSM', 'beside'],
  [512, 512, 'udp', 'comsat', '', 'primary'],
  [631, 631, 'tcp udp', 'ipp', 'IPP (Internet Printing Protocol)', 'instead'],
  [631, 631, 'tcp', 'ipps', 'Internet Printing Protocol over HTTPS', 'beside'],
  [666, 666, 'tcp udp', 'mdqs', '', 'primary'],
  [750, 750, 'udp', 'loadav', '', 'primary'],
  [888, 888, 'tcp', 'accessbuilder', 'AccessBuilder', 'primary'],
  [999, 999, 'tcp', 'garcon', '', 'primary'],
  [999, 999, 'udp', 'applix', 'Applix ac', 'primary'],
  [1525, 1525, 'tcp udp', 'orasrv', 'oracle', 'primary'],
  [1701, 1701, 'tcp udp', 'l2f', 'l2f', 'primary'],
  [1989, 1989, 'tcp udp', 'tr-rsrb-p3', 'cisco RSRB Priority 3 port', 'primary'],
  [1992, 1992, 'tcp udp', 'stun-p3', 'cisco STUN Priority 3 port', 'primary'],
  [2049, 2049, 'tcp udp', 'shilp', '', 'beside'],
  [3000, 3000, 'tcp udp', 'hbci', 'HBCI', 'primary'],
  [3002, 3002, 'tcp udp', 'exlm-agent', 'EXLM Agent', 'primary'],
  [3478, 3478, 'tcp udp', 'stun', 'Session Traversal Utilities for NAT (STUN) port', 'primary'],
  [3478, 3478, 'tcp', 'turn', 'TURN over TCP', 'beside'],
  [3478, 3478, 'udp', 'turn', 'TURN over UDP', 'beside'],
  [4444, 4444, 'tcp udp', 'krb524', 'KRB524', 'primary'],
  [5349, 5349, 'tcp', 'stuns', 'Session Traversal Utilities for NAT (STUN) port', 'primary'],
  [5349, 5349, 'udp', 'stuns', 'STUN over DTLS', 'primary'],
  [5349, 5349, 'tcp', 'turns', 'TURN over TLS', 'beside'],
  [5349, 5349, 'udp', 'turns', 'TURN over DTLS', 'beside'],
  [9100, 9100, 'tcp udp', 'hp-pdl-datastr', 'PDL Data Streaming Port', 'primary'],
];

/** Where the package has no row at all. */
export const absentNumbers: readonly LostRow[] = [
  [51, 51, 'tcp udp', '', 'Reserved', 'primary'],
  [225, 241, 'tcp udp', '', 'Reserved', 'primary'],
  [249, 255, 'tcp udp', '', 'Reserved', 'primary'],
  [1011, 1020, 'tcp udp', '', 'Reserved', 'primary'],
  [1030, 1032, 'tcp udp', '', 'Reserved', 'primary'],
  [1109, 1109, 'tcp udp', '', 'Reserved', 'primary'],
  [3322, 3325, 'tcp udp', 'active-net', 'Active Networks', 'primary'],
  [3367, 3371, 'tcp udp', 'satvid-datalnk', 'Satellite Video Data Link', 'primary'],
  [4200, 4299, 'tcp udp', 'vrml-multi-use', 'VRML Multi-User Systems', 'primary'],
  [4324, 4324, 'tcp udp', '', 'Reserved', 'primary'],
  [6000, 6063, 'tcp udp', 'x11', 'X Window System', 'primary'],
  [6400, 6400, 'tcp udp', 'boe-cms', 'Business Objects CMS contact port', 'primary'],
  [6401, 6401, 'tcp udp', 'boe-was', 'boe-was', 'primary'],
  [6402, 6402, 'tcp udp', 'boe-eventsrv', 'boe-eventsrv', 'primary'],
  [6403, 6403, 'tcp udp', 'boe-cachesvr', 'boe-cachesvr', 'primary'],
  [6404, 6404, 'tcp udp', 'boe-filesvr', 'Business Objects Enterprise internal server', 'primary'],
  [6405, 6405, 'tcp udp', 'boe-pagesvr', 'Business Objects Enterprise internal server', 'primary'],
  [
    6406,
    6406,
    'tcp udp',
    'boe-processsvr',
    'Business Objects Enterprise internal server',
    'primary',
  ],
  [6407, 6407, 'tcp udp', 'boe-resssvr1', 'Business Objects Enterprise internal server', 'primary'],
  [6408, 6408, 'tcp udp', 'boe-resssvr2', 'Business Objects Enterprise internal server', 'primary'],
  [6409, 6409, 'tcp udp', 'boe-resssvr3', 'Business Objects Enterprise internal server', 'primary'],
  [6410, 6410, 'tcp udp', 'boe-resssvr4', 'Business Objects Enterprise internal server', 'primary'],
  [6567, 6567, 'tcp udp', '', 'Reserved', 'primary'],
  [6665, 6669, 'tcp', 'ircu', 'IRCU', 'primary'],
  [6665, 6669, 'udp', '', 'Reserved', 'primary'],
  [7300, 7359, 'tcp udp', 'swx', 'The Swiss Exchange', 'primary'],
  [8010, 8010, 'tcp udp', '', 'Reserved', 'primary'],
  [27000, 27009, 'tcp', 'flex-lm', 'FLEX LM (1-10)', 'primary'],
  [49151, 49151, 'tcp udp', '', 'Reserved', 'primary'],
];
