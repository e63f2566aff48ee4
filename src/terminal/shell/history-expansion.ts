/** `!!`, `!n`, `!text`, `!$`: earlier lines put into a typed one (manual, "History Expansion"). */

/** The line as it is run, or what is wrong with it; null where nothing is to be put in. */
export function expandHistory(
  line: string,
  history: readonly string[],
): { readonly line: string } | { readonly problem: string } | null {
  const quick = /^\^([^^]*)\^([^^]*)\^?(.*)$/.exec(line);
  if (quick !== null) {
    const [, old = '', replacement = '', rest = ''] = quick;
    const last = history.at(-1);
    if (last?.includes(old) !== true)
      return { problem: `:s^${old}^${replacement}: substitution failed` };
    return { line: last.replace(old, () => replacement) + rest };
  }
  let result = '';
  let isSingle = false;
  let isDouble = false;
  let hasChanged = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === '\\' && !isSingle) {
      result += line.slice(at, at + 2);
      at += 1;
      continue;
    }
    if (character === "'" && !isDouble) isSingle = !isSingle;
    if (character === '"' && !isSingle) isDouble = !isDouble;
    const next = line[at + 1] ?? '';
    const isPlain =
      character !== '!' ||
      isSingle ||
      next === '' ||
      /[\s=(]/.test(next) ||
      (isDouble && next === '"') ||
      // `${!name}`, `$!` and `[!a]` are the shell's own.
      /[${[]$/.test(line.slice(0, at));
    if (isPlain) {
      result += character;
      continue;
    }
    const event =
      /^!(?:!|-?\d+|\?[^?]*\??|[$^*]|#|[^\s:;&|()<>"'=!]+)?/.exec(line.slice(at))?.[0] ?? '!';
    const found = eventText(event.slice(1), history);
    if (found === undefined) return { problem: `${event}: event not found` };
    let text = found;
    let length = event.length;
    const words = /^:(?:([$^*])|(\d+)(?:-(\d+|\$)?|(\*))?)/.exec(line.slice(at + length));
    if (words !== null) {
      text = chosen(text, words);
      length += words[0].length;
    }
    for (;;) {
      const change = /^:(?:(g?s)([^\w\s])(.*?)\2(.*?)(?:\2|$)|([phtre]))/.exec(
        line.slice(at + length),
      );
      if (change === null) break;
      length += change[0].length;
      if (change[1] !== undefined) {
        const [, , , old = '', replacement = ''] = change;
        text =
          change[1] === 'gs'
            ? text.replaceAll(old, replacement)
            : text.replace(old, () => replacement);
      } else if (change[5] === 'h') text = text.replace(/\/[^/]*$/, '');
      else if (change[5] === 't') text = text.replace(/^.*\//, '');
      else if (change[5] === 'r') text = text.replace(/\.[^./]*$/, '');
    }
    result += text;
    at += length - 1;
    hasChanged = true;
  }
  return hasChanged ? { line: result } : null;
}

function eventText(event: string, history: readonly string[]): string | undefined {
  const last = history.at(-1);
  if (event === '!' || event === '') return last;
  if (/^-?\d+$/.test(event)) {
    const number = Number(event);
    return number < 0 ? history.at(number) : history[number - 1];
  }
  const words = (last ?? '').split(/\s+/).filter(Boolean);
  if (event === '$') return last === undefined ? undefined : words.at(-1);
  if (event === '^') return words[1];
  if (event === '*') return last === undefined ? undefined : words.slice(1).join(' ');
  if (event === '#') return '';
  if (event.startsWith('?')) {
    const part = event.slice(1).replace(/\?$/, '');
    return history.findLast((line) => line.includes(part));
  }
  return history.findLast((line) => line.startsWith(event));
}

function chosen(text: string, match: RegExpExecArray): string {
  const words = text.split(/\s+/).filter(Boolean);
  const [whole, sign, from, to, star] = match;
  if (sign === '$') return words.at(-1) ?? '';
  if (sign === '^') return words[1] ?? '';
  if (sign === '*') return words.slice(1).join(' ');
  const start = Number(from);
  if (star !== undefined) return words.slice(start).join(' ');
  if (!whole.includes('-')) return words[start] ?? '';
  const end = to === undefined ? words.length - 2 : to === '$' ? words.length - 1 : Number(to);
  return words.slice(start, end + 1).join(' ');
}
