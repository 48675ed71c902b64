import type { NewHandler } from '#domain/accounts/handlers.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { UnitRows } from '../../ports/unit-rows.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import type { FileRecord } from '../records/file-record.ts';
import { confirmerOf } from './own-unit.ts';
import type { OwnUnit } from './own-unit.ts';
import { handlerKindOf } from './unit-kinds.ts';
import type { HandlerKind } from './unit-kinds.ts';

/** So many refusals within an hour before a unit waits: who has proved a name is nobody's to find out by trying. */
const freeRefusals = 30;
/** Longer than filing takes: whoever dies meanwhile holds nobody up. */
const filingMs = 30_000;

export interface FileHandlerOptions {
  rows: Pick<UnitRows, 'unopened'>;
  atomic: Pick<AtomicRows, 'reserve' | 'release'>;
  attempts: Pick<AttemptLimit, 'take'>;
  fileRecord: FileRecord;
  catalogue: Catalogue;
  clock: Pick<Clock, 'nowMs'>;
}

/**
 * Files the record by which a handler's account is opened, for a person or the holder of a key. Of several who file the same one at
 * one moment one does. Throws what `fileRecord` throws, NO_ONE_DECIDES, TOO_MANY_ATTEMPTS.
 */
export function createFileHandler({
  rows,
  atomic,
  attempts,
  fileRecord,
  catalogue,
  clock,
}: FileHandlerOptions) {
  return async (
    actor: Actor,
    own: OwnUnit,
    { key, ...wanted }: NewHandler & { key?: string },
  ): Promise<{ recordId: string }> => {
    const handlerKind = handlerKindOf(catalogue, own.programme.id, own.centre.handlers.recordKind);
    const confirmer = confirmerOf(own);
    const number = canonicalNumber(handlerKind, wanted.idNumber);
    const attempt = await attempts.take([{ name: `handler-filed by ${own.reference}`, free: freeRefusals }]);
    const nowMs = clock.nowMs();
    const places = [`${wanted.type} ${number}`, ...(key === undefined ? [] : [key])];
    const held: string[] = [];
    try {
      for (const place of places) {
        const name = `handler-filing ${place}`;
        if (!(await atomic.reserve(name, { nowMs, untilMs: nowMs + filingMs }))) throw taken(handlerKind);
        held.push(name);
      }
      await refuseWaiting(own, handlerKind, { ...wanted, idNumber: number, key });
      const { recordId } = await fileRecord({
        ...{ programme: own.programme.id, kind: handlerKind.kind.id, role: own.type.role, actor },
        ...{ subject: own.subject, form: formOf(handlerKind, { ...wanted, key, confirmer }) },
      });
      await attempt.giveBack();
      return { recordId };
    } finally {
      for (const name of held) await atomic.release(name);
    }
  };

  /** Filed by whichever unit, its account not opened yet: the guard, which asks for accounts, knows nothing of it. */
  async function refuseWaiting(
    { programme }: OwnUnit,
    handlerKind: HandlerKind,
    { type, idNumber, key }: NewHandler & { key: string | undefined },
  ): Promise<void> {
    const { kind, fields } = handlerKind;
    const waiting = await rows.unopened({ programme: programme.id, kind: kind.id });
    const isSame = waiting.some(
      ({ form }) =>
        (form[fields.type] === type && form[fields.idNumber] === idNumber) ||
        (key !== undefined && fields.keySerial !== undefined && form[fields.keySerial] === key),
    );
    if (isSame) throw taken(handlerKind);
  }
}
export type FileHandler = ReturnType<typeof createFileHandler>;

/** As the record will have it, however it was typed; what is no number is refused where the record is filed. */
function canonicalNumber({ kind, fields }: HandlerKind, typed: string): string {
  const field = kind.form.find(({ id }) => id === fields.idNumber);
  const parsed = field && fieldRules[field.kind].parse(typed, field);
  return parsed?.ok ? parsed.value : typed;
}

const taken = ({ takenText }: HandlerKind): AppError => new AppError('GUARD_REFUSED', { text: takenText });

function formOf(
  { fields }: HandlerKind,
  wanted: NewHandler & { confirmer: string; key: string | undefined },
): Record<string, string> {
  const { type, name, idNumber, mobile, confirmer, key } = wanted;
  return {
    ...{ [fields.type]: type, [fields.name]: name, [fields.idNumber]: idNumber, [fields.mobile]: mobile },
    [fields.confirmer]: confirmer,
    ...(key === undefined || fields.keySerial === undefined ? {} : { [fields.keySerial]: key }),
  };
}
