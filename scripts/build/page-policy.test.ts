import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { withOwnPolicy } from './page-policy.ts';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const page = (sources: string, head: string, body = '') =>
  `<head><meta http-equiv="content-security-policy" content="default-src 'self';script-src 'self' ` +
  `'sha256-AAAA'; style-src ${sources}">${head}</head><body>${body}</body>`;

it('makes one style of all, in their order, in the head, and names it', () => {
  const built = withOwnPolicy(
    page(
      `'self' ${hash('a{}')} 'sha256-BBBB'`,
      '<style>a{}</style><p></p><style x>b{}</style>',
      '<p><style>a{}</style><style>c{}</style></p>',
    ),
  );
  expect(built).toContain('<style>a{}b{}c{}</style><p></p></head><body><p></p></body>');
  expect(built).toContain(`style-src 'self' ${hash('a{}b{}c{}')}"`);
  expect(withOwnPolicy(built)).toBe(built);
});

it('keeps the last of rules that are the same, and the order of layers', () => {
  const built = withOwnPolicy(
    page(
      `'self'`,
      '<style>@layer x;@layer y{a{}}.b{content:"}"}@media (width){c{}}</style>' +
        '<style>.d{}\n.b{content:"}"}@layer x;@layer y{a{}}</style><style>@media (width){c{}}</style>',
    ),
  );
  expect(built).toContain(
    '<style>@layer x;@layer y{a{}}.d{}.b{content:"}"}@layer y{a{}}@media (width){c{}}</style>',
  );
});

it('leaves out the rules of components that are not on the page', () => {
  const [here, away] = ['data-astro-cid-here1', 'data-astro-cid-away1'];
  const kept = `.a[${here}]{}.b[${away}],.c[${here}]{}@media print{.d[${away}]{}}.e{}`;
  const built = withOwnPolicy(
    page(`'self'`, `<style>${kept}</style><style>.f[${away}]{}</style>`, `<p ${here}></p>`),
  );
  expect(built).toContain(`<style>${kept}</style>`);
});

it('names the styles of a body alone and the scripts without an address, and nothing else', () => {
  const built = withOwnPolicy(
    page(`'self'`, '', '<style>c{}</style><script src="/a.js"></script><script>go()</script>'),
  );
  expect(built).toContain(`script-src 'self' ${hash('go()')}; style-src 'self' ${hash('c{}')}"`);
  expect(built).not.toContain(hash(''));
});

it('makes one module of the small ones, each with names of its own', () => {
  const modules = (...contents: readonly string[]) =>
    contents.map((one) => `<script type="module">${one}</script>`).join('<hr>');
  const built = withOwnPolicy(page(`'self'`, '', modules('var a=1', 'var a=2// two')));
  const joined = '(()=>{var a=1\n})();(()=>{var a=2// two\n})();';
  expect(built).toContain(`<body><hr><script type="module">${joined}</script></body>`);
  expect(built).toContain(`script-src 'self' ${hash(joined)};`);
  const imports = modules('import"./b.js"', 'go()');
  expect(withOwnPolicy(page(`'self'`, '', imports))).toContain(imports);
});

it('leaves a page without a policy alone', () => {
  const html = '<head><style>a{}</style><style>b{}</style></head>';
  expect(withOwnPolicy(html)).toBe(html);
});
