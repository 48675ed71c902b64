/** Which papers a record must have as it is filled in by now, and which of them wait for another one's seal. */
import type { Condition } from '../catalogue/paper-slot.ts';
import type { MaterialSlot, RecordKind } from '../catalogue/schema.ts';
import { AppError } from '../errors/app-error.ts';
import { valueAt } from './in-browser.ts';
import type { SaidInRecord } from './in-browser.ts';
import type { LudengRecord } from './schema.ts';

type Whole = Pick<LudengRecord, 'answers' | 'form' | 'materials'>;

export const holds = (condition: Condition, record: SaidInRecord): boolean =>
  valueAt(record, condition).trim().split(',').includes(condition.is);

export const isDemanded = ({ required, demandedIf = [] }: MaterialSlot, record: SaidInRecord): boolean =>
  required && demandedIf.every((condition) => holds(condition, record));

/** A paper that hangs on a condition is not offered without it, and stays in sight once it is there. */
export const isOffered = (slot: MaterialSlot, record: Whole): boolean =>
  slot.demandedIf === undefined ||
  isDemanded(slot, record) ||
  record.materials.some((material) => material.slot === slot.id && material.pages.length > 0);

/** A paper that a condition demands is missing: what is there is not the whole of it. */
export const lacksDemanded = ({ materials }: Pick<RecordKind, 'materials'>, record: Whole): boolean =>
  materials.some(
    (slot) =>
      slot.demandedIf !== undefined &&
      isDemanded(slot, record) &&
      !record.materials.some((material) => material.slot === slot.id && material.pages.length > 0),
  );

/** The papers that are entered on that one's page, as the record is now. */
export const papersBeside = (
  { materials }: Pick<RecordKind, 'materials'>,
  slot: string,
  record: Whole,
): MaterialSlot[] => materials.filter((one) => one.beside?.slot === slot && isOffered(one, record));

/** The paper whose seal this one waits for; undefined where it may be entered. */
export function waitsForSealOf(
  { materials }: Pick<RecordKind, 'materials'>,
  slot: string,
  record: Whole,
): MaterialSlot | undefined {
  const beside = materials.find(({ id }) => id === slot)?.beside;
  if (!beside?.afterSeal) return undefined;
  const isSealed = record.materials.some((material) => material.slot === beside.slot && material.seal);
  return isSealed ? undefined : materials.find(({ id }) => id === beside.slot);
}

/** Throws PAPER_COMES_LATER. */
export function refuseTooEarly(kind: Pick<RecordKind, 'materials'>, slot: string, record: Whole): void {
  const first = waitsForSealOf(kind, slot, record);
  if (first) throw new AppError('PAPER_COMES_LATER', { paper: slot, first: first.title });
}
