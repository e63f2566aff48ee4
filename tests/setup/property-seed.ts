/**
 * Properties are held for the same examples in every run, so that a failure belongs to the change
 * that caused it. `PROPERTY_SEED=7 npm run unit` draws others.
 */
import fc from 'fast-check';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20_261_130);
if (!Number.isSafeInteger(seed))
  throw new Error('PROPERTY_SEED is a whole number, as in PROPERTY_SEED=7 npm run unit.');
fc.configureGlobal({ seed });
