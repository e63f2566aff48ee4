/**
 * The shell's own grammar as arbitrary scripts: everything that bash does by itself, in any nesting, and
 * nothing that a command of the machine's would have to answer.
 */

import fc from 'fast-check';

const name = fc.constantFrom('a', 'b', 'c');
const literal = fc.constantFrom('x', 'yy', '12', '3', 'foo.txt', 'a-b', 'Zoe', 'k=v', 'p:q:r');
const number = fc.integer({ min: 0, max: 20 }).map(String);
const pattern = fc.constantFrom('*x*', '[0-9]*', '?', 'foo.*', '*', '[!a-z]*', '*[[:digit:]]', 'a*b');
const extended = fc.constantFrom('@(x|yy)', '+([0-9])', '!(foo*)', '?(a)*', '*(x|y)', '*.@(txt|md)');

/** An operation of `${…}`, after the name. */
const operation = fc.constantFrom(
  ...':-none :+some :=set -u +u #f %t ##*o %%.* #*[.-] %[a-z]* /o/0 //o/0 /#f/F /%t/T //[a-f]/_ ^^ ,, ^ , :1:2 :0:1 :1 :(-2) : -1:1 @Q @U @u @L'
    .replace(': -1:1', ':\u0001-1:1')
    .split(' ')
    .map((one) => one.replace('\u0001', ' ').replace('(-2)', ' -2')),
);

const arithmetic: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(number, fc.constantFrom('+', '-', '*', '%', '<', '==', '&', '|', '^', '<<', '>>', '!=', '&&', '||'), number)
    .map(([left, sign, right]) => `${left} ${sign} ${sign === '%' ? '7' : right}`),
  fc.tuple(number, number, number).map(([one, two, three]) => `${one} > ${two} ? ${three} : -${one}`),
  fc.tuple(name, fc.constantFrom('++', '--')).map(([one, sign]) => `${one}n${sign}`),
  fc.tuple(name, fc.constantFrom('++', '--')).map(([one, sign]) => `${sign}${one}n`),
  fc.tuple(name, fc.constantFrom('=', '+=', '-=', '*=', '|=', '<<='), number).map(([one, sign, two]) => `${one}n ${sign} ${two}`),
  fc.tuple(number, number, number).map(([one, two, three]) => `(${one} + ${two}) * -${three} ** 2`),
  fc.tuple(number, number).map(([one, two]) => `${one} , ~${two}`),
  fc.constantFrom('0x1f', '010 + 1', '2#101', '!0', '- - 3', '${#a}', 'list[1] + 1', '${c} / 5', '7 % -3', '-7 / 2'),
);

/** A word that is one field whatever the variables hold. */
const quoted: fc.Arbitrary<string> = fc.oneof(
  literal,
  literal.map((text) => `'${text} ${text}'`),
  literal.map((text) => `$'${text}\\t${text}\\x41'`),
  name.map((one) => `"$${one}"`),
  name.map((one) => `"[\${${one}}]"`),
  fc.tuple(name, operation).map(([one, what]) => `"\${${one}${what}}"`),
  fc.tuple(name, literal).map(([one, other]) => `"\${${one}:-$(echo "${other}")}"`),
  name.map((one) => `"\${#${one}}"`),
  fc.constantFrom('"${list[*]}"', '"${#list[@]}"', '"${list[0]}"', '"${list[-1]:-none}"', '"${!list[*]}"', '"${list[*]:1:2}"', '"${list[*]/o/0}"', '"${list[*]#f}"', '"${map[k]}"', '"${#map[@]}"', '"${!ref}"', '"$*"', '"$#"', '"${1:-no}"', '"$?"'),
  arithmetic.map((text) => `$((${text}))`),
  arithmetic.map((text) => `"$(( ${text} ))"`),
);

/** Words that may become any number of fields. */
const split: fc.Arbitrary<string> = fc.oneof(
  quoted,
  name.map((one) => `$${one}`),
  fc.constantFrom('"$@"', '$*', '${list[@]}', '"${list[@]}"', '"${list[@]:1}"', '"${list[@]%t}"', '{x,y}', 'p{1..3}', '{a..c}q', '{3..1}', 'z{,-1}', '"${list[@]@Q}"', '${b:-x y}'),
);
const words = (least: number, most: number): fc.Arbitrary<string> =>
  fc.array(quoted, { minLength: least, maxLength: most }).map((all) => all.join(' '));

const simple: fc.Arbitrary<string> = fc.oneof(
  fc.array(split, { maxLength: 3 }).map((all) => `echo ${all.join(' ')}`),
  fc.tuple(fc.array(split, { minLength: 1, maxLength: 3 })).map(([all]) => `printf '<%s>' ${all.join(' ')}; echo`),
  fc.tuple(name, quoted).map(([one, value]) => `${one}=${value}`),
  fc.tuple(name, quoted).map(([one, value]) => `${one}+=${value}`),
  fc.tuple(name, quoted, quoted).map(([one, value, other]) => `${one}=${value} eval 'echo "$${one}"' ${other}`),
  fc.tuple(quoted, quoted).map(([one, other]) => `printf '%s|%s\\n' ${one} ${other}`),
  fc.tuple(fc.constantFrom('%5d|', '%-5d|', '%05d|', '%x|', '%o|', '%+d|', '%c|'), number).map(([format, value]) => `printf '${format}' ${value}; echo`),
  fc.tuple(fc.constantFrom('%5s|', '%-5s|', '%.2s|', '%q ', '%b'), quoted).map(([format, value]) => `printf '${format}' ${value}; echo`),
  fc.tuple(name, quoted).map(([one, value]) => `printf -v ${one} '%s!' ${value}`),
  fc.constantFrom('true', 'false', ':', 'shift', 'unset b', 'unset "list[0]"', 'ref=a', 'ref=list[1]', 'let "an = 3 * 2" "bn += an"; echo "$an $bn"'),
  fc.tuple(name, arithmetic).map(([one, value]) => `((${one}r = ${value})); echo $${one}r $?`),
  words(1, 3).map((all) => `set -- ${all}; echo "$#" "$1" "$*"`),
  words(0, 3).map((all) => `list=(${all}); echo "\${#list[@]}" "\${list[0]}" "\${list[@]}"`),
  words(1, 2).map((all) => `list+=(${all}); echo "\${list[@]}" "\${!list[@]}"`),
  fc.tuple(number, quoted).map(([at, value]) => `list[${at}]=${value}; echo "\${!list[@]}" "\${list[@]:1:2}"`),
  fc.tuple(literal, quoted).map(([key, value]) => `map[${key}]=${value}; echo "\${map[${key}]}" "\${#map[@]}"`),
  fc.tuple(name, quoted).map(([one, value]) => `declare -u ${one}u=${value}; echo "$${one}u"`),
  fc.tuple(name, number).map(([one, value]) => `declare -i ${one}i=${value}*2; ${one}i+=1; echo "$${one}i"`),
  fc.tuple(quoted, quoted).map(([one, other]) => `IFS=: read -r p q <<< ${one}:${other}; echo "<$p><$q>"`),
  fc.tuple(quoted).map(([one]) => `read -ra parts <<< ${one}; echo "\${#parts[@]}" "\${parts[0]}"`),
  fc.tuple(quoted, fc.constantFrom('([a-z]+)', '^([0-9])', '(o+)\\.t', 'x|y', '^.*$')).map(([text, expression]) => `[[ ${text} =~ ${expression} ]] && echo "\${BASH_REMATCH[0]}:\${BASH_REMATCH[1]}"`),
  fc.tuple(quoted, quoted).map(([one, other]) => `echo ${one} > out; echo ${other} >> out; cat out; cat < out`),
  quoted.map((one) => `{ echo ${one}; echo err >&2; } > out 2>&1; cat out`),
  quoted.map((one) => `exec 3> out; echo ${one} >&3; exec 3>&-; read -r line < out; echo "$line"`),
  quoted.map((one) => `mapfile -t rows < <(printf '%s\\n' ${one} ${one}); echo "\${#rows[@]}" "\${rows[1]}"`),
  fc.tuple(quoted, quoted).map(([one, other]) => `echo ${one} & wait; echo ${other}`),
  quoted.map((one) => `( exit 3 ) & wait $!; echo $? ${one}`),
  fc.tuple(fc.constantFrom('true', 'false', '(exit 4)'), fc.constantFrom('true', 'false')).map(([one, other]) => `${one} | ${other}; echo "\${PIPESTATUS[@]}" $?`),
  fc.constantFrom('set -o pipefail', 'set +o pipefail', 'trap "echo bye" EXIT', 'shopt -s nocasematch', 'shopt -u nocasematch', 'type -t echo f', 'echo "${FUNCNAME[0]}"', 'declare -p a', 'declare -p list', 'echo ~+ | wc -l'),
);

/** Not within `$(…)` and `<(…)`: bash itself loses its way there. */
const hereDocument: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(name, name, fc.constantFrom('-none', '+some', '-p q')).map(([one, other, what]) => `cat <<EOF\nl $a \${#${one}}\n\t\${${other}:${what}} $((1+1)) \\$a \`echo t\`\nEOF`),
  literal.map((text) => `cat <<'EOF'\n$a ${text} \\\nEOF`),
  literal.map((text) => `cat <<-EOF\n\t${text}\n\t\t$c\n\tEOF`),
);

const test: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(quoted, fc.constantFrom('=', '!=', '\\<'), quoted).map((parts) => `[ ${parts.join(' ')} ]`),
  fc.tuple(quoted, fc.constantFrom('==', '!='), fc.oneof(pattern, extended)).map((parts) => `[[ ${parts.join(' ')} ]]`),
  fc.tuple(quoted, fc.constantFrom('<', '>'), quoted).map((parts) => `[[ ${parts.join(' ')} ]]`),
  fc.tuple(fc.constantFrom('-n', '-z', '-v a &&', '! -n'), quoted).map((parts) => `[[ ${parts.join(' ')} ]]`),
  fc.tuple(number, fc.constantFrom('-lt', '-eq', '-ge', '-ne'), number).map((parts) => `[ ${parts.join(' ')} ]`),
  fc.tuple(arithmetic).map(([text]) => `((${text}))`),
  fc.tuple(quoted, quoted, number).map(([one, other, three]) => `[[ ( ${one} == ${other} || ${three} -gt 5 ) && ! -z $a ]]`),
  fc.constantFrom('true', 'false', '! true', '[ -f out ]', '[[ -e nosuch ]]'),
);

const bodyOf = (hasHereDocuments: boolean) =>
  fc.letrec<{ command: string; list: string; script: string }>((tie) => ({
  command: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: simple, weight: 6 },
    ...(hasHereDocuments
      ? [{ arbitrary: hereDocument, weight: 2 }]
      : [
    tie('list').map((inner) => `r=$( ${inner}\n); echo "got:$r:$?"`),
    tie('list').map((inner) => `while read -r line; do echo "<$line>"; done < <( ${inner}\n)`),
      ]),
    fc.tuple(test, tie('list'), tie('list')).map(([one, yes, no]) => `if ${one}\nthen ${yes}\nelse ${no}\nfi`),
    fc.tuple(test, tie('list'), test, tie('list')).map(([one, yes, two, other]) => `if ${one}\nthen ${yes}\nelif ${two}\nthen ${other}\nfi`),
    fc.tuple(name, fc.array(split, { minLength: 1, maxLength: 3 }), tie('list')).map(([one, all, inner]) => `for ${one} in ${all.join(' ')}\ndo ${inner}\ndone`),
    fc.tuple(number, tie('list')).map(([limit, inner]) => `for ((k = 0; k < ${Number(limit) % 4}; k++))\ndo ${inner}\ndone`),
    fc.tuple(number, tie('list')).map(([limit, inner]) => `i=0; while ((i++ < ${Number(limit) % 4}))\ndo ( ${inner}\n)\ndone`),
    fc.tuple(number, test, fc.constantFrom('break', 'continue', 'break 2', 'continue 2'), tie('list')).map(([limit, one, jump, inner]) => `for j in 1 2\ndo i=0; until ((i++ >= ${Number(limit) % 4}))\ndo ${one} && ${jump}\n( ${inner}\n)\ndone\ndone`),
    fc.tuple(quoted, pattern, fc.constantFrom(';;', ';&', ';;&'), tie('list'), tie('list')).map(([word, one, end, first, other]) => `case ${word} in\nx*|*2) ${first}\n${end}\n${one}) ${other}\n;;\n*) echo rest;;\nesac`),
    tie('list').map((inner) => `{ ${inner}\n}`),
    tie('list').map((inner) => `( ${inner}\n)`),
    tie('list').map((inner) => `f() { local a=in l=2; ${inner}\necho "in \${1:-nothing} $a $#"; return 3; }\nf x y; echo $? "$a"`),
    fc.tuple(test, fc.constantFrom('&&', '||'), tie('command')).map(([one, sign, other]) => `${one} ${sign} { ${other}\n}`),
    tie('list').map((inner) => `{ ${inner}\n} | while read -r line; do echo "<$line>"; done`),
    tie('list').map((inner) => `{ ${inner}\n} 2>/dev/null | cat`),
    tie('list').map((inner) => `{ ${inner}\n} & wait; echo "w $?"`),
  ),
  list: fc.array(tie('command'), { minLength: 1, maxLength: 2 }).map((commands) => commands.join('\n')),
  script: fc.array(tie('command'), { minLength: 1, maxLength: 4 }).map(
    (commands) =>
      `shopt -s extglob; declare -A map; a=foo.txt b='' c=12 list=(one 'two three') ref=a\n${commands.join('\n')}\necho "end $?"`,
  ),
}));

/** Whole scripts. They may leave a file `out` where they run. */
export const scripts: fc.Arbitrary<string> = fc.oneof(bodyOf(true).script, bodyOf(false).script);
