/** Where progress lies in this browser's localStorage. */

export const progressKey = 'port-dojo.progress';

/** Followed by a number: records that could not be read whole, word for word. */
export const asideKeyStart = `${progressKey}.aside.`;

/** Written and removed again to see whether there is room. */
export const probeKey = `${progressKey}.probe`;

/** As many characters as the probe has: more than one act adds to a record. */
export const probeRoom = 1000;

/** Told to the window whenever it turns out that progress can, or cannot, be remembered. */
export const outcomeEvent = 'port-dojo:progress-outcome';
