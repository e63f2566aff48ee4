/** Signals of Linux by name and number (signal(7)), as bash lists them. */

const names: readonly string[] = [
  'HUP',
  'INT',
  'QUIT',
  'ILL',
  'TRAP',
  'ABRT',
  'BUS',
  'FPE',
  'KILL',
  'USR1',
  'SEGV',
  'USR2',
  'PIPE',
  'ALRM',
  'TERM',
  'STKFLT',
  'CHLD',
  'CONT',
  'STOP',
  'TSTP',
  'TTIN',
  'TTOU',
  'URG',
  'XCPU',
  'XFSZ',
  'VTALRM',
  'PROF',
  'WINCH',
  'IO',
  'PWR',
  'SYS',
];

const firstRealTime = 34;
const lastRealTime = 64;
/** From here on bash counts real-time signals back from the last one. */
const firstCountedBack = 50;

/** Number and name of every signal. */
const signals: ReadonlyMap<number, string> = new Map([
  ...names.map((name, index) => [index + 1, name] as const),
  ...Array.from({ length: lastRealTime - firstRealTime + 1 }, (_, index) => {
    const number = firstRealTime + index;
    return [number, realTimeName(number)] as const;
  }),
]);

function realTimeName(number: number): string {
  if (number < firstCountedBack)
    return number === firstRealTime ? 'RTMIN' : `RTMIN+${number - firstRealTime}`;
  return number === lastRealTime ? 'RTMAX' : `RTMAX-${lastRealTime - number}`;
}

/** `9`, `KILL`, `SIGKILL`; undefined where there is no such signal. */
export function signalNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) {
    const number = Number(text);
    return number === 0 || signals.has(number) ? number : undefined;
  }
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (name === 'EXIT') return 0;
  return [...signals].find(([, known]) => known === name)?.[0];
}

export function signalName(number: number): string | undefined {
  return number === 0 ? 'EXIT' : signals.get(number);
}

/** Five in a line, as `kill -l` prints them. */
export function signalTable(): string {
  const cells = [...signals].map(([number, name]) => `${String(number).padStart(2)}) SIG${name}`);
  const text = cells.map((cell, index) => `${cell}${index % 5 === 4 ? '\n' : '\t'}`).join('');
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** What a signal does to a process that does not handle it. */
export function endsProcess(number: number): boolean {
  const ignored = ['CHLD', 'CONT', 'URG', 'WINCH', 'STOP', 'TSTP', 'TTIN', 'TTOU'];
  return number !== 0 && !ignored.includes(signalName(number) ?? '');
}
