import { expect, it } from 'vitest';
import { clientAndWeb } from '../world-fixtures.ts';

it('says which socket keeps another from its port, and agrees with listen() and bind()', () => {
  const web = clientAndWeb({ listen: [{ port: 80, address: '127.0.0.1' }] }).host('web');
  if (web === undefined) throw new Error('no host');
  web.bind('udp', '10.0.0.10', 53);
  const cases = [
    ['tcp', '127.0.0.1', 80, '127.0.0.1'],
    ['tcp', '0.0.0.0', 80, '127.0.0.1'],
    ['tcp', '10.0.0.10', 80, null],
    ['tcp', '0.0.0.0', 81, null],
    ['udp', '0.0.0.0', 53, '10.0.0.10'],
    ['udp', '127.0.0.1', 53, null],
    ['udp', '0.0.0.0', 80, null],
  ] as const;
  for (const [protocol, address, port, holder] of cases) {
    expect(web.inTheWay(protocol, address, port)).toBe(holder);
    const result = web.bind(protocol, address, port);
    expect(result.ok ? null : result.error).toBe(holder === null ? null : 'EADDRINUSE');
    if (result.ok) web.close(result.value);
  }
  expect(web.inTheWay('tcp', 'nonsense', 80)).toBe(null);
});
