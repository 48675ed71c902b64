import type { Credentials } from './credentials.ts';
import type { Report } from './report.ts';
import type { RecordKind } from './schema.ts';

/** Every type is of a kind with papers, and each of these has one: else a green light would promise what is never issued. */
export function checkCredentials({ types }: Credentials, kinds: readonly RecordKind[], report: Report): void {
  types.forEach(({ kind, code }, index) => {
    const found = kinds.find(({ id }) => id === kind);
    if (!found) report(`credentials.types.${index}.kind`, `unknown record kind: ${kind}`);
    else if (found.materials.length === 0)
      report(`credentials.types.${index}.kind`, `no paper of ${kind} is checked: it is never green`);
    for (const [key, value] of Object.entries({ kind, code }))
      if (types.findIndex((other) => Object.values(other).includes(value)) !== index)
        report(`credentials.types.${index}.${key}`, `given twice: ${value}`);
  });
  for (const { id, materials } of kinds)
    if (materials.length > 0 && !types.some(({ kind }) => kind === id))
      report('credentials.types', `no type for ${id}`);
}
