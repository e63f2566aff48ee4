/** The shortest steps that still fail: delta debugging, with a limit on how often it tries. */

/**
 * Leaves out what is not needed for a failure: halves first, then ever smaller parts.
 * @param steps that fail
 * @param fails whether these steps, in this order, fail in the same way
 * @param mostTries how often `fails` may be asked
 * @returns steps that fail; where the limit did not end it, none of them can be left out
 */
export async function shrink<Step>(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  mostTries: number,
): Promise<readonly Step[]> {
  let kept = steps;
  let size = Math.ceil(kept.length / 2);
  let tries = 0;
  while (kept.length > 1 && tries < mostTries) {
    let hasShrunk = false;
    // The end is what failed: what comes before it is left out from the back to the front.
    for (let end = kept.length; end > 0 && tries < mostTries; end -= size) {
      const fewer = [...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)];
      if (fewer.length === 0) continue;
      tries += 1;
      if (!(await fails(fewer))) continue;
      kept = fewer;
      hasShrunk = true;
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (!hasShrunk) break;
  }
  return kept;
}
