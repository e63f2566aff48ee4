/** What is read of the recordings from a real kernel (tests/golden); they hold much more. */

import { z } from 'astro/zod';

const ports = z.array(z.int());
const recovery = z.object({ recovered_after_s_since_first_close: z.number() });
const duration = z.object({ time_wait_lasted_s: z.number() });

export const paritySchema = z.object({
  same_destination: z.array(z.object({ ports })),
  many_destinations: z.object({ ports }),
});

export const tinyRangeSchema = z.object({
  ranges: z.object({
    '40000 40009': z.object({
      runs: z.array(z.object({ order: ports, first_failed_attempt: z.int() })),
    }),
  }),
});

export const reservedSchema = z.object({
  data: z.object({
    first_port_2000_fresh_destinations: z.object({ counts: z.record(z.string(), z.int()) }),
  }),
});

export const timeWaitSchema = z.object({
  data: z.object({
    'client_closes_first reuse=0 dst=10.99.0.1:8082': recovery,
    'client_closes_first reuse=1 dst=10.99.0.1:8083': recovery,
    'tcp_fin_timeout=60': duration,
    'tcp_fin_timeout=5': duration,
  }),
});

export const bindSchema = z.object({
  data: z.object({ default_range_2000_plain: z.object({ ports }) }),
});

export const udpSchema = z.object({
  data: z.object({ '2000 x connect() different destinations': z.object({ ports }) }),
});

export const miscSchema = z.object({
  data: z.object({
    connect_latency_vs_fill_one_destination: z.object({
      mean_us_per_block: z.array(z.tuple([z.int(), z.int(), z.number()])),
    }),
  }),
});
