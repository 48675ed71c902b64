/** For programs that never end by themselves: whoever counts what they do may be killed without a word. */
const everyMs = 1_000;

/** Ends the whole group of processes; for one that leads its own. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(0, 'SIGKILL');
  }, everyMs).unref();
}
