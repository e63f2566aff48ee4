/**
 * What is loaded when it is first asked for, and then kept. All who wait for it go on in the order in
 * which they asked: of two imports the later may be there first. A failed loading is tried again by
 * the next who asks.
 */
export function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    }));
}
