/** What decisions bring about, written in their own transaction: each deed stands or falls with the decision, and so is done once. */
import { monotonicFactory, ulid } from 'ulid';
import { AppError } from '#domain/errors/app-error.ts';
import type { Deed, DeedId } from '#domain/cases/effects.ts';
import type { Case } from '#domain/cases/schema.ts';
import type { LockRule } from '#domain/registers/locks.ts';
import { confirmName, dropAccount, enableAccount, openAccount, replaceMainHandler } from './account-deeds.ts';
import { addJob, appendChanges, noteEffect, noteOperation } from './bookkeeping.ts';
import type { Addressed } from './bookkeeping.ts';
import type { IssueCredential } from '../ports/credential-rows.ts';
import { holdRegisters } from './hold-registers.ts';
import { doRecordDeeds, isOfRecord } from './record-deeds.ts';
import type { RecordDeedId } from './record-deeds.ts';
import type { LinkRule } from '#domain/record/links.ts';
import type { Trx } from './open-store.ts';
import { tellLinks } from './record-links.ts';
import { noteQualification } from './qualification-rows.ts';
import { releaseLocks } from './register-rows.ts';
import { appoint, changeWork, changeWorkUnit, dismiss, finishWork } from './work-deeds.ts';

/** Notices of one decision are read in the order in which they were written, also within a millisecond. */
const nextNotice = monotonicFactory();

export interface DeedContext {
  /** The case as it is with the decision. */
  current: Case;
  rules: readonly LockRule[];
  issueCredential: IssueCredential;
  links: readonly LinkRule[];
  at: string;
}
type Writer<Id extends DeedId> = (
  trx: Trx,
  deed: Extract<Deed, { deed: Id }>,
  context: DeedContext,
) => Promise<void>;

/** Total: a deed that nobody writes is an error of types. */
const deedWriters = {
  'release-lock': (trx, deed, context) => releaseLocks(trx, deed, context),
  'begin-appointment': appoint,
  'end-appointment': dismiss,
  'change-work': changeWork,
  'change-work-unit': changeWorkUnit,
  'finish-work': finishWork,
  'note-qualification': (trx, { person, held }) => noteQualification(trx, person, held),
  'register-unit': async (trx, { name, code, representative }, { at }) => {
    const made = await trx
      .insertInto('registered_unit')
      .values({ code, name, representative, since: at })
      .onConflict((conflict) => conflict.column('code').doNothing())
      .returning('code')
      .executeTakeFirst();
    // the whole decision falls with it: somebody decides what becomes of the second one
    if (!made) throw new AppError('UNIT_REGISTERED', { code });
    const known = await trx
      .selectFrom('organisation')
      .select('id')
      .where('credit_code', '=', code)
      .executeTakeFirst();
    if (!known)
      await trx
        .insertInto('organisation')
        .values({ id: ulid(), name, credit_code: code, created_at: at })
        .execute();
  },
  'open-account': openAccount,
  'enable-account': enableAccount,
  'drop-account': dropAccount,
  'replace-main-handler': replaceMainHandler,
  'confirm-name': confirmName,
  'open-case': async (trx, { workflow, recordId }, { at }) => {
    await addJob(trx, { id: ulid(), kind: 'case', refId: `${workflow} ${recordId}`, at });
  },
  'link-records': (trx, { recordId }, { links, at }) => tellLinks(trx, links, { recordId, at }),
  notify: async (trx, { audience, text }, { current, at }) => {
    await trx
      .insertInto('notice')
      .values({ id: nextNotice(), audience, case_id: current.id, text, at })
      .execute();
  },
} satisfies { [Id in Exclude<DeedId, RecordDeedId>]: Writer<Id> };

/**
 * The decision's changes go into the feeds, then its deeds are done: these note operations, and the head of the log is the last
 * that is waited for.
 */
export async function doDeeds(
  trx: Trx,
  { deeds, told }: { deeds: readonly Deed[]; told: Addressed },
  context: DeedContext,
): Promise<void> {
  const { current, at } = context;
  await holdRegisters(trx, deeds);
  const { letters, noted } = await doRecordDeeds(trx, deeds, context);
  await appendChanges(trx, [told, ...letters], at);
  for (const line of noted) {
    await noteOperation(trx, { actor: 'server', ...line, at });
    await noteEffect(trx, line.action, current.id, at);
  }
  for (const deed of deeds) {
    if (isOfRecord(deed)) continue;
    // the table's line is the one of the deed's own id, which the type of a lookup by a variable loses
    const write = deedWriters[deed.deed] as Writer<Exclude<DeedId, RecordDeedId>>;
    await write(trx, deed, context);
    await noteEffect(trx, deed.deed, context.current.id, context.at);
  }
}
