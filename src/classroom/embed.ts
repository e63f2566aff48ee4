/**
 * A widget in somebody's frame keeps its state in its own address: a frame may have no storage, and a
 * reload of the frame finds it again.
 */

import { onMoments } from '../simulation-kit/mirrored-moments.ts';
import { replaceAddress } from '../simulation-kit/replace-address.ts';
import '../site-ui/keep-focus.ts';

onMoments({
  told: ({ id, state }) => {
    replaceAddress(`#sim-${id}=${state}`);
  },
  woke: () => undefined,
});
