/** Port: a unit as its own people see it: its accounts, its keys, what it has filed. Personal data as it is kept: whoever answers it masks it. */
import type { Things } from '#domain/accounts/things.ts';
import type { Filter } from '#domain/accounts/conditions.ts';
import type { Handler, UnitKey } from '#domain/accounts/handlers.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Acting } from './account-rows.ts';
import type { IssuedKey } from './outside/ca-company.ts';

export interface UnitPerson {
  name: string;
  idNumber: string;
  mobile: string;
}

export interface UnitSelf {
  account: { id: string; name: string; kind: 'main' | 'handler'; type: string };
  unit: { id: string; name: string; code: string; scheme: string };
  /** Its main account; absent where it has none. */
  main?: { id: string; type: string; recordId?: string; createdAt: string; person: UnitPerson };
  /** Id number of the person who answers for it; absent where it is not registered. */
  representative?: string;
}

export interface FoundHandler {
  handler: Handler;
  /** That opened it. */
  recordId?: string;
  facts: Record<Things['account'], string>;
}

export interface FoundKey {
  key: UnitKey;
  /** Serial numbers alone tell whose a key is: an account of the unit is tied to it already. */
  isTied: boolean;
  facts: Record<Things['unit-key'], string>;
}

export interface UnitRows {
  /** Of an account that acts for a unit; undefined for every other. */
  find(account: string): Promise<UnitSelf | undefined>;

  /** Those that were opened last first; not those that were closed. */
  handlers(visible: Filter<Things['account']>): Promise<Handler[]>;
  findHandler(id: string): Promise<FoundHandler | undefined>;
  changeMobile(id: string, mobile: string, acting: Acting): Promise<void>;
  /** All that it is ticked for. Who is signed in goes on with the new rights, and with another token. */
  authorise(id: string, systems: readonly string[], acting: Acting): Promise<void>;

  /** Stored records of that kind of which no case was opened yet; `subject`: of that unit alone. */
  unopened(of: { programme: string; kind: string; subject?: string }): Promise<LudengRecord[]>;
  /** What the unit filed last of that kind, with the state of its case. */
  lastFiled(of: {
    programme: string;
    kind: string;
    subject: string;
  }): Promise<{ record: LudengRecord; caseState?: string } | undefined>;

  keys(unit: string): Promise<FoundKey[]>;
  findKey(id: string): Promise<FoundKey | undefined>;
  /** Those that are not known yet are added; of the others dates and state become as the company says. How many are new. */
  putKeys(unit: string, keys: readonly IssuedKey[], acting: Acting): Promise<number>;
}
