/** Writes config/schemas/*.json, so that editors check and complete the YAML. `npm run schemas`; a test holds them fresh. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { guardSchema } from '#domain/catalogue/guard.ts';
import { documentTypeSchema, programmeSchema, recordKindSchema } from '#domain/catalogue/schema.ts';
import { workflowSchema } from '#domain/catalogue/workflow.ts';

const schemas = {
  'document-type': documentTypeSchema,
  guard: guardSchema,
  programme: programmeSchema,
  'record-kind': recordKindSchema,
  workflow: workflowSchema,
} as const;

/** File name to content. Defaults need not be written, so the input side of each schema is described. */
export function jsonSchemas(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.json`,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), undefined, 2)}\n`,
    ]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fileURLToPath(new URL('schemas', import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(jsonSchemas())) writeFileSync(join(folder, name), content);
}
