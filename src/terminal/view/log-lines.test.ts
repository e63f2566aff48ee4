import { describe, expect, it } from 'vitest';
import { joinedRuns, LogLines, maximumLines, type LogLine } from './log-lines.ts';

const lines = (log: LogLines): readonly LogLine[] => log.view().flatMap((block) => block.lines);

describe('the log', () => {
  it('makes lines of pieces, and ends an open line where the other stream begins', () => {
    const log = new LogLines();
    log.write('on', 'out');
    log.write('e\ntw', 'out');
    log.write('oops\n', 'err');
    expect(lines(log)).toEqual([
      { kind: 'out', text: 'one' },
      { kind: 'out', text: 'tw' },
      { kind: 'err', text: 'oops' },
    ]);
    expect(log.text()).toBe('one\ntw\noops');
  });

  it('takes colours, titles and overwritten text out, makes noise visible, and keeps markup text', () => {
    const log = new LogLines();
    log.write('\u001b[31mred\u001b[0m \u001b]0;title\u0007ok\u0000\u007f <b>x</b>\n', 'out');
    log.write('10 %\r20 %\r30 %\n', 'out');
    expect(log.text()).toBe('red ok\u2400\u2421 <b>x</b>\n30 %');
  });

  it('cuts a line that never ends, and drops the oldest lines of too many', () => {
    const log = new LogLines();
    log.write('a'.repeat(1_000_000), 'out');
    log.write('\n', 'out');
    expect(log.text().length).toBeLessThan(5000);
    log.write('x\n'.repeat(maximumLines + 1000), 'out');
    expect(log.length).toBeLessThanOrEqual(maximumLines);
    expect(log.dropped).toBeGreaterThan(0);
  });

  it('joins lines of one kind into few, with nothing lost', () => {
    const all: LogLine[] = [
      { kind: 'command', prompt: '$ ', text: 'one' },
      { kind: 'out', text: 'a' },
      { kind: 'out', text: 'b' },
      { kind: 'out', text: '' },
      { kind: 'out', text: 'c' },
      { kind: 'err', text: 'd' },
      { kind: 'notice', text: 'e' },
      { kind: 'notice', text: 'f' },
    ];
    const runs = joinedRuns(all);
    expect(runs.map(({ text }) => text)).toEqual(['one', 'a\nb', '\nc', 'd', 'e', 'f']);
    expect(runs.map(({ text }) => text).join('\n')).toBe(all.map(({ text }) => text).join('\n'));
  });
});
