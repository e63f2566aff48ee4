/** How a shell's state goes from line to line: what is said before each, and what is left after it. */

import type { Distribution } from '../linux/distribution.ts';
import type { User } from '../linux/users.ts';
import { freshLevel, keptVariables, quote, type ShellLevel } from './shell-level.ts';

/** Leaves the shell's state where the next line finds it, and the line's status as it was. */
export const epilogue = [
  '__status=$?',
  'declare -p >/dev/.state-variables 2>/dev/null',
  'declare -F >/dev/.state-functions 2>/dev/null',
  '{ set +o; shopt -p; } >/dev/.state-options 2>/dev/null',
  '(exit $__status)',
].join('\n');

/** What a line needs before it to find the shell as the last one left it. */
export function prologue(level: ShellLevel): string {
  return [
    'shopt -s expand_aliases',
    level.variables,
    /(?:^|\n)declare -x OLDPWD=/.test(level.variables)
      ? `cd "$OLDPWD" 2>/dev/null; cd ${quote(level.cwd)}`
      : '',
    ...Object.values(level.functions),
    level.options,
    level.status === 0 ? 'true' : `(exit ${level.status})`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** What the epilogue has left, by name: `variables`, `functions`, `options`. */
type LeftState = ReadonlyMap<string, string>;

/** The shell after a line. */
export function nextLevel(
  level: ShellLevel,
  state: LeftState,
  env: Readonly<Record<string, string>>,
  functions: Readonly<Record<string, string>>,
): ShellLevel {
  const alive = new Set(
    (state.get('functions') ?? '')
      .split('\n')
      .map((line) => line.replace(/^declare -f\S* /, '').trim()),
  );
  const all = { ...level.functions, ...functions };
  return {
    user: level.user,
    cwd: env['PWD'] ?? level.cwd,
    variables: keptVariables(state.get('variables') ?? ''),
    functions: Object.fromEntries(Object.entries(all).filter(([name]) => alive.has(name))),
    aliases: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) =>
        name.startsWith('BASH_ALIAS_') ? [[name.slice(11), value]] : [],
      ),
    ),
    options: keptOptions(state.get('options') ?? ''),
    status: level.status,
  };
}

/** The variables that a user's programs find in a fresh session. */
export function freshEnvironment(
  user: User,
  distribution: Distribution,
  hostName: string,
): Record<string, string> {
  const level = freshLevel(user, distribution, user.home, hostName);
  const env: Record<string, string> = {};
  for (const line of level.variables.split('\n')) {
    const match = /^declare -x (\w+)='?(.*?)'?$/.exec(line);
    if (match?.[1] !== undefined) env[match[1]] = match[2] ?? '';
  }
  return env;
}

/** Aliases as the library wants them. */
export function aliasEnvironment(
  aliases: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(aliases).map(([name, value]) => [`BASH_ALIAS_${name}`, value]),
  );
}

/** `set +o` and `shopt -p` lines that differ from a fresh shell's. */
function keptOptions(text: string): string {
  return text
    .split('\n')
    .filter((line) => {
      const match = /^(set|shopt) (\S+) (\S+)$/.exec(line);
      if (match === null) return false;
      const [, builtin, sign, name = ''] = match;
      if (builtin === 'set') return (sign === '-o') !== defaultOn.has(name);
      return (sign === '-s') !== defaultOn.has(name) && name !== 'expand_aliases';
    })
    .join('\n');
}

const defaultOn = new Set(['braceexpand', 'hashall', 'interactive-comments', 'globskipdots']);
