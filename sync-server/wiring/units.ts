import { createFindCase } from '../services/cases/found-case.ts';
import { createProceedCase } from '../services/cases/proceed-case.ts';
import { createCorrectHandler } from '../services/units/correct-handler.ts';
import { createFileHandler } from '../services/units/file-handler.ts';
import { createHandlers } from '../services/units/handlers.ts';
import { createMainHandlers } from '../services/units/main-handler.ts';
import { createOwnUnit } from '../services/units/own-unit.ts';
import { createUnitKeys } from '../services/units/unit-keys.ts';
import { createUnitPages } from '../services/units/unit-pages.ts';
import { createDirectoryRows } from '../store/directory-rows.ts';
import { createUnitRows } from '../store/unit-rows.ts';
import type { UnitServices } from '../transport/unit-routes.ts';
import type { AccountServices } from './accounts.ts';
import type { Logs } from './logs.ts';
import type { Stores } from './open-stores.ts';
import type { Services } from './services.ts';
import type { Start } from './start.ts';

/** A unit's back end. */
export function createUnits(
  { catalogue, clock, log, outside }: Start,
  { db, atomic, cases, records, catalogues }: Stores,
  {
    people: { attempts },
    services: { fileRecord, opening, announcements },
    logs,
  }: { people: AccountServices; services: Services; logs: Logs },
): UnitServices {
  const rows = createUnitRows(db);
  const ownUnit = createOwnUnit({ rows, catalogue });
  const filing = { rows, atomic, attempts, fileRecord, catalogue, clock };
  const fileHandler = createFileHandler(filing);
  const correctHandler = createCorrectHandler({
    ...{ cases, records, fileHandler, catalogue, clock },
    finding: createFindCase({ cases, records, catalogues }),
    proceeding: createProceedCase({ cases, opening, announcements, clock, log }),
  });
  return {
    pages: createUnitPages({ rows, ownUnit, cases, records, logs: logs.rows, catalogue }),
    handlers: createHandlers({
      ...{ rows, ownUnit, fileHandler, correctHandler, catalogue, clock, log },
      freezing: createDirectoryRows(db),
    }),
    keys: createUnitKeys({ rows, caCompany: outside.caCompany, ownUnit, fileHandler, clock, log }),
    mainHandlers: createMainHandlers({ ...filing, ownUnit }),
  };
}
