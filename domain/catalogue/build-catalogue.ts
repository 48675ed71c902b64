/**
 * From raw data to a checked catalogue. Pure: whoever reads the files passes them in, with a hash function.
 * Every problem is reported at once, with the file and the path inside it.
 */
import type { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { findProblems } from './cross-references.ts';
import { guardSchema } from './guard.ts';
import { documentTypeSchema, programmeSchema, recordKindSchema } from './schema.ts';
import { workflowSchema } from './workflow.ts';
import type { ParsedFiles, Problem } from './parsed-files.ts';
import type { Catalogue } from './schema.ts';

export type { Problem } from './parsed-files.ts';

export interface RawFile {
  /** Relative to the configuration folder, with forward slashes. */
  path: string;
  data: unknown;
}
export type BuildResult = { ok: true; catalogue: Catalogue } | { ok: false; problems: Problem[] };

export function buildCatalogue(
  files: readonly RawFile[],
  hash: (canonicalJson: string) => string,
): BuildResult {
  const { parsed, problems } = parseFiles(files);
  problems.push(...findProblems(parsed));
  if (problems.length > 0) return { ok: false, problems };

  const content = {
    programmes: parsed.programmes.map((programme) => ({
      ...programme.value,
      recordKinds: parsed.recordKinds
        .filter((kind) => kind.folder === programme.folder)
        .map((kind) => kind.value),
    })),
    documentTypes: parsed.documentTypes.map((documentType) => documentType.value),
    workflows: parsed.workflows.map((workflow) => workflow.value),
    ...(parsed.guards.length > 0 ? { guards: parsed.guards.map((guard) => guard.value) } : {}),
  };
  return { ok: true, catalogue: deepFreeze({ hash: hash(canonicalJson(content)), ...content }) };
}

function parseFiles(files: readonly RawFile[]): { parsed: ParsedFiles; problems: Problem[] } {
  const parsed: ParsedFiles = {
    programmes: [],
    recordKinds: [],
    documentTypes: [],
    workflows: [],
    guards: [],
  };
  const problems: Problem[] = [];
  const take = <S extends z.ZodType>(schema: S, file: RawFile, add: (value: z.infer<S>) => void) => {
    const result = schema.safeParse(file.data);
    if (result.success) add(result.data);
    else problems.push(...describeIssues(file.path, result.error));
  };

  // Sorted, so that the hash does not depend on the order in which a file system lists.
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const at = { file: file.path };
    const programme = /^programmes\/([^/]+)\/programme\.ya?ml$/.exec(file.path);
    const kind = /^programmes\/([^/]+)\/records\/[^/]+\.ya?ml$/.exec(file.path);
    const folder = programme?.[1] ?? kind?.[1] ?? '';
    if (programme) {
      take(programmeSchema, file, (value) => parsed.programmes.push({ ...at, folder, value }));
    } else if (kind) {
      take(recordKindSchema, file, (value) => parsed.recordKinds.push({ ...at, folder, value }));
    } else if (/^(document-types|certificates)\/[^/]+\.ya?ml$/.test(file.path)) {
      take(documentTypeSchema, file, (value) => parsed.documentTypes.push({ ...at, value }));
    } else if (/^(programmes\/[^/]+\/)?workflows\/[^/]+\.ya?ml$/.test(file.path)) {
      take(workflowSchema, file, (value) => parsed.workflows.push({ ...at, value }));
    } else if (/^(programmes\/[^/]+\/)?guards\/[^/]+\.ya?ml$/.test(file.path)) {
      take(guardSchema, file, (value) => parsed.guards.push({ ...at, value }));
    } else {
      problems.push({ file: file.path, path: '', message: 'this place is not known to the catalogue' });
    }
  }
  return { parsed, problems };
}

function describeIssues(file: string, error: z.ZodError): Problem[] {
  return error.issues.map((issue) => ({
    file,
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}
