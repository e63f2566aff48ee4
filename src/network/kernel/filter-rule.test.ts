/** What the machine's tools can ask of a packet filter beyond a scenario's rules. */

import { describe, expect, it } from 'vitest';
import type { FilterRule, FilterSpec } from './filter-rule.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';

const accept: Omit<FilterSpec, 'rules'> = {
  policyIn: 'accept',
  policyOut: 'accept',
  filtersOwn: true,
};

function guarded(spec: FilterSpec): World {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [{ name: 'host', os: 'linux', address: '10.0.0.2', listen: [{ port: 80 }] }],
      actions: [],
    }),
  );
  world.host('host')?.setFirewall(spec);
  return world;
}

/** How a call of the host to itself ends, and what the rules and the policies counted. */
function outcome(rules: readonly FilterRule[], policies: Partial<FilterSpec> = {}) {
  const world = guarded({ ...accept, ...policies, rules });
  const host = world.host('host');
  const id = host?.connect('tcp', '127.0.0.1', 80, { owner, request: 10, response: 20 });
  world.runUntil(500);
  if (host === undefined || id?.ok !== true) throw new Error('no call');
  return {
    state: host.failure(id.value) ?? host.socket(id.value)?.state,
    counts: rules.map((rule) => host.firewallCount(rule.id)),
    policyIn: host.firewallCount(policies.policyInId),
  };
}

const owner = { pid: 1, command: 'curl', user: 'root', uid: 0, fd: 3 };
const drop: FilterRule = { chain: 'in', action: 'drop', id: 1 };

describe('a filter of the machine’s tools', () => {
  it('stops what the host sends to itself, at either end', () => {
    expect(outcome([drop]).state).toBe('SYN-SENT');
    expect(outcome([{ ...drop, chain: 'out' }]).state).toBe('SYN-SENT');
    const reject: FilterRule = { ...drop, action: 'reject', localPort: 80 };
    expect(outcome([reject]).state).toBe('ECONNREFUSED');
    // Without the port the refusal itself would be stopped.
    expect(outcome([{ ...drop, action: 'reject' }]).state).toBe('SYN-SENT');
    const { localPort, ...sent } = reject;
    expect(
      outcome([
        { ...sent, chain: 'out', ...(localPort !== undefined && { remotePort: localPort }) },
      ]).state,
    ).toBe('ECONNREFUSED');
    expect(outcome([drop], { filtersOwn: false }).state).toBe('ESTABLISHED');
  });

  it.each<[Partial<FilterRule>, string]>([
    [{ interface: 'lo' }, 'SYN-SENT'],
    [{ interface: 'eth0' }, 'ESTABLISHED'],
    [{ interface: 'l+' }, 'SYN-SENT'],
    [{ interface: 'lo', not: ['interface'] }, 'ESTABLISHED'],
    [{ local: '127.0.0.1' }, 'SYN-SENT'],
    [{ remote: '10.0.0.0/8' }, 'ESTABLISHED'],
    [{ remote: '10.0.0.0/8', not: ['remote'] }, 'SYN-SENT'],
    [{ localPorts: [22, '79-81'] }, 'SYN-SENT'],
    [{ remotePorts: [80] }, 'ESTABLISHED'],
    [{ eitherPorts: [80] }, 'SYN-SENT'],
    [{ protocol: 'tcp', words: [] }, 'SYN-SENT'],
    [{ protocol: 'udp', words: [] }, 'ESTABLISHED'],
    [{ protocol: 'icmp', words: [] }, 'ESTABLISHED'],
    [{ states: ['NEW'] }, 'SYN-SENT'],
    [{ states: ['INVALID'] }, 'ESTABLISHED'],
    [{ flags: [3, 1] }, 'SYN-SENT'],
    [{ flags: [3, 2] }, 'ESTABLISHED'],
    [{ action: 'continue' }, 'ESTABLISHED'],
    [{ action: 'return' }, 'ESTABLISHED'],
  ])('a rule that looks at %j', (fields, state) => {
    // Answers and all that follows pass, so that only the first packet decides.
    const rest: FilterRule = { chain: 'in', action: 'accept', states: ['ESTABLISHED'], id: 2 };
    expect(outcome([rest, { ...drop, ...fields }]).state).toBe(state);
  });

  it('counts packets and their bytes, headers included', () => {
    const { counts, policyIn } = outcome([drop], { policyInId: 9 });
    expect(counts).toEqual([{ packets: 1, bytes: 60 }]);
    expect(policyIn).toEqual({ packets: 0, bytes: 0 });
    const refused = outcome([{ ...drop, action: 'reject', localPort: 80 }], { policyInId: 9 });
    // The refusal is an ICMP message, which quotes the SYN and comes in as well.
    expect(refused).toMatchObject({
      counts: [{ packets: 1, bytes: 60 }],
      policyIn: { packets: 1, bytes: 88 },
    });
  });

  it('hands on what it lets through to a later filter, which has a family and counters of its own', () => {
    const later = { ...accept, rules: [{ ...drop, localPort: 80 }] };
    expect(outcome([], { later }).state).toBe('SYN-SENT');
    expect(outcome([{ ...drop, action: 'accept' }], { later }).state).toBe('SYN-SENT');
    expect(outcome([], { family: 'ipv6', later }).state).toBe('SYN-SENT');
    expect(outcome([], { later: { ...later, family: 'ipv6' } }).state).toBe('ESTABLISHED');
    expect(outcome([{ ...drop, action: 'return' }], { later: { ...later, rules: [] } }).state).toBe(
      'ESTABLISHED',
    );
    const before = outcome([drop], { later });
    expect(before.counts[0]?.packets).toBe(1);
  });

  it('goes on counting through a change, and from 0 under a new number', () => {
    const world = guarded({ ...accept, rules: [drop] });
    const host = world.host('host');
    host?.connect('tcp', '127.0.0.1', 80, { owner });
    world.runUntil(500);
    host?.setFirewall({ ...accept, rules: [{ ...drop, id: 2 }, drop] });
    expect(host?.firewallCount(1).packets).toBe(1);
    expect(host?.firewallCount(2).packets).toBe(0);
  });

  it('goes into chains, back out of them, and not round in circles for ever', () => {
    const jump: FilterRule = { chain: 'in', action: 'jump', to: ':web', id: 1 };
    const web = (action: FilterRule['action'], fields: Partial<FilterRule> = {}): FilterRule => ({
      chain: ':web',
      action,
      id: 2,
      ...fields,
    });
    expect(outcome([jump, web('drop')]).state).toBe('SYN-SENT');
    expect(outcome([jump, web('return'), { ...drop, id: 3 }]).state).toBe('SYN-SENT');
    expect(outcome([{ ...jump, action: 'goto' }, web('return'), drop]).state).toBe('ESTABLISHED');
    expect(outcome([jump, web('jump', { to: ':web' })]).state).toBe('ESTABLISHED');
  });
});
