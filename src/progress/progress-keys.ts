/** Where progress lies in this browser's localStorage. */

export const progressKey = 'port-dojo.progress';

/** Followed by a number: records that could not be read whole, word for word. */
export const asideKeyStart = `${progressKey}.aside.`;
