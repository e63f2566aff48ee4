/**
 * Questions about which service has which port: the port of a service, the service of a port, its
 * transport, its encrypted sibling. Facts come from content/ports/famous.yaml.
 */

import type { Random } from '../../time-and-chance/random.ts';
import { choiceInOrder, choiceOf, item, phrase, someOf } from './drawing.ts';
import type { Generator, PracticeFacts, ServiceFact, Value, VariantOption } from './variant.ts';

const LESSON = '20-well-known-ports';

/** `22/tcp`. */
const nameOf = ({ port, transport }: ServiceFact): string => `${String(port)}/${transport}`;

const service = (fact: ServiceFact): Value => ({ service: nameOf(fact) });

/** @throws RangeError where no service has that name. */
function serviceNamed(facts: PracticeFacts, name: string): ServiceFact {
  const found = facts.services.find((fact) => itemNameOf(fact) === name);
  if (!found) throw new RangeError(`there is no service "${name}" among the famous ports.`);
  return found;
}

/** An item's name must not have a slash: `22-tcp`. */
const itemNameOf = ({ port, transport }: ServiceFact): string => `${String(port)}-${transport}`;

/** The famous services whose port alone says which is meant. */
const asked = ({ services }: PracticeFacts): readonly ServiceFact[] => services;

/** The other port of the same service, in plain or encrypted form. */
function siblingOf(facts: PracticeFacts, fact: ServiceFact): ServiceFact | undefined {
  return facts.services.find(
    ({ port, sibling }) => port === fact.sibling || (sibling === fact.port && port !== fact.port),
  );
}

/** Other services, the nearest in number first among equals, never one with the same port. */
function others(random: Random, facts: PracticeFacts, fact: ServiceFact, count: number) {
  const sibling = siblingOf(facts, fact);
  const rest = facts.services.filter(({ port }) => port !== fact.port && port !== sibling?.port);
  const near = rest.filter(({ isCore }) => isCore === fact.isCore);
  const drawn = someOf(random, near.length >= count ? near : rest, count);
  return sibling ? [sibling, ...drawn.slice(0, count - 1)] : drawn;
}

/** Which port does this service use? */
export const portOfService: Generator = {
  name: 'port-of-service',
  items: (facts) =>
    asked(facts).map((fact) => item(`port-of-service/${itemNameOf(fact)}`, LESSON, 'the-eighteen')),
  draw: (name, random, facts) => {
    const fact = serviceNamed(facts, name);
    const sibling = siblingOf(facts, fact);
    const option = (other: ServiceFact): VariantOption => ({
      id: String(other.port),
      label: phrase('port', { port: other.port }),
      feedback: phrase(other === sibling ? 'sibling' : 'other', {
        port: other.port,
        service: service(other),
      }),
      ...(other === sibling ? { misconception: 'encrypted-same-port' } : {}),
    });
    const values = { service: service(fact), port: fact.port };
    return {
      prompt: phrase('prompt', { service: service(fact) }),
      asked: choiceOf(
        random,
        {
          id: String(fact.port),
          label: phrase('port', { port: fact.port }),
          feedback: phrase('right', values),
        },
        others(random, facts, fact, 3).map(option),
      ),
      because: phrase('right', values),
    };
  },
};

/** Which service is usually met on this port? */
export const serviceOfPort: Generator = {
  name: 'service-of-port',
  items: (facts) =>
    asked(facts).map((fact) => item(`service-of-port/${itemNameOf(fact)}`, LESSON, 'the-eighteen')),
  draw: (name, random, facts) => {
    const fact = serviceNamed(facts, name);
    const sibling = siblingOf(facts, fact);
    const values = { service: service(fact), port: fact.port };
    return {
      prompt: phrase('prompt', { port: fact.port, transport: fact.transport.toUpperCase() }),
      asked: choiceOf(
        random,
        { id: nameOf(fact), label: service(fact), feedback: phrase('right', values) },
        others(random, facts, fact, 3).map((other) => ({
          id: nameOf(other),
          label: service(other),
          feedback: phrase(other === sibling ? 'sibling' : 'other', {
            port: other.port,
            service: service(other),
          }),
          ...(other === sibling ? { misconception: 'encrypted-same-port' } : {}),
        })),
      ),
      because: phrase('right', values),
    };
  },
};

/** TCP or UDP? Services that use both from day to day are left out. */
export const transportOfService: Generator = {
  name: 'transport-of-service',
  items: (facts) =>
    asked(facts)
      .filter(({ port }) => !usesBoth.has(port))
      .map((fact) => item(`transport-of-service/${itemNameOf(fact)}`, LESSON, 'four-udp')),
  draw: (name, _random, facts) => {
    const fact = serviceNamed(facts, name);
    const values = { service: service(fact), port: fact.port };
    const option = (transport: 'tcp' | 'udp'): VariantOption => ({
      id: transport,
      label: transport.toUpperCase(),
      feedback: phrase(transport === fact.transport ? transport : `not-${transport}`, values),
      ...(transport === fact.transport ? {} : { misconception: 'tcp-udp-same-port' }),
    });
    return {
      prompt: phrase('prompt', values),
      asked: choiceInOrder([option('tcp'), option('udp')], fact.transport),
      because: phrase(fact.transport, values),
    };
  },
};

/** DNS, Kerberos, HTTPS (HTTP/3 is QUIC, over UDP) and SIP: one transport in the table, two in daily use. */
const usesBoth: ReadonlySet<number> = new Set([53, 88, 443, 5060]);

/** On which port is the same service met under encryption from the first byte? */
export const encryptedSibling: Generator = {
  name: 'encrypted-sibling',
  items: (facts) =>
    pairs(facts).map(([fact]) =>
      item(`encrypted-sibling/${itemNameOf(fact)}`, LESSON, 'two-ways-to-encrypt'),
    ),
  draw: (name, random, facts) => {
    const pair = pairs(facts).find(([fact]) => itemNameOf(fact) === name);
    if (!pair) throw new RangeError(`"${name}" has no encrypted sibling.`);
    const [fact, sibling] = pair;
    const values = { service: service(fact), port: fact.port, sibling };
    const wrongPorts = someOf(
      random,
      pairs(facts)
        .map(([, port]) => port)
        .filter((port) => port !== sibling),
      2,
    );
    return {
      prompt: phrase('prompt', values),
      asked: choiceOf(
        random,
        {
          id: String(sibling),
          label: phrase('port', { port: sibling }),
          feedback: phrase('right', values),
        },
        [
          {
            id: String(fact.port),
            label: phrase('port', { port: fact.port }),
            feedback: phrase('same', values),
            misconception: 'encrypted-same-port',
          },
          ...wrongPorts
            .filter((port) => port !== fact.port)
            .map((port) => ({
              id: String(port),
              label: phrase('port', { port }),
              feedback: phrase('other', { port, service: plainOf(facts, port) }),
            })),
        ],
      ),
      because: phrase('right', values),
    };
  },
};

/** Services in plain form, each with the port of its encrypted form; one for each such port. */
function pairs({ services }: PracticeFacts): readonly (readonly [ServiceFact, number])[] {
  const seen = new Set<number>();
  return services.flatMap((fact) => {
    if (fact.sibling === undefined || seen.has(fact.sibling)) return [];
    seen.add(fact.sibling);
    return [[fact, fact.sibling] as const];
  });
}

function plainOf(facts: PracticeFacts, sibling: number): Value {
  const found = pairs(facts).find(([, port]) => port === sibling);
  if (!found) throw new RangeError(`nothing has ${String(sibling)} as its encrypted sibling.`);
  return service(found[0]);
}
