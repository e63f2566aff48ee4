/**
 * What a hostile line does to the page: for each the longest task of the main thread while it runs in
 * the terminal of the built site, in the thread's own time. A line that goes on is stopped with Ctrl+C.
 */
import { chromium, type Browser, type Page } from '@playwright/test';
import { createSiteServer, listen } from '../serve/static-server.ts';
import { quietBrowserFlags } from '../setup/browser.ts';
import { sum, tasksDuring } from './main-thread.ts';
import { formatTable } from './table.ts';

/** Above this a learner feels that the page hangs. */
const STALL_MS = 200;
const LONGEST_RUN_MS = 12_000;

const long = (letters: number): string => `x=$(head -c ${letters} /dev/zero | tr '\\0' a); `;
const doubling = (times: number): string => `x=abcdefgh; for i in {1..${times}}; do x=$x$x; done; `;

const lines: readonly string[] = [
  // Amounts of output.
  'yes | head -n 300000',
  'yes | head -n 1000000 | wc -l',
  'yes',
  'seq 300000',
  'head -c 3000000 /dev/urandom',
  'head -c 5000000 /dev/zero',
  'cat /dev/urandom | od -c',
  'head -c 50000000 /dev/zero | wc -c',
  'cat /dev/urandom | head -c 100000 | wc -c',
  "printf 'x%.0s' {1..50000}",
  'while :; do echo x; done',
  'for i in {1..20000}; do echo "line $i"; done',
  'find / ; find / ; find / | wc -l',
  // Tools with a great deal of input.
  'head -c 8000000 /dev/urandom | base64 | tail -c 100',
  'head -c 8000000 /dev/zero | base64',
  'seq 300000 | sort | uniq -c | tail -1',
  'seq 300000 | sort -rn | uniq -c',
  'head -c 16000000 /dev/zero | od | tail -1',
  'head -c 6000000 /dev/urandom | od | tail -1',
  'seq 300000 | sed s/1/2/g | tail -1',
  'seq 300000 | grep -v 9 | tail -1',
  'seq 300000 | tac | tail -1',
  'seq 300000 | rev | cut -c1-3 | paste -sd, | wc -c',
  'seq 500000 | tail -n 400000 | head -n -10 | wc',
  'seq 300000 | tr 0-9 a-j | cat -A | tail -1',
  'seq 300000 | md5sum; head -c 8000000 /dev/zero | sha256sum',
  'head -c 8000000 /dev/zero | xxd | tail -1',
  'seq 100000 | xargs echo | wc -w',
  'seq 300 | xargs -n1 echo',
  'seq 200000 | tee a b c | tail -1',
  'seq 200000 > a; seq 2 200001 > b; diff a b | tail -1',
  'seq 20000 > a; seq 20000 | sort > b; diff a b | tail -1',
  'seq 5000 > a; seq 5000 | tac > b; diff a b | tail -1',
  'head -c 6000000 /dev/urandom > a; cmp a a; cp a b; wc b; sort a | md5sum',
  'seq 300000 > a; cat a a a a > b; wc -l b; cat b | tail -1',
  'seq 300000 > a; while read x; do :; done < a',
  'seq 100000 | while read x; do :; done',
  "ss -tan | awk '{while(1) print}'",
  'awk \'BEGIN{while(1) print "x"}\'',
  "awk 'BEGIN{for(i=0;i<200000;i++) print i}'",
  "seq 10 | sed ':a;N;ba'",
  // Words and values.
  'echo {1..100000}',
  'echo {1..300}{1..300} | wc -w',
  ': {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}',
  'for i in {1..100000}; do :; done',
  'for ((i=0;i<1000000;i++)); do :; done',
  'while :; do :; done',
  'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done',
  'i=0; until ((i++ > 100000)); do :; done',
  'f() { f; }; f',
  'f() { f | f; }; f',
  'f() { f & f & }; f',
  ':(){ :|:& };:',
  'f() { $(f); }; f',
  'f() { local a=$1; f $((a+1)); }; f 1',
  'eval "$(printf \'(%.0s\' {1..2000})"',
  'echo $((' + '('.repeat(3000) + '1' + ')'.repeat(3000) + '))',
  'x=x; while :; do x=$x$x; done',
  'a=(); for i in {1..50000}; do a+=($i); done; echo ${#a[@]}',
  'a=({1..90000}); echo ${a[@]} | wc -w; b=("${a[@]}"); echo "${#b[@]}"',
  'a=({1..90000}); echo "${a[@]/1/2}" | wc -c; for i in "${!a[@]}"; do :; done',
  'declare -A m; for i in {1..50000}; do m[$i]=$i; done; echo ${#m[@]}',
  `${doubling(18)}echo \${#x}`,
  `${doubling(18)}y=\${x//}; y=\${x//a/bb}; echo \${#y}`,
  `${doubling(18)}y=\${x//?/b}; echo \${#y}`,
  `${doubling(18)}y=\${x//[a-d]*e/b}; echo \${#y}`,
  `${doubling(17)}y=\${x%%h*}; y=\${x##*h}; y=\${x%a*}; y=\${x#*b}; echo \${#y}`,
  `${doubling(13)}y=\${x%%z*z}; y=\${x%*b*z*}; echo \${#y}`,
  `${doubling(18)}y=\${x^^}; y=\${x,,}; y=\${x^^[a-c]}; y=\${x@Q}; echo \${#y}`,
  `${doubling(18)}y=\${x:5:100000}; y=\${x: -100000}; echo \${#y}`,
  `${doubling(18)}for i in 1 2 3 4 5 6 7 8; do y=\${x:i:i}; y=\${#x}; done`,
  `${doubling(18)}for c in $x; do :; done; IFS=d; set -- $x; echo $#`,
  `${doubling(17)}IFS=; echo $x | tr a '\\n' | while read -r y; do :; done`,
  `${doubling(18)}echo $x > a; read -r y < a; read -n 1000000 z < a; mapfile -t m < a; echo \${#y}`,
  `${doubling(18)}[[ $x == *b*c*d*z ]]; [[ $x =~ (a|b)*z$ ]]; case $x in *a*b*z) ;; esac`,
  `${doubling(12)}[[ $x =~ ^(([a-h])+.)+z$ ]]; [[ $x =~ (a*)*b*(c*)*z ]]; echo \${x/*a*b*z/}`,
  `${long(500000)}[[ $x =~ a+z ]]; [[ $x == *a*z ]]; y=\${x##*a*z}; y=\${x%a*z*}; echo \${x/a*z/} | wc -c`,
  `${long(100000)}shopt -s extglob; y=\${x//+(a|b)c/}; y=\${x%%!(b)c}; [[ $x == !(a|b)*z ]]`,
  'a=({1..90000}); declare -p a | wc -c; set | wc -c; printf "%q " "${a[@]}" | wc -c',
  'a=({1..90000}); for i in "${a[@]: -50000}"; do :; done; b=("${a[@]@Q}"); unset "a[5]"; echo ${a[-1]}',
  `${long(4000000)}echo \${#x}; y=\${x//a/b}; echo \${y:0:5}`,
  `${long(3000000)}cat <<< $x | wc -c; wc -c <<EOF\n$x\nEOF`,
  'while read -r x; do :; done <<EOF\n' + 'a line of text\n'.repeat(5_000) + 'EOF',
  'for i in 1 2; do cat <<EOF | wc -l\n' + 'a line of text\n'.repeat(1_000) + 'EOF\ndone',
  'echo x\n'.repeat(2_000),
  `echo '${'a line of text '.repeat(60_000)}' | wc -c`,
  'cat <<EOF | wc -l\n' + 'a line of text\n'.repeat(20_000) + 'EOF',
  `true ${'word '.repeat(40_000)}`,
  'true; '.repeat(20_000),
  "printf '%1000000s|' x",
  "printf '%4000000d' 1 | wc -c",
  "printf '%.1000000f' 1 | wc -c; printf '%*d' 3000000 1 | wc -c",
  "printf '%s\\n' {1..90000} | wc -l",
  'echo $((9**9**9**9)); echo $((2**9223372036854775807)); let "x=1<<99999999"',
  `echo $((${'1+'.repeat(40_000)}1))`,
  // Patterns.
  `echo ${'a'.repeat(60)}! | grep -E '(a+)+$'`,
  `echo ${'a'.repeat(60)}! | sed -E 's/(a+)+$/x/'`,
  `[[ ${'a'.repeat(60)}! =~ (a+)+$ ]]`,
  `shopt -s extglob; [[ ${'a'.repeat(60)}! == +(+(a)) ]]; [[ ${'a'.repeat(60)}b == ${'*a'.repeat(14)}c ]]`,
  'ls /*/*/*/* | wc -l; echo /*/*/*/*/* | wc -c; shopt -s globstar; echo /** | wc -c',
  // The network's tools.
  'for i in {1..400}; do curl -s http://web/ >/dev/null; done; ss -tan | wc -l',
  'nmap -p- 127.0.0.1',
  'for i in {1..200}; do sleep 1000 & done; jobs | wc -l; kill %1; ps aux | wc -l',
  'nc -lk 9000 >/dev/null & head -c 5000000 /dev/zero | nc -N 127.0.0.1 9000; kill %1',
  'timeout 2 tcpdump -i any -n & for i in {1..300}; do curl -s http://web/ >/dev/null; done; wait',
];

interface Attack {
  readonly line: string;
  readonly longestMs: number;
  readonly busyMs: number;
  readonly isStopped: boolean;
}

async function openTerminal(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  await page.goto(address);
  const button = page.locator('.poster button:enabled');
  await button.scrollIntoViewIfNeeded();
  await button.click();
  await page.locator('.terminal form input:focus').waitFor();
  await page.locator('.terminal label .prompt', { hasText: '$' }).waitFor();
  return page;
}

/** Gives the shell a line, or pastes several; true where it ends by itself. */
async function runLine(page: Page, line: string): Promise<boolean> {
  await page.locator('.terminal form input').evaluate((field, text) => {
    if (!(field instanceof HTMLInputElement)) return;
    if (text.includes('\n')) {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
      return;
    }
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    field.form?.requestSubmit();
  }, line);
  if (line.includes('\n')) await page.locator('.paste button').first().click();
  const idle = page.locator('.terminal label .prompt', { hasText: '$' });
  try {
    await page.locator('.terminal [role=log][aria-busy=true]').waitFor({ timeout: 1_000 });
  } catch {
    // It is done already.
  }
  try {
    await idle.waitFor({ timeout: LONGEST_RUN_MS });
    return true;
  } catch {
    for (let press = 0; press < 5; press += 1) {
      await page.keyboard.press('Control+c');
      try {
        await idle.waitFor({ timeout: 4_000 });
        break;
      } catch {
        // Once more.
      }
    }
    return false;
  }
}

/**
 * @param folder of the built site
 * @param browser the path of a Chromium
 */
export async function measureStalls(folder: string, browser: string): Promise<string> {
  const server = createSiteServer({ folder, base: '/', isPrecompressed: false });
  const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
  const chrome = await chromium.launch({ executablePath: browser, args: [...quietBrowserFlags] });
  const attacks: Attack[] = [];
  try {
    for (const line of lines) {
      // Each on a machine of its own: what one leaves behind would be another's.
      const page = await openTerminal(chrome, `http://localhost:${port}/lab/`);
      const devTools = await page.context().newCDPSession(page);
      let isDone = false;
      const tasks = await tasksDuring(devTools, async () => {
        isDone = await runLine(page, line);
        await page.waitForTimeout(300);
      });
      attacks.push({
        line,
        longestMs: Math.max(0, ...tasks),
        busyMs: sum(tasks),
        isStopped: !isDone,
      });
      await page.context().close();
    }
  } finally {
    await chrome.close();
    server.closeAllConnections();
    server.close();
  }
  const stalls = attacks.filter(({ longestMs }) => longestMs > STALL_MS).length;
  const table = formatTable(
    ['hostile lines in the terminal', 'longest task, ms', 'all tasks', 'ended by'],
    attacks
      .toSorted((one, other) => other.longestMs - one.longestMs)
      .map(({ line, longestMs, busyMs, isStopped }) => [
        shortened(line),
        longestMs.toFixed(0),
        busyMs.toFixed(0),
        isStopped ? 'Ctrl+C' : 'itself',
      ]),
  );
  return `${table}\n${stalls} of ${attacks.length} above ${STALL_MS} ms`;
}

function shortened(line: string): string {
  const shown = line.replaceAll('\n', '⏎');
  return shown.length > 72 ? `${shown.slice(0, 71)}…` : shown;
}
