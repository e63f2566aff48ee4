/** Every generator of practice, and drawing from them by an item's id. */

import { Random } from '../../time-and-chance/random.ts';
import { natPool, seenBehindNat } from './behind-nat.ts';
import { afterReservedBlock, firstParity, parityTurn, sustainedRate } from './choosing.ts';
import {
  segmentOrder,
  stateAfter,
  timeWaitBlocks,
  timeWaitLength,
  whoTimeWaits,
} from './closing.ts';
import { typeCommand } from './commands.ts';
import { readLine, replyPorts, sameConnection, whichSocket } from './conversations.ts';
import { canListen, knock, whoReaches } from './listening.ts';
import { sshVerdict } from './moving-ssh.ts';
import { mayPick, rangeOfPort, rangeSize, systemsRange } from './ranges.ts';
import { encryptedSibling, portOfService, serviceOfPort, transportOfService } from './services.ts';
import type { Generator, PracticeFacts, PracticeItem, Variant } from './variant.ts';

/** In the order of the course. */
export const generators: readonly Generator[] = [
  whichSocket,
  portOfService,
  serviceOfPort,
  transportOfService,
  encryptedSibling,
  rangeOfPort,
  segmentOrder,
  whoReaches,
  canListen,
  replyPorts,
  sameConnection,
  readLine,
  systemsRange,
  rangeSize,
  mayPick,
  afterReservedBlock,
  firstParity,
  parityTurn,
  stateAfter,
  whoTimeWaits,
  timeWaitLength,
  timeWaitBlocks,
  sustainedRate,
  knock,
  sshVerdict,
  natPool,
  seenBehindNat,
  typeCommand,
];

const byName = new Map(generators.map((generator) => [generator.name, generator]));

/** All items, in the order of their generators. */
export function allItems(facts: PracticeFacts): readonly PracticeItem[] {
  return generators.flatMap(({ items }) => items(facts));
}

/**
 * A question about an item.
 * @param id an item's id, such as `reply-ports/both`.
 * @param seed 0 to 2^32 − 1; the same seed gives the same question.
 * @throws RangeError where there is no such item.
 */
export function drawVariant(id: string, seed: number, facts: PracticeFacts): Variant {
  const slash = id.indexOf('/');
  const generator = byName.get(id.slice(0, slash));
  if (slash < 1 || !generator) throw new RangeError(`there is no item "${id}".`);
  return generator.draw(id.slice(slash + 1), new Random(seed).fork(id), facts);
}
