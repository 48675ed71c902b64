/** 解绑: a subject lets one of its persons go. What it had of the person stays with the server, and the subject sees it no more. Pure. */
import type { RecordKind } from '../catalogue/schema.ts';
import { maskIdNumber } from '../text/masking.ts';
import type { Values } from '../primitives.ts';
import { answersFromFile, isPartOfFile } from './file-parts.ts';
import { allows, applyEvent } from './lifecycle.ts';
import type { LudengRecord } from './schema.ts';

/** What was handed in; a draft is deleted. */
export function mayRelease(
  record: Pick<LudengRecord, 'state' | 'light' | 'released'>,
  kind: Pick<RecordKind, 'file'>,
): boolean {
  return kind.file?.release !== undefined && record.released === undefined && allows(record, 'push');
}

/** The same again changes nothing. */
export function releaseRecord(
  record: LudengRecord,
  { at, by, action }: { at: string; by: string; action: string },
): LudengRecord {
  if (record.released) return record;
  return { ...applyEvent(record, 'note', { at, by, action }), released: { at, by } };
}

/** Whether the record is of the person whose file `released` opened: another version of it, or one of its parts. */
export function isOfReleased(
  kind: RecordKind,
  record: LudengRecord,
  released: LudengRecord,
  part: RecordKind,
): boolean {
  const rule = part.partOf;
  if (!rule || rule.kind !== released.kind) return false;
  if (kind.id !== released.kind) return isPartOfFile(kind, record, released);
  const key = answersFromFile(rule, released)[rule.key] ?? '';
  return key !== '' && answersFromFile(rule, record)[rule.key] === key;
}

/** What is left to see: whose line it was, by the name and the hidden number, and nothing of the file. */
export function hiddenRecord(record: LudengRecord, part: RecordKind | undefined): LudengRecord {
  const {
    attachments: _files,
    readForm: _read,
    cases: _cases,
    digitalCertificate: _issued,
    ...rest
  } = record;
  const shown = Object.values(part?.partOf?.answers ?? {});
  return {
    ...rest,
    answers: {},
    form: {},
    pushes: [],
    materials: record.materials.map(({ slot, certificate, mode, values }) => ({
      ...{ slot, certificate, mode, readings: {}, chip: {}, pages: [], marks: {}, confirmed: false },
      values: Object.fromEntries(
        shown.flatMap((source): [string, string][] => {
          if ('form' in source || source.slot !== slot) return [];
          return [[source.field, hidden(values, source.field)]];
        }),
      ),
    })),
  };
}

const hidden = (values: Values, field: string): string => {
  const value = values[field] ?? '';
  return /^\d{17}[\dX]$/.test(value) ? maskIdNumber(value) : value;
};
