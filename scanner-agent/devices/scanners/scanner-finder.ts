import type { PageSource } from '../../ports/page-source.ts';

/** One driver's way to its scanners: what it has seen so far, and a look at what is there now. */
export interface ScannerFinder {
  list(): PageSource[];
  /** A scanner that cannot be reached is no throw: its health says so. */
  refresh(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
