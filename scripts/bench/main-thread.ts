/** What a page's main thread does while something happens, from the browser's own trace. */
import type { CDPSession } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  /** The thread's own time: what other programs take of the machine is not in it. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The milliseconds of each task of the page's main thread while something is done. */
export async function tasksDuring(
  devTools: CDPSession,
  work: () => Promise<void>,
): Promise<number[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }): void => {
    events.push(...(value as TraceEvent[]));
  };
  devTools.on('Tracing.dataCollected', collect);
  await devTools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', '__metadata'] },
  });
  await work();
  const complete = new Promise<unknown>((resolve) => {
    devTools.once('Tracing.tracingComplete', resolve);
  });
  await devTools.send('Tracing.end');
  await complete;
  devTools.off('Tracing.dataCollected', collect);
  const threads = events
    .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) =>
      events
        .filter((event) => event.name === 'RunTask' && event.pid === pid && event.tid === tid)
        .map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1_000),
    );
  // A browser keeps a spare process ready, which does nothing.
  return threads.toSorted((a, b) => sum(b) - sum(a))[0] ?? [];
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
