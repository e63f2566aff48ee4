/**
 * `npm run verify:kernel`: asks the kernel at hand and the engine the same things and compares the
 * answers, rule by rule. In network namespaces of its own, on loopback only. Where that cannot be, it
 * says why and ends well. `-- --scripts N`: how many random scripts (default 20); `-- --record` keeps
 * the kernel's answers for the tests.
 */

import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { EngineMachine, type Answer, type Machine } from '../tests/golden/machine.ts';
import { WorldMachine } from '../tests/golden/world-machine.ts';
import { sameDistribution } from '../tests/golden/statistics.ts';
import { KernelMachine, whyNot } from './verify-kernel/kernel-machine.ts';
import { allRules, withoutLuck, type Rule } from './verify-kernel/rules.ts';

/** A rule fails below this: with some 140 distributions, one run in 70 or so would fail by luck. */
const significance = 0.0001;

interface Verdict {
  readonly holds: boolean;
  readonly says: string;
}

async function verify(
  rule: Rule,
  seed: number,
  kernel: KernelMachine,
  engine: Machine,
): Promise<Verdict> {
  if ('sample' in rule) {
    const [real, ours] = [await rule.sample(kernel), await rule.sample(engine)];
    const chance = sameDistribution(ours, real);
    const holds = chance > significance && real.length > 0;
    return { holds, says: `p = ${chance.toFixed(4)} (${real.length} drawn, seed ${seed})` };
  }
  if ('follow' in rule) {
    const says = await rule.follow(kernel);
    return { holds: says === null, says: says ?? 'as the kernel' };
  }
  const commands = 'exact' in rule ? rule.exact : rule.exactInWorld;
  const [real, ours] = [await kernel.run(commands), await engine.run(commands)];
  const differs = commands.findIndex((_, i) => !isSame(real[i], ours[i]));
  if (differs < 0) return { holds: true, says: `${commands.length} answers equal` };
  const says = [commands[differs], 'kernel', real[differs], 'engine', ours[differs]];
  return {
    holds: false,
    says: `answer ${differs}: ${says.map((part) => JSON.stringify(part)).join(' ')}`,
  };
}

function isSame(a: Answer | undefined, b: Answer | undefined): boolean {
  return JSON.stringify(withoutLuck(a)) === JSON.stringify(withoutLuck(b));
}

async function record(rules: readonly Rule[]): Promise<void> {
  const recorded: Record<string, string> = {};
  for (const rule of rules) {
    if (!('exact' in rule) || !/every pair|at random/.test(rule.name)) continue;
    const kernel = new KernelMachine();
    const answers = await kernel.run(rule.exact);
    kernel.stop();
    recorded[rule.name] = answers.map(String).join(' ');
  }
  const file = new URL('../tests/golden/answers.json', import.meta.url);
  const codes = compress(recorded);
  writeFileSync(file, `${JSON.stringify({ kernel: release().split('-')[0], ...codes })}\n`);
  console.log(`The answers of Linux ${release()} are in tests/golden/answers.json.`);
}

/** Each different answer once, and a letter for each answer given. */
function compress(recorded: Readonly<Record<string, string>>): {
  readonly words: readonly string[];
  readonly rules: Readonly<Record<string, string>>;
} {
  const words: string[] = [];
  const letter = (word: string): string => {
    if (!words.includes(word)) words.push(word);
    return String.fromCharCode(65 + words.indexOf(word));
  };
  const rules = Object.fromEntries(
    Object.entries(recorded).map(([name, answers]) => [
      name,
      answers.split(' ').map(letter).join(''),
    ]),
  );
  return { words, rules };
}

async function main(): Promise<void> {
  const reason = whyNot();
  if (reason !== null) {
    console.log(`The engine cannot be held against a kernel here: ${reason}.`);
    console.log('It takes Linux, root, network namespaces (unshare, ip) and python3.');
    return;
  }
  const scripts = Number(process.argv[process.argv.indexOf('--scripts') + 1]) || 20;
  const rules = allRules(scripts);
  if (process.argv.includes('--record')) {
    await record(rules);
    return;
  }
  console.log(`Linux ${release()} beside the engine, ${rules.length} rules:`);
  let failures = 0;
  for (const [seed, rule] of rules.entries()) {
    const kernel = new KernelMachine();
    const engine = 'exactInWorld' in rule ? new WorldMachine(seed) : new EngineMachine(seed);
    const { holds, says } = await verify(rule, seed, kernel, engine);
    kernel.stop();
    engine.stop();
    if (!holds) failures++;
    console.log(`${holds ? 'holds ' : 'FAILS '} ${rule.name}: ${says}`);
  }
  console.log(failures === 0 ? 'Every rule holds.' : `${failures} of ${rules.length} rules fail.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

await main();
