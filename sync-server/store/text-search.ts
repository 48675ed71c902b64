import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/** Whether one of the columns has that text in it, large letters or small. `\`, `%` and `_` of a person's text are themselves. */
export function containsText(columns: readonly string[], text: string): RawBuilder<boolean> {
  const pattern = `%${text
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, String.raw`\$&`)}%`;
  // the escape character is named for both databases
  const tests = columns.map((column) => sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`);
  return sql`(${sql.join(tests, sql.raw(' or '))})`;
}
