import { describe, expect, it } from 'vitest';
import {
  addresses,
  deliverAll,
  envelopeKey,
  machines,
  destinations,
  ports,
  transports,
} from './delivery.ts';
import { destinationOf } from './destinations.ts';

const outcomes = deliverAll();

describe('an envelope with an address and a port', () => {
  it('has an outcome for everything a learner can write', () => {
    expect(Object.keys(outcomes)).toHaveLength(addresses.length * transports.length * ports.length);
  });

  it('ends at a place where it can be dropped, and each place is the end of some envelope', () => {
    const ends = addresses.flatMap((address) =>
      transports.flatMap((protocol) =>
        ports.map((port) => {
          const outcome = outcomes[envelopeKey(address, protocol, port)];
          if (!outcome) throw new Error(`${address} ${protocol} ${port} was not posted`);
          return destinationOf(outcome, protocol, port);
        }),
      ),
    );
    expect(new Set(ends)).toEqual(new Set(destinations));
  });

  it('reaches a program exactly where one listens, for that transport alone', () => {
    for (const { address, name, listeners } of machines) {
      for (const protocol of transports) {
        for (const port of ports) {
          const listener = listeners.find((one) => one.protocol === protocol && one.port === port);
          expect(outcomes[envelopeKey(address, protocol, port)]).toEqual(
            listener
              ? { kind: 'delivered', host: name, program: listener.program }
              : { kind: 'refused', host: name },
          );
        }
      }
    }
  });

  it('finds nobody where no machine is: TCP is told after 3 seconds, UDP never', () => {
    expect(outcomes[envelopeKey('10.0.0.99', 'tcp', 80)]).toEqual({
      kind: 'unanswered',
      seconds: 3,
    });
    expect(outcomes[envelopeKey('10.0.0.99', 'udp', 123)]).toEqual({
      kind: 'unanswered',
      seconds: null,
    });
  });
});
