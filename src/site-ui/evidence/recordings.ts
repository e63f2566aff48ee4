/** What the page on the simulator needs of the recordings from a real kernel (tests/golden). */

import bind from '../../../tests/golden/bind0.json';
import misc from '../../../tests/golden/misc.json';
import parity from '../../../tests/golden/parity_default.json';
import reserved from '../../../tests/golden/reserved.json';
import tinyRange from '../../../tests/golden/tiny_range_order.json';
import timeWait from '../../../tests/golden/tw.json';
import udp from '../../../tests/golden/udp.json';
import {
  bindSchema,
  miscSchema,
  paritySchema,
  reservedSchema,
  timeWaitSchema,
  tinyRangeSchema,
  udpSchema,
} from '../../schemas/recordings.ts';

const seconds = timeWaitSchema.parse(timeWait).data;

export interface TimeWaitSeconds {
  /** How long a connection stays in TIME-WAIT, by tcp_fin_timeout. */
  readonly finTimeout60: number;
  readonly finTimeout5: number;
  /** When a used-up range of ten ports serves the same destination again, by tcp_tw_reuse. */
  readonly reuseOff: number;
  readonly reuseOn: number;
}

/** What connect() costs while one destination's ports are used up. */
export interface SearchCost {
  /** Connections open by the end of the block. */
  readonly open: number;
  /** The mean of one call in the block: microseconds where recorded, candidates where simulated. */
  readonly mean: number;
}

export interface Runs {
  /** Ports of successive connections to one destination, run by run. */
  readonly sameDestination: readonly (readonly number[])[];
  /** The port of one connection to each of many destinations. */
  readonly manyDestinations: readonly number[];
  /** The order in which the range 40000–40009 is used up, run by run. */
  readonly tinyRange: readonly (readonly number[])[];
  /** The first port to each fresh destination, 32768–60500 being reserved. */
  readonly besideReserved: readonly number[];
  readonly timeWait: TimeWaitSeconds;
  /** Ports that bind() to port 0 gave, and those of UDP sockets that connected without a port. */
  readonly bindZero: readonly number[];
  readonly datagram: readonly number[];
  readonly searchCost: readonly SearchCost[];
}

export const recorded: Runs = {
  sameDestination: paritySchema.parse(parity).same_destination.map((run) => run.ports),
  manyDestinations: paritySchema.parse(parity).many_destinations.ports,
  tinyRange: tinyRangeSchema.parse(tinyRange).ranges['40000 40009'].runs.map(({ order }) => order),
  besideReserved: Object.entries(
    reservedSchema.parse(reserved).data.first_port_2000_fresh_destinations.counts,
  ).flatMap(([port, count]) => Array.from({ length: count }, () => Number(port))),
  timeWait: {
    finTimeout60: seconds['tcp_fin_timeout=60'].time_wait_lasted_s,
    finTimeout5: seconds['tcp_fin_timeout=5'].time_wait_lasted_s,
    reuseOff:
      seconds['client_closes_first reuse=0 dst=10.99.0.1:8082'].recovered_after_s_since_first_close,
    reuseOn:
      seconds['client_closes_first reuse=1 dst=10.99.0.1:8083'].recovered_after_s_since_first_close,
  },
  bindZero: bindSchema.parse(bind).data.default_range_2000_plain.ports,
  datagram: udpSchema.parse(udp).data['2000 x connect() different destinations'].ports,
  searchCost: miscSchema
    .parse(misc)
    .data.connect_latency_vs_fill_one_destination.mean_us_per_block.map(([, open, mean]) => ({
      open,
      mean,
    })),
};
