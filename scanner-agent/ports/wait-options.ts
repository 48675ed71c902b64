/** What every wait for a device is given: how to call it off, and when to give up. */
export interface WaitOptions {
  signal: AbortSignal;
  timeoutMs: number;
}
