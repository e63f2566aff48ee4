/** What happens, in sentences: for the line under the picture, the live region and the text twin. */

import type { ErrorEvent, TraceEvent } from '../../network/trace/trace.ts';
import { addressOf, portOf } from '../../simulation-kit/endpoint.ts';
import { ssState } from '../../simulation-kit/socket-rows.ts';
import { fill, formatCount, formatTime } from '../../simulation-kit/words.ts';
import type { Cast } from './session.ts';
import { FEW, hostPlaces, meaningOf, type WirePicture } from './wire-picture.ts';
import type { Words } from './words.ts';

/** A host's name in a sentence: its role where nobody shares it. */
export function subjectOf(words: Words, cast: Cast, name: string, isObject = false): string {
  const isClient = cast.clients.some((host) => host.name === name);
  const peers = isClient ? cast.clients : cast.servers;
  if (peers.length > 1) return name;
  if (isObject) return isClient ? words.stage.ofClient : words.stage.ofServer;
  return isClient ? words.stage.theClient : words.stage.theServer;
}

function hostAt(words: Words, cast: Cast, endpoint: string): string {
  const address = addressOf(endpoint);
  const host = [...cast.clients, ...cast.servers].find((one) => one.addresses.includes(address));
  return host === undefined ? address : subjectOf(words, cast, host.name);
}

export interface Counts {
  /** Connections as the clients see them: established. */
  readonly open: number;
  /** … and those that are being opened or closed. */
  readonly used: number;
  readonly waiting: number;
}

const spoken = (counts: Counts) => ({
  open: formatCount(counts.open),
  used: formatCount(counts.used),
  waiting: formatCount(counts.waiting),
});

/** What the caption says instead of telling the picture: before anything, or while something is asked. */
export type CaptionState =
  | 'ready'
  | 'readyAny'
  | 'midway'
  | 'empty'
  | 'emptyAny'
  | 'asking'
  | 'running';

/** One sentence on what the picture shows. */
export function captionOf(
  words: Words,
  cast: Cast,
  wire: WirePicture,
  counts: Counts,
  state: CaptionState | ErrorEvent,
): string {
  // A call that failed is what has just happened, whatever else is on its way.
  if (typeof state === 'object') return sentenceOf(words, cast, state) ?? '';
  if (state !== 'running') return words.sentences[state];
  const newest = wire.packets.at(-1);
  if (wire.count === 0 || newest === undefined) return fill(words.sentences.idle, spoken(counts));
  // By their number, not by what a picture has room for: a small window says the same as the wall.
  if (wire.count > FEW) {
    return fill(words.sentences.crowd, { count: formatCount(wire.count), ...spoken(counts) });
  }
  return fill(words.sentences[newest.meaning], {
    host: hostAt(words, cast, newest.from),
    from: newest.fromPort ?? '',
    to: newest.toPort ?? '',
  });
}

function stateSentence(
  words: Words,
  host: string,
  event: Extract<TraceEvent, { event: 'state' }>,
): string {
  const values = { host, local: event.local, remote: event.remote };
  if (event.state === 'CLOSED') return fill(words.sentences.gone, values);
  if (event.state === 'LISTEN') return fill(words.sentences.listening, values);
  if (event.state === 'TIME-WAIT') {
    return fill(words.sentences.waits, {
      ...values,
      until: formatTime(event.expiresAtMs ?? event.atMs),
    });
  }
  return fill(words.sentences.state, { ...values, state: ssState(event.state) });
}

/** An event as a sentence; null for one that only repeats another (an arrival is the next thing's cause). */
export function sentenceOf(words: Words, cast: Cast, event: TraceEvent): string | null {
  switch (event.event) {
    case 'port-chosen':
      return fill(event.by === 'connect' ? words.sentences.chosen : words.sentences.bound, {
        host: subjectOf(words, cast, event.host),
        port: event.port,
        connection: event.connection,
      });
    case 'segment':
    case 'datagram': {
      if (event.phase === 'arrived') return null;
      const isOutward = hostPlaces(cast).get(addressOf(event.from))?.[0] === 'client';
      const meaning =
        event.phase === 'lost'
          ? 'lost'
          : event.event === 'datagram'
            ? 'datagram'
            : meaningOf(
                event.flags,
                event.bytes,
                isOutward,
                portOf(isOutward ? event.to : event.from),
              );
      return fill(words.sentences[meaning], {
        host: hostAt(words, cast, event.from),
        from: portOf(event.from),
        to: portOf(event.to),
      });
    }
    case 'state':
      return stateSentence(words, subjectOf(words, cast, event.host), event);
    case 'error': {
      const errors: Readonly<Record<string, string>> = words.sentences.error;
      return fill(errors[event.error] ?? words.sentences.error.other, {
        host: subjectOf(words, cast, event.host),
        error: event.error,
      });
    }
    case 'sysctl':
      return fill(words.sentences.sysctl, {
        host: subjectOf(words, cast, event.host),
        key: event.key,
        value: event.value,
      });
    // Routers and filters have widgets of their own; this one has neither.
    case 'firewall':
    case 'nat':
      return null;
    case 'icmp':
      return event.phase === 'arrived'
        ? null
        : fill(words.sentences.icmp, {
            host: hostAt(words, cast, event.from),
            message: event.message,
          });
  }
}

/** The context of a change: how many connections there are now. */
export function contextOf(words: Words, counts: Counts): string {
  return fill(words.announce.context, spoken(counts));
}
