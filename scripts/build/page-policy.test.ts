import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { withOwnPolicy } from './page-policy.ts';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const page = (sources: string, head: string, body = '') =>
  `<head><meta http-equiv="content-security-policy" content="default-src 'self';script-src 'self' ` +
  `'sha256-AAAA'; style-src ${sources}">${head}</head><body>${body}</body>`;

it('makes one style of those in the head, in their order, and names it', () => {
  const built = withOwnPolicy(
    page(`'self' ${hash('a{}')} 'sha256-BBBB'`, '<style>a{}</style><p></p><style x>b{}</style>'),
  );
  expect(built).toContain('<style>a{}b{}</style><p></p></head>');
  expect(built).toContain(`style-src 'self' ${hash('a{}b{}')}"`);
  expect(withOwnPolicy(built)).toBe(built);
});

it('names the styles of the body and the scripts without an address, and nothing else', () => {
  const built = withOwnPolicy(
    page(`'self'`, '', '<style>c{}</style><script src="/a.js"></script><script>go()</script>'),
  );
  expect(built).toContain(`script-src 'self' ${hash('go()')}; style-src 'self' ${hash('c{}')}"`);
  expect(built).not.toContain(hash(''));
});

it('leaves a page without a policy alone', () => {
  const html = '<head><style>a{}</style><style>b{}</style></head>';
  expect(withOwnPolicy(html)).toBe(html);
});
