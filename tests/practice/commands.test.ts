/**
 * Questions answered by a command, played on their machines: the solution and other right ways are
 * right, each foreseen mistake is recognised, and everything is so for other seeds too.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CommandRun, type CommandOutcome } from '../../src/quiz/command-run.ts';
import { typeCommand } from '../../src/quiz/generators/commands.ts';
import { drawVariant } from '../../src/quiz/generators/generators.ts';
import { factsOf, languageFor, serviceNames } from '../../src/quiz/generators/practice-facts.ts';
import { questionOf, type PracticeQuestion } from '../../src/quiz/practice-question.ts';
import { famousPorts } from '../../src/schemas/famous-ports.ts';
import { practiceWordsIn } from '../../src/schemas/practice-words.ts';
import type { TerminalWords } from '../../src/terminal/words.ts';

const facts = factsOf(famousPorts);
const items = typeCommand.items(facts).map(({ id }) => id);
const { terminal } = JSON.parse(readFileSync('content/interface/en.json', 'utf8')) as {
  terminal: { machine: TerminalWords };
};

interface Asked {
  readonly question: PracticeQuestion;
  readonly values: Readonly<Record<string, string | number>>;
}

function ask(item: string, seed: number): Asked {
  const variant = drawVariant(item, seed, facts);
  const language = languageFor(item, practiceWordsIn('en'), serviceNames(famousPorts, 'en'));
  return {
    question: questionOf(item, variant, language),
    values: variant.prompt.values as Asked['values'],
  };
}

/** What the last of some lines comes to, on a machine of its own. */
async function attempt({ question }: Asked, lines: readonly string[]): Promise<CommandOutcome> {
  if (!question.lab) throw new Error('no machine');
  const run = new CommandRun(question.lab, terminal.machine);
  let outcome: CommandOutcome = { output: '', hasDoneIt: false, hint: '' };
  for (const line of lines) outcome = await run.run(line);
  run.stop();
  return outcome;
}

type Tries = (values: Asked['values']) => {
  /** Other ways; each a list of lines. */
  readonly right: readonly (readonly string[])[];
  /** By the hint that is meant for it. */
  readonly wrong: Readonly<Record<string, readonly string[]>>;
};

const range = 'net.ipv4.ip_local_port_range';
const reserved = 'net.ipv4.ip_local_reserved_ports';

const tries: Readonly<Record<string, Tries>> = {
  'service-name': ({ port, name }) => ({
    right: [
      ['getent services | cat'],
      ['less /etc/services'],
      ['more /etc/services'],
      [`grep '${port}/tcp' /etc/services | head`],
      [`sed -n '/${port}.tcp/p' /etc/services`],
      [`sudo grep ${port} /etc/services`],
      [`egrep '\\b${port}/' /etc/services`],
      [`getent services ${port}`],
      [`cat /etc/services | grep ${name}`],
      [`grep ${name} < /etc/services`],
      [`getent services ${name}/tcp`],
      [`cat /etc/services | grep -w ${port}`],
      [`awk '/${port}.tcp/' /etc/services`],
      [`tail -n 400 /etc/services`],
      [`grep -w ${port}/tcp /etc/services`],
      [`cat /etc/services`],
      [`getent services ${name}`],
      [`awk '$2 == "${port}/tcp"' /etc/services`],
      ['cd /etc', `grep ${port} services`],
    ],
    wrong: {
      'service-name-other-file': ['cat /etc/service'],
      'service-name-sockets': ['ss -ltn'],
      'service-name-nothing': ['grep 64999 /etc/services'],
      otherwise: ['uptime'],
    },
  }),
  'who-listens': ({ port }) => ({
    right: [
      ['sudo -i ss -ltnp'],
      ['sudo su', 'ss -tlnp'],
      [`sudo fuser -v ${port}/tcp`],
      ['sudo ss -lptn'],
      ['sudo ss --listening --tcp --numeric --processes'],
      ['sudo ss -ap'],
      ['sudo netstat -tulpen'],
      ['sudo netstat -anp | grep LISTEN'],
      [`sudo netstat -anp | grep ${port}`],
      [`sudo lsof -nP -iTCP:${port} -sTCP:LISTEN`],
      ['sudo lsof -i -P -n'],
      ['sudo lsof -i'],
      [`sudo ss -ltnp | grep ${port}`],
      [`sudo ss -ltnp 'sport = ${port}'`],
      [`sudo ss -H -ltnp src :${port}`],
      [`sudo lsof -i :${port}`],
      ['sudo netstat -ltnp'],
      [`sudo ss -ltnp sport = :${port}`],
      ['ss -ltn', 'sudo ss -tulpn'],
    ],
    wrong: {
      'who-listens-no-sudo': ['ss -ltnp'],
      'who-listens-no-process': ['sudo ss -ltn'],
      'who-listens-udp': ['sudo ss -lunp'],
      'who-listens-connections': ['sudo ss -tnp'],
      'who-listens-other-port': ['sudo lsof -i :1'],
      otherwise: ['uptime'],
    },
  }),
  'free-port': ({ port, other }) => ({
    right: [
      [`sudo fuser -k ${port}/tcp`],
      [`sudo kill $(pgrep -f 'http.server ${port}')`],
      [`sudo kill -TERM $(sudo lsof -t -iTCP:${port} -sTCP:LISTEN)`],
      [`sudo kill -s KILL $(sudo lsof -t -i :${port})`],
      [`sudo pkill -f ${port}`],
      ['sudo su', `kill $(lsof -t -i :${port})`],
      [`sudo lsof -t -i :${port} | xargs sudo kill`],
      [`sudo lsof -t -i :${port} | sudo xargs kill -9`],
      [`sudo kill \`sudo lsof -t -i :${port}\``],
      [`sudo kill $(sudo ss -ltnp | grep :${port} | grep -o 'pid=[0-9]*' | cut -d= -f2)`],
      [`sudo kill -15 $(ps aux | grep 'http.server ${port}' | grep -v grep | awk '{print $2}')`],
      [`sudo sh -c 'kill $(lsof -t -i :${port})'`],
      [`sudo pkill -f 'http.server ${port}'`],
      ['sudo ss -ltnp', `sudo kill -9 $(sudo lsof -ti tcp:${port})`],
    ],
    wrong: {
      'free-port-no-sudo': [`pkill -f 'http.server ${port}'`],
      'free-port-all': ['sudo pkill python3'],
      'free-port-other': [`sudo kill $(sudo lsof -t -i :${other})`],
      'free-port-looked': [`sudo lsof -i :${port}`],
      otherwise: ['uptime'],
    },
  }),
  'read-range': () => ({
    right: [
      ['sysctl net.ipv4.ip_local_port_range'],
      ['sudo cat /proc/sys/net/ipv4/ip_local_port_range'],
      ['sysctl -a | grep port_range'],
      ['sysctl -a 2>/dev/null | grep ip_local_port_range'],
      ['/sbin/sysctl net.ipv4.ip_local_port_range'],
      ['head /proc/sys/net/ipv4/ip_local_port_range'],
      ['cd /proc/sys/net/ipv4', 'cat ip_local_port_range'],
      ['less /proc/sys/net/ipv4/ip_local_port_range'],
      ['cat < /proc/sys/net/ipv4/ip_local_port_range'],
      ['echo $(cat /proc/sys/net/ipv4/ip_local_port_range)'],
      ['sysctl -a --pattern port_range'],
      ['sysctl net.ipv4 | grep range'],
      ['grep . /proc/sys/net/ipv4/ip_local_port_range'],
      ['awk 1 /proc/sys/net/ipv4/ip_local_port_range'],
      ['sysctl -ar port_range'],
      ['cat /proc/sys/net/ipv4/ip_local_port_range'],
      ['sysctl -a'],
      ['sysctl -n net.ipv4.ip_local_port_range'],
      ['sudo sysctl net/ipv4/ip_local_port_range'],
    ],
    wrong: {
      'read-range-file': ['cat /etc/sysctl.conf'],
      'read-range-key': ['sysctl net.ipv4.port_range'],
      'read-range-sockets': ['ss -tn'],
      otherwise: ['uptime'],
    },
  }),
  'set-range': ({ low, high }) => ({
    right: [
      [`sudo sysctl -w ${range}="${low}\t${high}"`],
      [`sudo sysctl -w "${range}=${low} ${high}"`],
      [`sudo sysctl -w ${range}=${low}\\ ${high}`],
      [`sudo sysctl ${range}="${low}  ${high}"`],
      [`sudo sysctl -w net/ipv4/ip_local_port_range="${low} ${high}"`],
      [`sudo bash -c "echo ${low} ${high} > /proc/sys/net/ipv4/ip_local_port_range"`],
      ['sudo su', `echo ${low} ${high} > /proc/sys/net/ipv4/ip_local_port_range`],
      ['sudo -i', `sysctl -w ${range}='${low} ${high}'`],
      [`printf '${low} ${high}' | sudo tee /proc/sys/net/ipv4/ip_local_port_range`],
      [`echo '${range}=${low} ${high}' | sudo sysctl -p -`],
      [`echo '${range}=${low} ${high}' | sudo tee -a /etc/sysctl.conf`, 'sudo sysctl -p'],
      [`echo '${range}=${low} ${high}' | sudo tee /etc/sysctl.d/99-x.conf`, 'sudo sysctl --system'],
      [`sudo sysctl -qw ${range}="${low} ${high}"`],
      [`sudo /sbin/sysctl -w ${range}="${low} ${high}"`],
      [`sudo tee /proc/sys/net/ipv4/ip_local_port_range <<< '${low} ${high}'`],
      [`echo '${low} ${high}' | sudo tee /proc/sys/net/ipv4/ip_local_port_range`],
      [`sudo sysctl ${range}='${low} ${high}'`],
      [`sudo sh -c 'echo ${low} ${high} > /proc/sys/net/ipv4/ip_local_port_range'`],
      [
        `echo '${range} = ${low} ${high}' | sudo tee /etc/sysctl.d/1.conf`,
        'sudo sysctl -p /etc/sysctl.d/1.conf',
      ],
    ],
    wrong: {
      'set-range-redirect': [`sudo echo '${low} ${high}' > /proc/sys/net/ipv4/ip_local_port_range`],
      'set-range-no-sudo': [`sysctl -w ${range}="${low} ${high}"`],
      'set-range-swapped': [`sudo sysctl -w ${range}="${high} ${low}"`],
      'set-range-file': [`echo '${range} = ${low} ${high}' | sudo tee /etc/sysctl.conf`],
      'set-range-low-only': [`sudo sysctl -w ${range}=${low} ${high}`],
      'set-range-key': [`sudo sysctl -w net.ipv4.port_range="${low} ${high}"`],
      'set-range-other': [`sudo sysctl -w ${range}="${low} 60000"`],
      otherwise: ['uptime'],
    },
  }),
  'keep-range': ({ low, high, path }) => ({
    right: [
      [`echo '${range}=${low} ${high}' | sudo tee -a ${path}`],
      [`echo "${range} = ${low} ${high}" | sudo tee ${path} > /dev/null`],
      [`printf '${range} = ${low} ${high}\\n' | sudo tee ${path}`],
      [`sudo tee ${path} <<< '${range} = ${low} ${high}'`],
      [`sudo bash -c 'echo "${range} = ${low} ${high}" >> ${path}'`],
      ['sudo -i', `echo '${range}=${low} ${high}' >> ${path}`],
      [`sudo sysctl -w ${range}="${low} ${high}" | sudo tee ${path}`],
      [`echo 'net/ipv4/ip_local_port_range = ${low} ${high}' | sudo tee ${path}`],
      [`sudo touch ${path}`, `echo '${range} = ${low} ${high}' | sudo tee ${path}`],
      [`sudo sysctl -w ${range}='${low} ${high}'`, `sysctl ${range} | sudo tee ${path}`],
      ['cd /etc/sysctl.d', `echo '${range} = ${low} ${high}' | sudo tee 90-ports.conf`],
      [
        `echo '# ports' | sudo tee ${path}`,
        `echo '${range} = ${low} ${high}' | sudo tee -a ${path}`,
      ],
      [`echo ${range} = ${low} ${high} > /tmp/x`, `sudo mv /tmp/x ${path}`],
      [`sudo sh -c "echo '${range}=${low} ${high}' > ${path}"`],
      ['sudo su', `echo "${range} = ${low} ${high}" > ${path}`],
      [`echo ${range} = ${low} ${high} > mine`, `sudo cp mine ${path}`],
    ],
    wrong: {
      'keep-range-redirect': [`sudo echo '${range} = ${low} ${high}' > ${path}`],
      'keep-range-no-sudo': [`echo '${range} = ${low} ${high}' > ${path}`],
      'keep-range-running': [`sudo sysctl -w ${range}="${low} ${high}"`],
      'keep-range-other-value': [`echo '${range} = 1 2' | sudo tee ${path}`],
      'keep-range-other-file': [
        `echo '${range}=${low} ${high}' | sudo tee /etc/sysctl.d/90-port.conf`,
      ],
      'keep-range-other-line': [`echo '${low} ${high}' | sudo tee ${path}`],
      otherwise: ['uptime'],
    },
  }),
  reserve: ({ kept, low, high }) => ({
    right: [
      [`sudo sysctl -w ${reserved}='${kept},${low}-${high}'`],
      [`sudo sysctl ${reserved}=${low}-${high},${kept}`],
      ['sudo su', `echo ${kept},${low}-${high} > /proc/sys/net/ipv4/ip_local_reserved_ports`],
      [`sudo sh -c 'echo ${kept},${low}-${high} > /proc/sys/net/ipv4/ip_local_reserved_ports'`],
      [
        `sudo sysctl -w ${reserved}=$(cat /proc/sys/net/ipv4/ip_local_reserved_ports),${low}-${high}`,
      ],
      [`sudo sysctl -w ${reserved}=$(sysctl -n ${reserved}),${low}-${high}`],
      [`sudo sysctl -w ${reserved}=${low}-${Number(high) - 1},${high},${kept}`],
      [
        `echo '${reserved} = ${kept},${low}-${high}' | sudo tee /etc/sysctl.d/9.conf`,
        'sudo sysctl --system',
      ],
      [`sudo sysctl -w net/ipv4/ip_local_reserved_ports=${kept},${low}-${high}`],
      [`echo '${reserved}=${kept},${low}-${high}' | sudo sysctl -p -`],
      [`sudo tee /proc/sys/net/ipv4/ip_local_reserved_ports <<< ${kept},${low}-${high}`],
      [`sudo sysctl -w ${reserved}=${kept}-${kept},${low}-${high}`],
      [`echo ${low}-${high},${kept} | sudo tee /proc/sys/net/ipv4/ip_local_reserved_ports`],
      [`sudo sysctl -w ${reserved}=${kept},${kept},${low}-${high}`],
    ],
    wrong: {
      'reserve-redirect': [`sudo echo ${kept} > /proc/sys/net/ipv4/ip_local_reserved_ports`],
      'reserve-key': [`sudo sysctl -w net.ipv4.reserved_ports=${kept},${low}-${high}`],
      'reserve-file': [`echo '${reserved}=${low}-${high}' | sudo tee /etc/sysctl.conf`],
      'reserve-no-sudo': [`sysctl -w ${reserved}=${kept},${low}-${high}`],
      'reserve-replaced': [`sudo sysctl -w ${reserved}=${low}-${high}`],
      'reserve-invalid': [`sudo sysctl -w ${reserved}=${kept},${high}-${low}`],
      'reserve-range': [`sudo sysctl -w ${range}="${low} ${high}"`],
      'reserve-other': [`sudo sysctl -w ${reserved}=${kept},${low}`],
      otherwise: ['uptime'],
    },
  }),
  reach: ({ host, port }) => ({
    right: [
      [`nc -v -z -w 2 ${host} ${port}`],
      [`nc -vz ${host}.example ${port}`],
      [`nc -w 1 ${host} ${port} < /dev/null`],
      [`nc ${host} ${port}`],
      [`echo | nc ${host} ${port}`],
      [`nmap -p ${port} ${host}`],
      [`nmap -sT -p${port} ${host}`],
      [`curl -v telnet://${host}:${port}`],
      [`curl -sv --connect-timeout 2 ${host}:${port}`],
      [`(echo > /dev/tcp/${host}/${port}) && echo open`],
      [`exec 3<>/dev/tcp/${host}/${port}`],
      [`telnet ${host} ${port}`],
      [`bash -c 'cat < /dev/null > /dev/tcp/${host}/${port}'`],
      [`nc -zv 10.0.0.${host === 'web' ? 10 : 11} ${port}`],
      [`nc -z ${host} ${port}`],
      [`timeout 1 bash -c '</dev/tcp/${host}/${port}'`],
      ...(port === 80 ? [[`curl -s http://${host}/`]] : []),
      ...(port === 22 ? [[`ssh ${host} true`]] : []),
    ],
    wrong: {
      'reach-own': ['ss -ltn'],
      'reach-refused': [`nc -zv ${host} 81`],
      'reach-name': ['nc -zv wbe 80'],
      'reach-udp': [`nc -zvu ${host} ${port}`],
      otherwise: ['uptime'],
    },
  }),
  'let-in': ({ port }) => ({
    right: [
      [`sudo iptables -I INPUT -p tcp --dport ${port} -j ACCEPT -i eth0`],
      [`sudo iptables -A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`],
      [`sudo iptables -A INPUT --protocol tcp --destination-port ${port} --jump ACCEPT`],
      [`sudo iptables -t filter -A INPUT -p tcp --dport ${port} -j ACCEPT`],
      [`sudo iptables -A INPUT -p tcp -m multiport --dports ${port} -j ACCEPT`],
      [`sudo iptables -A INPUT -p tcp -m conntrack --ctstate NEW --dport ${port} -j ACCEPT`],
      [`sudo iptables -A INPUT -p tcp --dport ${port}:${port} -j ACCEPT`],
      ['sudo su', `iptables -A INPUT -p tcp --dport ${port} -j ACCEPT`],
      [`sudo iptables -A INPUT -p tcp -s 0.0.0.0/0 --dport ${port} -j ACCEPT`],
      [`sudo iptables -A INPUT -p TCP --dport ${port} -j ACCEPT`],
      [`sudo iptables -A INPUT -p 6 --dport ${port} -j ACCEPT`],
      [`sudo iptables -A INPUT -d 10.0.0.2 -p tcp --dport ${port} -j ACCEPT`],
      [`sudo iptables --append INPUT -p tcp --dport ${port} -j ACCEPT`],
      [`sudo iptables -I INPUT -p tcp --dport ${port} -j ACCEPT`],
      [`sudo iptables -I INPUT 2 -p tcp -m tcp --dport ${port} -m state --state NEW -j ACCEPT`],
    ],
    wrong: {
      'let-in-no-sudo': [`iptables -A INPUT -p tcp --dport ${port} -j ACCEPT`],
      'let-in-all': ['sudo iptables -P INPUT ACCEPT'],
      'let-in-output': [`sudo iptables -A OUTPUT -p tcp --dport ${port} -j ACCEPT`],
      'let-in-source': [`sudo iptables -A INPUT -p tcp --sport ${port} -j ACCEPT`],
      'let-in-protocol': [`sudo iptables -A INPUT --dport ${port} -j ACCEPT`],
      'let-in-forward': [`sudo iptables -A FORWARD -p tcp --dport ${port} -j ACCEPT`],
      'let-in-udp': [`sudo iptables -A INPUT -p udp --dport ${port} -j ACCEPT`],
      'let-in-drop': [`sudo iptables -A INPUT -p tcp --dport ${port} -j DROP`],
      otherwise: ['sudo iptables -S'],
    },
  }),
  'shut-out': ({ port }) => ({
    right: [
      [`sudo iptables -R INPUT 3 -p tcp --dport ${port} -j DROP`],
      [`sudo iptables -I INPUT -p tcp --dport ${port} -j REJECT --reject-with tcp-reset`],
      [`sudo iptables -D INPUT 3`, `sudo iptables -A INPUT -p tcp --dport ${port} -j DROP`],
      [`sudo iptables -I INPUT 3 -p tcp --dport ${port} -j DROP`],
      [`sudo iptables -I INPUT -p tcp -m tcp --dport ${port} --syn -j DROP`],
      [`sudo iptables -I INPUT -p tcp --dport ${port} -m state --state NEW -j DROP`],
      [`sudo iptables -I INPUT -p tcp -m multiport --dports ${port} -j DROP`],
      ['sudo su', `iptables -I INPUT -p tcp --dport ${port} -j DROP`],
      [`sudo iptables --insert INPUT --protocol tcp --destination-port ${port} --jump REJECT`],
      [`sudo iptables -I INPUT -i eth0 -p tcp --dport ${port} -j DROP`],
      [`sudo iptables -F INPUT`, `sudo iptables -A INPUT -p tcp --dport ${port} -j DROP`],
      [`sudo iptables -I INPUT 1 -p tcp --dport ${port} -j REJECT`],
      [
        `sudo iptables -D INPUT -p tcp --dport ${port} -j ACCEPT`,
        `sudo iptables -A INPUT -p tcp --dport ${port} -j DROP`,
      ],
    ],
    wrong: {
      'shut-out-no-sudo': [`iptables -I INPUT -p tcp --dport ${port} -j DROP`],
      'shut-out-killed': [`sudo pkill -f 'http.server ${port}'`],
      'shut-out-all': ['sudo iptables -I INPUT -j DROP'],
      'shut-out-behind': [`sudo iptables -A INPUT -p tcp --dport ${port} -j DROP`],
      'shut-out-removed': [`sudo iptables -D INPUT -p tcp --dport ${port} -j ACCEPT`],
      'shut-out-protocol': [`sudo iptables -I INPUT --dport ${port} -j DROP`],
      'shut-out-udp': [`sudo iptables -I INPUT -p udp --dport ${port} -j DROP`],
      'shut-out-source': [`sudo iptables -I INPUT -p tcp --sport ${port} -j DROP`],
      'shut-out-output': [`sudo iptables -I OUTPUT -p tcp --dport ${port} -j DROP`],
      otherwise: ['sudo iptables -S'],
    },
  }),
};

describe.each(items)('%s', (item) => {
  const name = item.slice(item.indexOf('/') + 1);
  const triesOf = tries[name];
  if (!triesOf) throw new Error(`nothing is tried for ${item}`);
  const asked = [1, 2, 3, 4].map((seed) => ask(item, seed));

  it('is done by its solution, whatever the numbers', async () => {
    for (const one of asked) {
      const { key } = one.question;
      if (key.kind !== 'command') throw new Error('no command');
      expect([key.answer, await attempt(one, [key.answer])]).toEqual([
        key.answer,
        expect.objectContaining({ hasDoneIt: true }),
      ]);
    }
  });

  it('is not done before anything was', async () => {
    for (const one of asked) expect((await attempt(one, ['true'])).hasDoneIt).toBe(false);
  });

  it('is done by other right ways', async () => {
    for (const one of asked.slice(0, 2)) {
      for (const lines of triesOf(one.values).right) {
        expect([lines, (await attempt(one, lines)).hasDoneIt]).toEqual([lines, true]);
      }
    }
  });

  it('recognises every mistake that it foresees, and counts none as done', async () => {
    for (const one of asked.slice(0, 2)) {
      const { wrong } = triesOf(one.values);
      expect(Object.keys(wrong).sort()).toEqual(Object.keys(one.question.feedback).sort());
      for (const [hint, lines] of Object.entries(wrong)) {
        const { hasDoneIt, hint: given } = await attempt(one, lines);
        expect([lines, hasDoneIt, given]).toEqual([lines, false, hint]);
      }
    }
  });

  it('never says its solution in a hint', () => {
    for (const { question } of asked) {
      const { key, feedback } = question;
      for (const words of Object.values(feedback)) {
        expect(key.kind === 'command' && words.includes(key.answer)).toBe(false);
      }
    }
  });
});

it('what does not end by itself is interrupted, and the machine goes on', async () => {
  const asked = ask('type-command/set-range', 1);
  if (!asked.question.lab || asked.question.key.kind !== 'command') throw new Error('no machine');
  const run = new CommandRun(asked.question.lab, terminal.machine);
  for (const line of [
    'nc -l 8080',
    "echo 'left open",
    'cat',
    'vi /etc/hosts',
    'less /etc/services',
  ]) {
    expect((await run.run(line)).hasDoneIt).toBe(false);
  }
  expect((await run.run(asked.question.key.answer)).hasDoneIt).toBe(true);
  run.stop();
});
