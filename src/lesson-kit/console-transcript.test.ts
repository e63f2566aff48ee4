/** Transcripts through Shiki itself, as Astro runs it. */
import { createCssVariablesTheme, createHighlighter } from 'shiki';
import { describe, expect, it } from 'vitest';
import { consoleTranscript } from './console-transcript.ts';

const theme = createCssVariablesTheme({ variablePrefix: '--astro-code-' });
const shiki = await createHighlighter({ langs: ['console'], themes: [theme] });
const html = (code: string) =>
  shiki.codeToHtml(code, {
    lang: 'console',
    theme: theme.name ?? '',
    transformers: [consoleTranscript],
  });
const commands = (code: string) =>
  [...html(code).matchAll(/<span class="command">(.*?)<\/span><\/span>/g)].map(([, inner = '']) =>
    inner
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&#x3C;', '<'),
  );

describe('a transcript', () => {
  it('has no inline style', () => {
    expect(html('$ echo \'a b\' | grep -c "$x" # why\nout')).not.toContain('style=');
    expect(html("$ echo 'a b'")).toContain('class="token-string');
  });

  it.each([
    ['$ ss -tn', 'ss -tn'],
    ['# sysctl -p', 'sysctl -p'],
    ['> netsh int ipv4 show dynamicport tcp', 'netsh int ipv4 show dynamicport tcp'],
    ['C:\\Users\\me> netstat -n', 'netstat -n'],
    ['PS C:\\> netstat -n', 'netstat -n'],
    ['[ec2-user@ip-10-0-0-116 ~]$ vi /etc/sysctl.conf', 'vi /etc/sysctl.conf'],
    ["$ curl -w '%{local_port}\\n' http://x/", "curl -w '%{local_port}\\n' http://x/"],
  ])('%s is input', (line, command) => {
    expect(commands(line)).toEqual([command]);
    expect(html(line)).toContain('<span class="prompt">');
  });

  it.each(['State  Recv-Q', 'net.ipv4.ip_local_port_range = 32768\t60999', '$5 is no prompt'])(
    '%s is output',
    (line) => {
      expect(commands(line)).toEqual([]);
    },
  );

  it('badges a port after an address, and no other number', () => {
    const out = html('ESTAB 0 0 10.0.0.2:51514 [::1]:443 *:22 12:30:45 10.0.0.2:70000 v1.2.3:80');
    expect(
      [...out.matchAll(/data-range="([^"]+)">(\d+)</g)].map((found) => found.slice(1)),
    ).toEqual([
      ['ephemeral', '51514'],
      ['well-known', '443'],
      ['well-known', '22'],
    ]);
  });

  it('keeps every letter', () => {
    const code = '$ ss -tn\nESTAB 0  10.0.0.2:51514   10.0.0.10:443  ';
    expect(html(code).replaceAll(/<[^>]+>/g, '')).toBe(code);
  });
});
