/** What every part of the wiring is given: how this station is set up, and where what is opened is noted to be closed again. */
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { StationProfile } from '#domain/catalogue/station-profile.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogError } from '../ports/log.ts';
import type { AgentPaths } from '../settings.ts';

export interface AgentOptions extends AgentPaths {
  logError: LogError;
  logWarning: (message: string, context: Record<string, unknown>) => void;
  clock?: Clock;
}

export interface Start {
  options: AgentOptions;
  profile: StationProfile;
  catalogue: Catalogue;
  clock: Clock;
  createId: () => string;
  /** Disposed of in reverse, also where the start fails half way. */
  opened: AsyncDisposableStack;
}
