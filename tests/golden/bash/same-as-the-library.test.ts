/**
 * A property: a script of the shell's own grammar, in which no command of the machine's occurs, prints the
 * same through this shell and through plain just-bash. Where the two differ, bash itself decides.
 */

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { Bash } from 'just-bash/browser';
import { expect, it } from 'vitest';
import { testMachine } from '../terminal/test-machine.ts';

const name = fc.constantFrom('a', 'b', 'c');
const literal = fc.constantFrom('x', 'yy', '12', '3', 'foo.txt', 'a-b', 'Zoe');
const number = fc.integer({ min: 0, max: 20 }).map(String);

/** A word that is one field whatever the variables hold. */
const quoted: fc.Arbitrary<string> = fc.oneof(
  literal,
  literal.map((text) => `'${text} ${text}'`),
  name.map((one) => `"$${one}"`),
  name.map((one) => `"[\${${one}}]"`),
  fc
    .tuple(name, fc.constantFrom(':-none', ':+some', '#f', '%t', '##*o', '%%.*', '/o/0', '//o/0', '^^', ',,', ':1:2', ':0:1'))
    .map(([one, operation]) => `"\${${one}${operation}}"`),
  name.map((one) => `"\${#${one}}"`),
  fc
    .tuple(number, fc.constantFrom('+', '-', '*', '%', '<', '==', '&', '|', '^', '<<'), number)
    .map(([left, sign, right]) => `$((${left} ${sign} ${sign === '%' ? '7' : right}))`),
);

const simple: fc.Arbitrary<string> = fc.oneof(
  fc.array(quoted, { maxLength: 3 }).map((words) => `echo ${words.join(' ')}`),
  fc.tuple(name, quoted).map(([one, value]) => `${one}=${value}`),
  fc.tuple(quoted, quoted).map(([one, other]) => `printf '%s|%s\\n' ${one} ${other}`),
  fc.constantFrom('true', 'false', ':'),
  fc.tuple(name, number).map(([one, value]) => `((${one}r = ${value} + 1)); echo $${one}r`),
  fc.array(quoted, { minLength: 1, maxLength: 3 }).map((words) => `set -- ${words.join(' ')}; echo "$#" "$1" "$*"`),
  fc.array(quoted, { minLength: 1, maxLength: 3 }).map((words) => `list=(${words.join(' ')}); echo "\${#list[@]}" "\${list[0]}" "\${list[@]}"`),
);

const test: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(quoted, fc.constantFrom('=', '!='), quoted).map((parts) => `[ ${parts.join(' ')} ]`),
  fc.tuple(quoted, fc.constantFrom('==', '!='), fc.constantFrom('*x*', '[0-9]*', '?', 'foo.*')).map((parts) => `[[ ${parts.join(' ')} ]]`),
  fc.tuple(fc.constantFrom('-n', '-z'), quoted).map((parts) => `[[ ${parts.join(' ')} ]]`),
  fc.tuple(number, fc.constantFrom('-lt', '-eq', '-ge'), number).map((parts) => `[ ${parts.join(' ')} ]`),
  fc.constantFrom('true', 'false', '! true'),
);

const { script } = fc.letrec<{ command: string; list: string; script: string }>((tie) => ({
  command: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    simple,
    fc.tuple(test, tie('list'), tie('list')).map(([one, yes, no]) => `if ${one}; then ${yes}; else ${no}; fi`),
    fc.tuple(name, fc.array(quoted, { minLength: 1, maxLength: 3 }), tie('list')).map(([one, words, body]) => `for ${one} in ${words.join(' ')}; do ${body}; done`),
    fc.tuple(number, tie('list')).map(([limit, body]) => `i=0; while ((i++ < ${Number(limit) % 4})); do ( ${body} ); done`),
    fc.tuple(quoted, tie('list'), tie('list')).map(([word, one, other]) => `case ${word} in x*|*2) ${one};; *[[:alpha:]]*) ${other};; *) echo rest;; esac`),
    tie('list').map((body) => `{ ${body}; }`),
    tie('list').map((body) => `( ${body} )`),
    tie('list').map((body) => `f() { ${body}; echo "in \${1:-nothing}"; }; f x`),
    tie('list').map((body) => `r=$(${body}); echo "got:$r"`),
    fc.tuple(test, fc.constantFrom('&&', '||'), tie('command')).map(([one, sign, other]) => `${one} ${sign} { ${other}; }`),
    tie('list').map((body) => `{ ${body}; } | while read -r line; do echo "<$line>"; done`),
  ),
  list: fc.array(tie('command'), { minLength: 1, maxLength: 2 }).map((commands) => commands.join('; ')),
  script: fc.array(tie('command'), { minLength: 1, maxLength: 4 }).map((commands) => `a=foo.txt b='' c=12\n${commands.join('\n')}\necho "end $?"`),
}));

function asBash(text: string): string {
  const script = ['-c', text, '/tmp/script'];
  return execFileSync('bash', script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

it('a random script prints the same through this shell and through the library', async () => {
  const machine = await testMachine('generic-linux');
  await fc.assert(
    fc.asyncProperty(script, async (text) => {
      const library = await new Bash().exec(text);
      // Both read scripts with the library's parser, which takes a few for mistakes that are none
      // (a `case` with `((…))` in a loop inside `$(…)`).
      fc.pre(!library.stderr.includes('syntax error'));
      machine.host.writeText('/tmp/script', text);
      const { stdout } = await machine.run('bash /tmp/script');
      if (stdout !== library.stdout) expect(stdout).toBe(asBash(text));
    }),
    { numRuns: 200, seed: 12, endOnFailure: false },
  );
});
