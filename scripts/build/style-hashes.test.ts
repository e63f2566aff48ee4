import { expect, it } from 'vitest';
import { withStyleHashes } from './style-hashes.ts';

const page = (policy: string, styles: string) =>
  `<meta http-equiv="content-security-policy" content="style-src ${policy}; script-src 'self'">${styles}`;

it('names a style that the policy leaves out, once', () => {
  const built = withStyleHashes(page("'self'", '<style>a{}</style><style data-x>a{}</style>'));
  expect(built.match(/sha256-/g)).toHaveLength(1);
  expect(withStyleHashes(built)).toBe(built);
});

it('changes nothing where there is nothing to add', () => {
  for (const html of ['<style>a{}</style>', page("'self'", '')]) {
    expect(withStyleHashes(html)).toBe(html);
  }
});
