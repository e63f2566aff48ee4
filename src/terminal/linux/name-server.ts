/** The name server of the machine's world: it knows the neighbours' names and addresses, and nothing else. */

import { decodeQuestion, encodeMessage, reverseName, type DnsRecord } from './dns-message.ts';
import { neighbours } from './neighbourhood.ts';

/** As the router hands its own names out: they may change in five minutes. */
const ttl = 300;

/** The domain that names without a dot belong to. */
const searchDomain = 'example';

/** Every name with a dot has its addresses, and the first name of an address is the answer to it. */
const records: readonly DnsRecord[] = neighbours.flatMap(({ address, ipv6, names }) =>
  [
    { address, names, type: 'A' as const },
    ...(ipv6 === undefined ? [] : [{ ...ipv6, type: 'AAAA' as const }]),
  ].flatMap(({ address: data, names: all, type }) => {
    const whole = all.filter((name) => name.includes('.'));
    const [first] = whole;
    const reversed = reverseName(data);
    return [
      ...whole.map((name) => ({ name, type, ttl, data })),
      ...(first === undefined || reversed === undefined
        ? []
        : [{ name: reversed, type: 'PTR' as const, ttl, data: first }]),
    ];
  }),
);

/** The records of a name, whatever the case it is written in. */
export function recordsOf(name: string): readonly DnsRecord[] {
  const plain = name.toLowerCase().replace(/\.$/, '');
  return records.filter((record) => record.name === plain);
}

/** Addresses of a name; one without a dot is looked up in the search domain. */
export function addressesOf(name: string): readonly string[] {
  const whole = name.includes('.') ? name : `${name}.${searchDomain}`;
  return recordsOf(whole).flatMap(({ data, type }) => (type === 'PTR' ? [] : [data]));
}

/** What the server answers to a datagram; empty where it is no question. */
export function answerTo(query: string): string {
  const asked = decodeQuestion(query);
  if (asked === null || asked.isResponse) return '';
  const known = recordsOf(asked.name);
  const answers = known.filter(({ type }) => type === asked.type || asked.type === 'ANY');
  return encodeMessage({
    ...asked,
    isResponse: true,
    isAuthoritative: answers.length > 0,
    offersRecursion: true,
    code: known.length > 0 ? 'NOERROR' : 'NXDOMAIN',
    answers: answers.map((record) => ({ ...record, name: asked.name })),
    ednsSize: asked.ednsSize === null ? null : 1232,
    cookie: '',
  });
}
