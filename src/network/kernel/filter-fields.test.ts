/** What rules of Linux' own tools look at besides a scenario's: ICMP's types, kinds of address, lists. */

import { describe, expect, it } from 'vitest';
import { clientAndWeb } from '../world-fixtures.ts';
import type { FilterRule } from './filter-rule.ts';

/** A server that drops what a rule does not accept; what comes back to the client. */
function behind(rules: readonly FilterRule[]) {
  const world = clientAndWeb({ listen: [{ port: 80 }, { port: 443 }] });
  const [client, web] = [world.host('client'), world.host('web')];
  if (client === undefined || web === undefined) throw new Error('no host');
  web.setFirewall({ policyIn: 'drop', policyOut: 'accept', rules });
  let number = 0;
  return {
    world,
    web,
    isEchoAnswered: (): boolean => {
      number += 1;
      client.echo('10.0.0.10', { identifier: 7, number, bytes: 56 });
      world.runUntil(world.nowMs + 20);
      return client.echoAnswers(7).at(-1)?.number === number;
    },
    isOpen: (port: number): boolean => {
      const made = client.connect('tcp', '10.0.0.10', port, { request: 0 });
      world.runUntil(world.nowMs + 50);
      return made.ok && client.socket(made.value)?.state === 'ESTABLISHED';
    },
  };
}

const accept = { chain: 'in', action: 'accept' } as const;

describe('a rule', () => {
  it.each([
    [8, true],
    [0, false],
    [3, false],
  ])('of ICMP type %i lets an echo in: %s', (icmpType, isIn) => {
    expect(behind([{ ...accept, protocol: 'icmp', icmpType }]).isEchoAnswered()).toBe(isIn);
  });

  it.each([
    ['local', true],
    ['other', false],
  ] as const)('of the kind of address %s lets in what is for the host: %s', (addressType, isIn) => {
    expect(behind([{ ...accept, addressType }]).isOpen(80)).toBe(isIn);
  });

  it('of ports looks at its own side, or at either', () => {
    expect(behind([{ ...accept, localPorts: [22, '80-90'] }]).isOpen(80)).toBe(true);
    expect(behind([{ ...accept, localPorts: [22, '80-90'] }]).isOpen(443)).toBe(false);
    expect(behind([{ ...accept, remotePorts: [22, '80-90'] }]).isOpen(80)).toBe(false);
    expect(behind([{ ...accept, remotePorts: ['1024-65535'] }]).isOpen(80)).toBe(true);
    expect(behind([{ ...accept, eitherPorts: [80] }]).isOpen(80)).toBe(true);
    expect(behind([{ ...accept, eitherPorts: ['1024-65535'] }]).isOpen(80)).toBe(true);
    expect(behind([{ ...accept, eitherPorts: [22] }]).isOpen(80)).toBe(false);
  });

  it('can say the opposite of what it looks at', () => {
    for (const rule of [
      { localPort: 80, not: ['localPort'] },
      { localPorts: [80], not: ['localPorts'] },
      { eitherPorts: [80], not: ['eitherPorts'] },
      { addressType: 'local', not: ['addressType'] },
      { protocol: 'tcp', not: ['protocol'] },
      { states: ['NEW'], not: ['states'] },
    ] as const)
      expect(behind([{ ...accept, ...rule }]).isOpen(80)).toBe(false);
    const other = behind([{ ...accept, localPort: 443, not: ['localPort'] }]);
    expect([other.isOpen(80), other.isOpen(443)]).toEqual([true, false]);
  });

  it('of a state knows what opens a connection, and what belongs to none', () => {
    const opens = { ...accept, states: ['NEW', 'ESTABLISHED'] } as const;
    expect(behind([opens]).isOpen(80)).toBe(true);
    expect(behind([opens]).isEchoAnswered()).toBe(true);
    expect(behind([{ ...accept, states: ['INVALID'] }]).isOpen(80)).toBe(false);
    expect(behind([{ ...accept, states: ['RELATED'] }]).isEchoAnswered()).toBe(false);
  });

  it('of an interface knows the card by its name, or the beginning of it', () => {
    expect(behind([{ ...accept, interface: 'eth0' }]).isOpen(80)).toBe(true);
    expect(behind([{ ...accept, interface: 'eth+' }]).isOpen(80)).toBe(true);
    expect(behind([{ ...accept, interface: 'lo' }]).isOpen(80)).toBe(false);
  });
});

describe('a list of senders (xt_recent)', () => {
  const noted = { chain: 'in', action: 'continue' } as const;
  const many = { does: 'update', list: 'l', seconds: 30, hits: 3 } as const;
  const limited = () =>
    behind([
      { ...noted, recent: { does: 'set', list: 'l' } },
      { chain: 'in', action: 'drop', recent: many },
      accept,
    ]);

  it('stops who comes too often, until it has been quiet for so long', () => {
    const { world, isEchoAnswered } = limited();
    expect([isEchoAnswered(), isEchoAnswered(), isEchoAnswered()]).toEqual([true, true, false]);
    expect(isEchoAnswered()).toBe(false);
    world.runUntil(world.nowMs + 30_001);
    expect(isEchoAnswered()).toBe(true);
  });

  it('asks in vain where nobody was noted, and counts for ever where no time is said', () => {
    const asks = behind([{ ...accept, recent: { does: 'update', list: 'l' } }]);
    expect(asks.isEchoAnswered()).toBe(false);
    const forever = behind([
      { chain: 'in', action: 'drop', recent: { does: 'update', list: 'l' } },
      { ...accept, recent: { does: 'set', list: 'l' } },
    ]);
    expect(forever.isEchoAnswered()).toBe(true);
    forever.world.runUntil(1_000_000);
    expect(forever.isEchoAnswered()).toBe(false);
  });

  it('is kept when the rules are changed', () => {
    const { web, isEchoAnswered } = limited();
    isEchoAnswered();
    isEchoAnswered();
    const spec = web.firewallSpec();
    if (spec === null) throw new Error('no filter');
    web.setFirewall({ ...spec });
    expect(isEchoAnswered()).toBe(false);
  });
});
