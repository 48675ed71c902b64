/** How much one record may hold. What is more would be taken at the counter and never get over the line. Pure. */
import { AppError } from '../errors/app-error.ts';
import { maxCount, maxPayloadBytes } from '../limits.ts';
import type { LudengRecord } from './schema.ts';

/** UTF-8 bytes that 提交 adds: the seal of the record and who handed it in. */
const roomForSeal = 70_000;

/** Files that go over the line with it: every page, the sealed PDF of each material, attachments. */
const filesOf = ({ materials, attachments = [] }: LudengRecord): number =>
  materials.reduce((sum, { pages }) => sum + pages.length + 1, attachments.length);

/** An edit that brings a record over the limit; one that takes away from it is let through. Throws RECORD_TOO_LARGE. */
export function refuseTooManyFiles(next: LudengRecord, before: LudengRecord): void {
  if (filesOf(next) > filesOf(before)) refuseFiles(next);
}

/** As it is about to be sealed and queued. Throws RECORD_TOO_LARGE. */
export function refuseTooLarge(record: LudengRecord): void {
  refuseFiles(record);
  const bytes = new TextEncoder().encode(JSON.stringify(record)).length;
  if (bytes > maxPayloadBytes - roomForSeal) throw new AppError('RECORD_TOO_LARGE', { bytes });
}

function refuseFiles(record: LudengRecord): void {
  const files = filesOf(record);
  if (files > maxCount.parts)
    throw new AppError('RECORD_TOO_LARGE', { pages: files, maxPages: maxCount.parts });
}
