/**
 * The chains in which ufw 0.36.2 keeps its rules, as it loads them on Debian 12 (/etc/ufw/before.rules,
 * after.rules and its own), and how the built-in ones lead there.
 */

const parts = ['input', 'forward', 'output'] as const;
const stages = ['before-logging', 'before', 'after', 'after-logging', 'reject', 'track'] as const;

/** The chains that stay, empty, when ufw is switched off. */
export const standingChains: readonly string[] = stages.flatMap((stage) =>
  parts.map((part) => `ufw-${stage}-${part}`),
);

/** The chains that come and go with it. */
export const passingChains: readonly string[] = [
  'ufw-logging-allow',
  'ufw-logging-deny',
  'ufw-not-local',
  ...parts.map((part) => `ufw-skip-to-policy-${part}`),
  ...parts.map((part) => `ufw-user-${part}`),
  'ufw-user-limit',
  'ufw-user-limit-accept',
  ...parts.map((part) => `ufw-user-logging-${part}`),
];

/** From the built-in chains through ufw's own, stage by stage. */
export const entrances: readonly (readonly [chain: string, words: string])[] = parts.flatMap(
  (part) => stages.map((stage) => [part.toUpperCase(), `-j ufw-${stage}-${part}`] as const),
);

export type UfwPolicy = 'allow' | 'deny' | 'reject';

const verdicts: Readonly<Record<UfwPolicy, string>> = {
  allow: 'ACCEPT',
  deny: 'DROP',
  reject: 'REJECT',
};

/** What is in the chains besides the user's rules. */
export function standingRules(
  policies: Readonly<Record<(typeof parts)[number], UfwPolicy>>,
  logs: boolean,
): readonly (readonly [chain: string, words: string])[] {
  const skip = (part: (typeof parts)[number]) => `ufw-skip-to-policy-${part}`;
  const limit = '-m limit --limit 3/min --limit-burst 10';
  const icmp = (chain: string) =>
    [3, 11, 12, 8].map((type) => [chain, `-p icmp --icmp-type ${type} -j ACCEPT`] as const);
  const established = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
  const lines: (readonly [string, string])[] = [
    ...(['udp 137', 'udp 138', 'tcp 139', 'tcp 445', 'udp 67', 'udp 68'] as const).map((one) => {
      const [protocol = '', port = ''] = one.split(' ');
      return ['ufw-after-input', `-p ${protocol} --dport ${port} -j ${skip('input')}`] as const;
    }),
    ['ufw-after-input', `-m addrtype --dst-type BROADCAST -j ${skip('input')}`],
    ['ufw-before-forward', established],
    ...icmp('ufw-before-forward'),
    ['ufw-before-forward', '-j ufw-user-forward'],
    ['ufw-before-input', '-i lo -j ACCEPT'],
    ['ufw-before-input', established],
    ['ufw-before-input', '-m conntrack --ctstate INVALID -j ufw-logging-deny'],
    ['ufw-before-input', '-m conntrack --ctstate INVALID -j DROP'],
    ...icmp('ufw-before-input'),
    ['ufw-before-input', '-p udp --sport 67 --dport 68 -j ACCEPT'],
    ['ufw-before-input', '-j ufw-not-local'],
    ['ufw-before-input', '-d 224.0.0.251 -p udp --dport 5353 -j ACCEPT'],
    ['ufw-before-input', '-d 239.255.255.250 -p udp --dport 1900 -j ACCEPT'],
    ['ufw-before-input', '-j ufw-user-input'],
    ['ufw-before-output', '-o lo -j ACCEPT'],
    ['ufw-before-output', established],
    ['ufw-before-output', '-j ufw-user-output'],
    ['ufw-not-local', '-m addrtype --dst-type LOCAL -j RETURN'],
    ['ufw-not-local', '-m addrtype --dst-type MULTICAST -j RETURN'],
    ['ufw-not-local', '-m addrtype --dst-type BROADCAST -j RETURN'],
    ['ufw-not-local', `${limit} -j ufw-logging-deny`],
    ['ufw-not-local', '-j DROP'],
    ...parts.map((part) => [skip(part), `-j ${verdicts[policies[part]]}`] as const),
    ['ufw-user-limit', '-j REJECT'],
    ['ufw-user-limit-accept', '-j ACCEPT'],
  ];
  for (const part of parts) {
    const policy = policies[part];
    const name = part === 'forward' ? undefined : part;
    if (policy === 'reject') lines.push([`ufw-reject-${part}`, '-j REJECT']);
    if (policy === 'allow' && name !== undefined)
      for (const protocol of ['tcp', 'udp'])
        lines.push([`ufw-track-${name}`, `-p ${protocol} -m conntrack --ctstate NEW -j ACCEPT`]);
  }
  if (!logs) return lines;
  for (const part of parts)
    if (policies[part] !== 'allow')
      lines.push([`ufw-after-logging-${part}`, `${limit} -j LOG --log-prefix "[UFW BLOCK] "`]);
  return [
    ['ufw-user-limit', '-m limit --limit 3/min -j LOG --log-prefix "[UFW LIMIT BLOCK] "'],
    ['ufw-logging-allow', `${limit} -j LOG --log-prefix "[UFW ALLOW] "`],
    ['ufw-logging-deny', `-m conntrack --ctstate INVALID ${limit} -j RETURN`],
    ['ufw-logging-deny', `${limit} -j LOG --log-prefix "[UFW BLOCK] "`],
    ...lines,
  ];
}

/** Words of a rule, those in quotation marks whole. */
export function wordsOf(line: string): readonly string[] {
  return Array.from(
    line.matchAll(/"([^"]*)"|(\S+)/g),
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
}
