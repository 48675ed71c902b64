import type { RigOptions } from '#tests/rig/rig.ts';
import type { Check } from './acknowledged.ts';

/** What stands on the disk that loses its power. */
export interface Subject {
  /** Program of the guest: checks, writes `check.json` to the shared folder, then works until the plug is pulled. */
  guest: string;
  rig: Pick<RigOptions, 'memoryMb' | 'forward'>;
  /** The host's, where it is called. */
  port: number;
  beforeBoot?(): unknown;
  /** Resolves when it works again, since a cut that meets no work shows nothing. Throws when `isOver` comes first. */
  atWork(isOver: () => boolean): Promise<void>;
  /** After the last cut, while it runs. `check`: waits for another one of the guest. */
  finish?(check: () => Promise<Check>): Promise<Check>;
  close?(): Promise<void>;
}
