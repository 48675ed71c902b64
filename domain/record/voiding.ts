/** 作废 and 取消作废: the record stays as it is, and counts for nothing while it is void. Pure. */
import { AppError } from '../errors/app-error.ts';
import { applyEvent } from './lifecycle.ts';
import type { LudengRecord } from './schema.ts';

interface Voiding {
  at: string;
  by: string;
}

const lines = { voided: '作废', restored: '取消作废' } as const;

/** Throws RECORD_NOT_EDITABLE where it does not stand, RECORD_VOID where it is void already. */
export function voidRecord(record: LudengRecord, { at, by }: Voiding): LudengRecord {
  if (record.voided) throw new AppError('RECORD_VOID', { record: record.id });
  if (record.state !== 'stored') throw new AppError('RECORD_NOT_EDITABLE', { record: record.id });
  return { ...applyEvent(record, 'note', { at, by, action: lines.voided }), voided: { at, by } };
}

/** Throws RECORD_NOT_EDITABLE where it is not void. */
export function restoreRecord(record: LudengRecord, { at, by }: Voiding): LudengRecord {
  if (!record.voided) throw new AppError('RECORD_NOT_EDITABLE', { record: record.id });
  const { voided: _voided, ...rest } = applyEvent(record, 'note', { at, by, action: lines.restored });
  return rest;
}
