import type { AccountTables } from './tables/accounts.ts';
import type { CaseTables } from './tables/cases.ts';
import type { CommonTables } from './tables/common.ts';
import type { FleetTables } from './tables/fleet.ts';
import type { RegisterTables } from './tables/registers.ts';
import type { SyncTables } from './tables/sync.ts';

/** The tables as Kysely sees them. Text, integers and JSON as text only: both databases take these. Times are ISO UTC. */
export interface Tables
  extends CommonTables, FleetTables, SyncTables, CaseTables, AccountTables, RegisterTables {}
