/**
 * A step that later tests of a file stand on: done by the first that needs it and then never again, so that every test runs
 * alone (`-t`) and all of them together take no longer. One that failed is tried anew.
 */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
