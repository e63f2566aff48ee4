/** How time moves on the screen, and how fast. */

export type Motion = 'paused' | 'playing' | 'rewinding' | 'fast';

export type SpeedId = 'slowest' | 'slow' | 'brisk' | 'tenth' | 'real' | 'ten' | 'sixty';

export const speedIds: readonly SpeedId[] = [
  'slowest',
  'slow',
  'brisk',
  'tenth',
  'real',
  'ten',
  'sixty',
];
