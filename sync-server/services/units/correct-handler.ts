import type { NewHandler } from '#domain/accounts/handlers.ts';
import { actorName } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { withdraw } from '#domain/cases/engine.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { CaseRows, RecordRows } from '../../ports/case-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { FindCase } from '../cases/found-case.ts';
import type { ProceedCase } from '../cases/proceed-case.ts';
import type { FileHandler } from './file-handler.ts';
import type { OwnUnit } from './own-unit.ts';
import { handlerKindOf, personIn } from './unit-kinds.ts';

export interface CorrectHandlerOptions {
  cases: Pick<CaseRows, 'ofRecord'>;
  records: Pick<RecordRows, 'find'>;
  finding: Pick<FindCase, 'pin'>;
  proceeding: Pick<ProceedCase, 'proceed'>;
  fileHandler: FileHandler;
  catalogue: Catalogue;
  clock: Pick<Clock, 'now'>;
}

/**
 * 编辑 of an account that nobody has confirmed yet: what was asked for is taken back, and asked for anew as it is right. What the
 * guards refuse of the new words leaves the old ones as they were, waiting again. Throws CASE_CLOSED once it was confirmed, and what
 * `fileHandler` throws.
 */
export function createCorrectHandler(options: CorrectHandlerOptions) {
  const { cases, records, finding, proceeding, fileHandler, catalogue, clock } = options;

  async function takeBack(actor: Actor, recordId: string) {
    const [before] = await cases.ofRecord(recordId);
    const owner = await records.find(recordId);
    if (!before || !owner) throw new AppError('CASE_CLOSED', { record: recordId });
    const found = await finding.pin({ ...before, owner });
    const at = clock.now();
    const step = withdraw(found.case, found.workflow, { at, by: actorName(actor) });
    await proceeding.proceed(actor, found, step, { operation: 'case-withdrawn', at });
    return owner.record;
  }

  return async (
    actor: Actor,
    own: OwnUnit,
    { recordId, ...wanted }: NewHandler & { recordId: string },
  ): Promise<{ recordId: string }> => {
    const { fields } = handlerKindOf(catalogue, own.programme.id, own.centre.handlers.recordKind);
    const { form } = await takeBack(actor, recordId);
    const serial = fields.keySerial === undefined ? undefined : form[fields.keySerial];
    const key = serial === undefined ? {} : { key: serial };
    try {
      return await fileHandler(actor, own, { ...wanted, ...key });
    } catch (error) {
      await fileHandler(actor, own, { ...personIn(form, fields), type: form[fields.type] ?? '', ...key });
      throw error;
    }
  };
}
export type CorrectHandler = ReturnType<typeof createCorrectHandler>;
