/**
 * A step that later tests of a file stand on: done by the first that needs it and then never again, so that every test runs
 * alone (`-t`) and all of them together take no longer. One that failed is tried anew, and told so by `isAgain`: what the failed
 * try left is in its way, unlike what the steps before it left.
 */
export function once<T>(work: (isAgain: boolean) => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  let isAgain = false;
  return () => {
    done ??= work(isAgain).catch((error: unknown) => {
      done = undefined;
      isAgain = true;
      throw error;
    });
    return done;
  };
}
