/** Arguments that the library's tools read in another way than GNU's. */

/** The arguments with which the library's tool does what the real one would. */
export function mendArguments(name: string, args: readonly string[]): string[] {
  switch (name) {
    // GNU's `\\0` is a byte of value zero; the library takes the digit.
    case 'tr':
      return args.map((arg) =>
        arg.startsWith('-')
          ? arg
          : arg.replaceAll(/(\\\\)|\\0{1,3}(?![0-7])/g, (_, pair?: string) => pair ?? '\0'),
      );
    // The library wants letters apart, and a name where standard input is read.
    case 'paste': {
      const spread = args.flatMap((arg) => {
        const match = /^-(s?)d(.+)$/.exec(arg);
        return match === null ? [arg] : [...(match[1] === 's' ? ['-s'] : []), '-d', match[2] ?? ''];
      });
      const hasOperand = spread.some(
        (arg, at) => (!arg.startsWith('-') || arg === '-') && spread[at - 1] !== '-d',
      );
      return hasOperand ? spread : [...spread, '-'];
    }
    // With -o an empty match is never printed; the library stumbles over a pattern that allows one.
    case 'grep':
    case 'egrep':
      return args.some((arg) => /^-[a-zA-Z]*o/.test(arg))
        ? args.map((arg) => arg.replace(/^(\[[^\]]+\]|\w)\*$/, '$1$1*'))
        : [...args];
    default:
      return [...args];
  }
}
