/** What every part of the wiring is given: how this server is set up, and where what is opened is noted to be closed again. */
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Clock, Log } from '../ports/surroundings.ts';
import type { ServerSettings } from '../settings.ts';
import type { OutsideServices } from './outside-services.ts';

export interface ServerParts {
  /** Instead of the one in the configuration folder. */
  catalogue?: Catalogue;
  log?: Log;
  /** `--new`: an empty database is meant, although there are a key, pages or numbers of an earlier one. */
  isNew?: boolean;
}

export interface Start {
  settings: ServerSettings;
  catalogue: Catalogue;
  log: Log;
  clock: Clock;
  outside: OutsideServices;
  makeId: () => string;
  isNew: boolean;
  /** Disposed of in reverse, also where the start fails half way. */
  opened: AsyncDisposableStack;
}
