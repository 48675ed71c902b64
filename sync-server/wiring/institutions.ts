import { createBindInstitution } from '../services/institutions/bind-institution.ts';
import { createEnterAsInstitution } from '../services/institutions/enter-as-institution.ts';
import { createKeyEntries } from '../services/institutions/key-entries.ts';
import { createPlatformOf } from '../services/institutions/platforms.ts';
import { createRegisterInstitution } from '../services/institutions/register-institution.ts';
import { createInstitutionRows } from '../store/institution-rows.ts';
import type { InstitutionServices } from '../transport/institution-routes.ts';
import type { AccountServices } from './accounts.ts';
import type { Stores } from './open-stores.ts';
import type { Start } from './start.ts';
import type { createWaysIn } from './ways-in.ts';

/** What institutions do at a platform's door. */
export function createInstitutions(
  { catalogue, clock, log, outside }: Pick<Start, 'catalogue' | 'clock' | 'log' | 'outside'>,
  {
    db,
    people: { sessions, attempts, signInLog },
    waysIn: { ukeyLogin },
  }: Pick<Stores, 'db'> & { people: AccountServices; waysIn: ReturnType<typeof createWaysIn> },
): Omit<InstitutionServices, 'originOf'> {
  const rows = createInstitutionRows(db);
  const platformOf = createPlatformOf(catalogue);
  const { prove } = ukeyLogin;
  const entries = createKeyEntries({ rows, platformOf, prove, clock });
  const accounts = outside.institutionAccounts;
  const common = { rows, entries, accounts, platformOf, attempts, clock, log };
  return {
    entries,
    register: createRegisterInstitution(common),
    binding: createBindInstitution({ ...common, prove }),
    enter: createEnterAsInstitution({ rows, entries, platformOf, sessions, signInLog }),
  };
}
