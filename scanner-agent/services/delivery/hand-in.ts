/** What 提交 asks and adds before a record is queued: whose it is, whether its guards let it, and who hands it in. */
import { actingName } from '#domain/accounts/schema.ts';
import { judgeGuards, textOf } from '#domain/cases/guards.ts';
import { momentOf } from '#domain/cases/guard-facts.ts';
import { getGuard } from '#domain/catalogue/lookup.ts';
import type { LoadedProgramme } from '#domain/catalogue/lookup.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import type { Session } from '#domain/contracts/kiosk/session.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { checkConsistency, findingsOf } from '#domain/record/consistency.ts';
import { subjectOfForm } from '#domain/record/form-subject.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { HandedIn } from '#domain/record/standing.ts';
import { identityOfSubject } from '#domain/record/subject-id.ts';

/** A registration is the unit's that its form names by now. */
export function withItsSubject(record: LudengRecord, programme: LoadedProgramme): LudengRecord {
  const subject = subjectOfForm(programme, record);
  return subject ? { ...record, subject } : record;
}

/** What the station itself can tell is refused at once, in the guard's words; for what a register tells, the server is asked. Throws GUARD_REFUSED. */
export function refuseByGuards(
  catalogue: Catalogue,
  record: LudengRecord,
  { kind, session, now }: { kind: RecordKind; session: Session; now: string },
): void {
  const ids = kind.actions?.submit?.guards ?? [];
  if (ids.length === 0) return;
  const own = identityOfSubject(session.subject);
  const actor = {
    ...{ name: session.holderName, assurance: session.assurance },
    ...(own.kind === 'organisation' ? { organisation: own } : {}),
  };
  const guards = ids.map((id) => getGuard(catalogue, id));
  const answer = judgeGuards(guards, { actor, record, registers: {}, ...momentOf(now) });
  if (answer.verdict === 'refused') throw new AppError('GUARD_REFUSED', { text: textOf(answer.answers) });
}

/** Throws RECORD_INCONSISTENT with all that was found. */
export function refuseInconsistent(record: LudengRecord, kind: RecordKind, catalogue: Catalogue): void {
  const findings = findingsOf(checkConsistency(record, kind, catalogue));
  if (findings.length > 0)
    throw new AppError('RECORD_INCONSISTENT', { missing: findings.map(({ text }) => text) });
}

export const handedInBy = (session: Session): HandedIn => ({
  by: actingName(session),
  assurance: [...session.assurance],
  ...(session.onBehalfOf ? { onBehalfOf: session.onBehalfOf } : {}),
  ...(session.key ? { key: session.key } : {}),
});
