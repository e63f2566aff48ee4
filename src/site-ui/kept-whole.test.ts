import { expect, it } from 'vitest';
import { isBreakableCode, splitAtRanges } from './kept-whole.ts';

it.each([
  ['hands out 0–1023, and', ['hands out ', '0–1023', ', and']],
  ['49152〜65535には', ['', '49152〜65535', 'には']],
  ['0–1023 and 1024–49151', ['', '0–1023', ' and ', '1024–49151', '']],
  ['a pause – and 443', ['a pause – and 443']],
])('ranges in %j', (text, pieces) => {
  expect(splitAtRanges(text)).toEqual(pieces);
});

it.each([
  ['ss -tn', true],
  ['Get-NetTCPConnection', true],
  ['/etc/services', true],
  ['lsof', false],
  ['-a', false],
  ['/', false],
  ['sysctl -w net.ipv4.ip_local_port_range="49152 65535"', false],
])('%s could break: %j', (code, isBreakable) => {
  expect(isBreakableCode(code)).toBe(isBreakable);
});
