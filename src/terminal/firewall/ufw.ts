/** ufw's state: the files in which it is kept, and loading it into the packet filter. */

import { rootIdentity } from '../linux/file-system.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import { packetFilterOf, type PacketFilter } from './filter.ts';
import {
  entrances,
  passingChains,
  standingChains,
  standingRules,
  wordsOf,
  type UfwPolicy,
} from './ufw-chains.ts';
import { filterRules, readUserRules, userRulesText, type UfwRule } from './ufw-rules.ts';

const userRulesPath = '/etc/ufw/user.rules';
const userRules6Path = '/etc/ufw/user6.rules';
const configPath = '/etc/ufw/ufw.conf';
const defaultsPath = '/etc/default/ufw';

export type UfwSide = 'input' | 'output' | 'forward';

const policyWords: Readonly<Record<string, UfwPolicy>> = {
  ACCEPT: 'allow',
  DROP: 'deny',
  REJECT: 'reject',
};
const usual: Readonly<Record<UfwSide, UfwPolicy>> = {
  input: 'deny',
  output: 'allow',
  forward: 'deny',
};

export class Ufw {
  private readonly machine: LinuxHost;
  private readonly filter: PacketFilter;

  constructor(machine: LinuxHost) {
    this.machine = machine;
    this.filter = packetFilterOf(machine);
  }

  /** What ufw.service does when the machine starts. */
  boot(): void {
    if (this.isEnabled) this.load();
  }

  /** IPv4's rules, then IPv6's. */
  get rules(): readonly UfwRule[] {
    const { machine } = this;
    return [
      ...readUserRules(machine.readText(userRulesPath) ?? '', false),
      ...(machine.hasIPv6 ? readUserRules(machine.readText(userRules6Path) ?? '', true) : []),
    ];
  }

  setRules(rules: readonly UfwRule[]): void {
    this.write(userRulesPath, userRulesText(rules, false));
    this.write(userRules6Path, userRulesText(rules, true));
    if (this.isEnabled) this.load();
  }

  get isEnabled(): boolean {
    return this.setting(configPath, 'ENABLED') === 'yes';
  }

  enable(): void {
    this.set(configPath, 'ENABLED', 'yes');
    this.load();
  }

  disable(): void {
    this.set(configPath, 'ENABLED', 'no');
    this.unload();
  }

  get logs(): boolean {
    return this.setting(configPath, 'LOGLEVEL') !== 'off';
  }

  setLogs(logs: boolean): void {
    this.set(configPath, 'LOGLEVEL', logs ? 'low' : 'off');
    if (this.isEnabled) this.load();
  }

  policy(side: UfwSide): UfwPolicy {
    const word = this.setting(defaultsPath, `DEFAULT_${side.toUpperCase()}_POLICY`);
    return policyWords[word ?? ''] ?? usual[side];
  }

  setPolicy(side: UfwSide, policy: UfwPolicy): void {
    const [word = ''] = Object.entries(policyWords).find(([, name]) => name === policy) ?? [];
    this.set(defaultsPath, `DEFAULT_${side.toUpperCase()}_POLICY`, `"${word}"`);
    if (this.isEnabled) this.load();
  }

  /** Puts its chains and rules into the packet filter, as they are in the files. */
  load(): void {
    const policies = {
      input: this.policy('input'),
      output: this.policy('output'),
      forward: this.policy('forward'),
    };
    const verdict = (side: UfwSide) => (policies[side] === 'allow' ? 'accept' : 'drop');
    const own = this.rules.filter((rule) => !rule.isSix).flatMap(filterRules);
    this.filter.load('ufw-', {
      policyIn: verdict('input'),
      policyOut: verdict('output'),
      policyForward: verdict('forward'),
      chains: [...standingChains, ...passingChains],
      rules: [...entrances, ...standingRules(policies, this.logs), ...own].map(
        ([chain, words]) => [chain, wordsOf(words)] as const,
      ),
      hasBothFamilies: this.machine.hasIPv6,
    });
  }

  /** What the real one leaves behind: empty chains, and policies that let everything pass. */
  private unload(): void {
    this.filter.load('ufw-', {
      policyIn: 'accept',
      policyOut: 'accept',
      policyForward: 'accept',
      chains: standingChains,
      rules: entrances.map(([chain, words]) => [chain, wordsOf(words)] as const),
      hasBothFamilies: false,
    });
  }

  private setting(path: string, name: string): string | undefined {
    const line = new RegExp(`^${name}=(.*)$`, 'm').exec(this.machine.readText(path) ?? '');
    return line?.[1]?.replaceAll('"', '');
  }

  private set(path: string, name: string, value: string): void {
    const text = this.machine.readText(path) ?? '';
    const line = new RegExp(`^${name}=.*$`, 'm');
    this.write(
      path,
      line.test(text) ? text.replace(line, `${name}=${value}`) : `${text}${name}=${value}\n`,
    );
  }

  private write(path: string, text: string): void {
    const { files } = this.machine;
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (!files.exists(folder, rootIdentity)) files.makeDirectory(folder, rootIdentity, true);
    this.machine.writeText(path, text);
  }
}
