/** What firewall-cmd takes: what to do, with which values, in which zone, for now or permanently. */

export const usage =
  "usage: 'firewall-cmd --help' for usage information or see firewall-cmd(1) man page";

/** What stands alone. */
const standAlone = new Set(
  `state reload complete-reload runtime-to-permanent check-config get-default-zone set-default-zone
  get-active-zones version query-panic`.split(/\s+/),
);
export const verbs = ['add', 'remove', 'query'] as const;
export type Verb = (typeof verbs)[number];
export const kinds = ['service', 'port', 'rich-rule', 'interface', 'source'] as const;
export type Kind = (typeof kinds)[number];

/** What says how, beside what says what. */
const manners = new Set(['zone', 'permanent', 'quiet', 'verbose', 'timeout']);
const lists = new Set(
  `all all-zones services ports rich-rules interfaces sources protocols source-ports forward-ports
  icmp-blocks`.split(/\s+/),
);
const valued = new Set([
  'zone',
  'timeout',
  'set-default-zone',
  'set-target',
  'info-zone',
  'info-service',
  'change-interface',
  'get-zone-of-interface',
  'get-zone-of-source',
  ...verbs.flatMap((verb) => kinds.map((kind) => `${verb}-${kind}`)),
]);
const plain = new Set([
  ...standAlone,
  'permanent',
  'quiet',
  'verbose',
  'get-zones',
  'get-services',
  'get-target',
  'query-forward',
  'query-masquerade',
  ...[...lists].map((name) => `list-${name}`),
]);
/** What the real one has beside these. */
const leftOut =
  /^(?:(?:add|remove|query|list|get|set|new|delete|load|info|path|change|direct|passthrough|panic|lockdown|ipset|policy|helper|icmptype|reset)(?:-|$)|timeout$)/;

/** One call, read. */
export interface Asked {
  readonly action: string;
  readonly values: readonly string[];
  readonly zone: string | undefined;
  readonly isPermanent: boolean;
  readonly isQuiet: boolean;
}

/** firewall-cmd's own words against how it was called. */
export class UsageProblem extends Error {}
/** An option of the real one that is not on this machine. */
export class LeftOut extends Error {}

/**
 * Reads what firewall-cmd is called with.
 * @throws UsageProblem or LeftOut
 */
export function readArguments(args: readonly string[]): Asked {
  const given: { readonly name: string; readonly value: string }[] = [];
  const strange: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [, long, joined] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const name =
      arg === '-q' ? 'quiet' : arg === '-v' ? 'verbose' : arg === '-V' ? 'version' : long;
    if (name === undefined) strange.push(arg);
    else if (valued.has(name)) {
      let value = joined;
      if (value === undefined) {
        at += 1;
        value = args[at];
      }
      if (value === undefined || (joined === undefined && value.startsWith('--')))
        throw new UsageProblem(`firewall-cmd: error: argument --${name}: expected one argument`);
      given.push({ name, value });
    } else if (plain.has(name)) given.push({ name, value: '' });
    else if (leftOut.test(name)) throw new LeftOut(arg.replace(/=.*/, ''));
    else strange.push(arg);
  }
  if (strange.length > 0)
    throw new UsageProblem(`firewall-cmd: error: unrecognized arguments: ${strange.join(' ')}`);
  const actions = [...new Set(given.map(({ name }) => name).filter((name) => !manners.has(name)))];
  const has = (name: string) => given.some((one) => one.name === name);
  const alone = actions.find((name) => standAlone.has(name));
  if (alone !== undefined && (actions.length > 1 || has('permanent') || has('zone')))
    throw new UsageProblem("Can't use stand-alone options with other options.");
  const [action = '', second] = actions;
  if (second !== undefined)
    throw new UsageProblem(
      `firewall-cmd: error: argument --${second}: not allowed with argument --${action}`,
    );
  if (has('timeout')) {
    if (has('permanent')) throw new UsageProblem("Can't specify timeout for permanent action.");
    throw new LeftOut('--timeout');
  }
  if (/^[gs]et-target$/.test(action) && !has('permanent'))
    throw new UsageProblem('Option can be used only with --permanent.');
  return {
    action,
    values: given.filter(({ name }) => name === action).map(({ value }) => value),
    zone: given.findLast(({ name }) => name === 'zone')?.value,
    isPermanent: has('permanent'),
    isQuiet: has('quiet'),
  };
}
