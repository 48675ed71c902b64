import type { RecordKind } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Values } from '#domain/primitives.ts';
import { answersFromFile } from '#domain/record/file-parts.ts';
import type { LudengRecord } from '#domain/record/schema.ts';

/**
 * The open file whose part a record of the kind becomes, and what it says of whose it is; no file for a kind that is no part of one.
 * `get`: the subject's own record, else NOT_FOUND. Throws BAD_REQUEST without a file or for one of another kind, FILE_NOT_NAMED
 * where the file does not say yet whose it is.
 */
export function answersOfFile(
  { id, partOf: rule }: Pick<RecordKind, 'id' | 'partOf'>,
  partOf: string | undefined,
  get: (id: string) => LudengRecord,
): { file?: LudengRecord; answers: Values } {
  if (!rule) return { answers: {} };
  if (partOf === undefined) throw new AppError('BAD_REQUEST', { kind: id, missing: 'partOf' });
  const file = get(partOf);
  if (file.kind !== rule.kind) throw new AppError('BAD_REQUEST', { kind: id, partOf: file.kind });
  const answers = answersFromFile(rule, file);
  if (Object.values(answers).includes('')) throw new AppError('FILE_NOT_NAMED', { record: partOf });
  return { file, answers };
}
