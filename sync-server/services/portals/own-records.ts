import { demand } from '#domain/accounts/permissions.ts';
import type { Action } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { systemPermission } from '#domain/accounts/systems.ts';
import { findRecordKind } from '#domain/catalogue/lookup.ts';
import { sectionsOfRole } from '#domain/catalogue/portal.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Subject } from '#domain/primitives.ts';
import { subjectIdOf } from '#domain/record/subject-id.ts';
import type { RecordRows, StoredRecord } from '../../ports/case-rows.ts';
import type { EnterPortal, Visitor } from './enter-portal.ts';

export interface VisitorWithSubject extends Visitor {
  subject: Subject;
}
type RecordDeed = Extract<Action, `portal-record.${string}`>;

/** Finds what the visitor of a portal may have in hand: kinds of his roles, records of whomever he acts for. */
export function createOwnRecords({
  entering,
  records,
  catalogue,
}: {
  entering: Pick<EnterPortal, 'enter'>;
  records: Pick<RecordRows, 'find'>;
  catalogue: Catalogue;
}) {
  /** Throws SUBJECT_UNKNOWN where the account is of nobody yet, and what the door throws. */
  async function enter(actor: Actor, programme: string): Promise<VisitorWithSubject> {
    const visitor = await entering.enter(actor, programme);
    const { subject } = visitor;
    if (!subject) throw new AppError('SUBJECT_UNKNOWN');
    return { ...visitor, subject };
  }

  /** Of a section that one of the visitor's roles sees. Throws NOT_FOUND. */
  function kindFor({ programme, roles }: Visitor, id: string): RecordKind {
    const seen = roles.flatMap((role) => sectionsOfRole(programme.sections, role.id));
    const kind = findRecordKind(catalogue, programme.id, id);
    if (!kind || !seen.some(({ recordKinds }) => recordKinds.includes(id)))
      throw new AppError('NOT_FOUND', { kind: id });
    return kind;
  }

  /** Throws NOT_FOUND, also for what is another's. */
  function demandOwn(
    actor: Actor,
    deed: RecordDeed,
    { programme, subject }: { programme: string; subject: Pick<Subject, 'kind' | 'creditCode'> },
  ): void {
    demand(actor, deed, {
      ...{ departments: [], subject: subjectIdOf(subject), system: systemPermission(programme) },
    });
  }

  /** A record of the visitor's that was stored once. Throws NOT_FOUND. */
  async function find(
    actor: Actor,
    visitor: VisitorWithSubject,
    { id, deed }: { id: string; deed: RecordDeed },
  ): Promise<{ stored: StoredRecord; kind: RecordKind }> {
    const stored = await records.find(id);
    const wasProved = stored && (stored.state !== 'rejected' || stored.uniqueCode !== undefined);
    if (!wasProved || stored.record.programme !== visitor.programme.id)
      throw new AppError('NOT_FOUND', { record: id });
    demandOwn(actor, deed, { programme: visitor.programme.id, subject: stored.record.subject });
    return { stored, kind: kindFor(visitor, stored.record.kind) };
  }

  return { enter, kindFor, demandOwn, find };
}
export type OwnRecords = ReturnType<typeof createOwnRecords>;
