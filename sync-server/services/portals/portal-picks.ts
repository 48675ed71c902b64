import type { Actor } from '#domain/accounts/schema.ts';
import type { Pick as PersonPick } from '#domain/catalogue/picks.ts';
import type { RecordKind } from '#domain/catalogue/schema.ts';
import type { ShownCandidate } from '#domain/contracts/portal/picks.ts';
import type { Choice } from '#domain/contracts/portal/records.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { maxCount } from '#domain/limits.ts';
import type { Values } from '#domain/primitives.ts';
import { findPick, formOfPick, postsFor } from '#domain/record/picks.ts';
import type { Candidate } from '#domain/record/picks.ts';
import { maskIdNumber } from '#domain/text/masking.ts';
import type { CandidateRows } from '../../ports/candidate-rows.ts';
import { sha256 } from '../hashing.ts';
import { roleOf } from './enter-portal.ts';
import type { OwnRecords, VisitorWithSubject } from './own-records.ts';

/** In one dialog; whoever has more persons looks for a name. */
const maxShown = 100;

/** Persons of the visitor's own unit, of whom one is chosen for a record. */
export function createPortalPicks({
  own,
  rows,
}: {
  own: Pick<OwnRecords, 'enter' | 'kindFor' | 'demandOwn'>;
  rows: CandidateRows;
}) {
  function pickOf(kind: RecordKind, id: string): PersonPick {
    const pick = findPick(kind, id);
    if (!pick) throw new AppError('NOT_FOUND', { pick: id });
    return pick;
  }

  const ask = (
    { subject }: VisitorWithSubject,
    { pick, role, text, limit }: { pick: PersonPick; role: string; text: string; limit: number },
  ): Promise<Candidate[]> => {
    const posts = postsFor(pick, role);
    return rows.find({
      ...{ unit: subject.creditCode, among: pick.among, text, limit },
      ...(posts ? { posts } : {}),
    });
  };

  return {
    /** Throws NOT_FOUND, FORBIDDEN. */
    async list(
      actor: Actor,
      programme: string,
      wanted: { kind: string; pick: string; role: string; text?: string | undefined },
    ): Promise<{ candidates: ShownCandidate[]; isMore: boolean }> {
      const visitor = await own.enter(actor, programme);
      const pick = pickOf(own.kindFor(visitor, wanted.kind), wanted.pick);
      own.demandOwn(actor, 'portal-record.fill-in', { programme, subject: visitor.subject });
      const role = roleOf(visitor, wanted.role);
      const found = await ask(visitor, { pick, role, text: wanted.text ?? '', limit: maxShown + 1 });
      return {
        candidates: found.slice(0, maxShown).map((one) => shown(one, visitor)),
        isMore: found.length > maxShown,
      };
    },

    /** What whoever was chosen fills in. Throws NOT_FOUND, CANDIDATE_GONE. */
    async formOf(
      visitor: VisitorWithSubject,
      { kind, role, choice }: { kind: RecordKind; role: string; choice: Choice },
    ): Promise<Values> {
      const pick = pickOf(kind, choice.pick);
      const named = await ask(visitor, { pick, role, text: choice.name, limit: maxCount.list });
      const found = named.find((one) => idOf(one, visitor) === choice.candidate);
      if (!found) throw new AppError('CANDIDATE_GONE');
      return formOfPick(pick, found);
    },
  };
}
export type PortalPicks = ReturnType<typeof createPortalPicks>;

function shown(candidate: Candidate, visitor: VisitorWithSubject): ShownCandidate {
  const { person, name, post, workName } = candidate;
  const title = visitor.programme.locks?.find((one) => one.post === post)?.title ?? post;
  return {
    ...{ id: idOf(candidate, visitor), name, idNumber: maskIdNumber(person) },
    ...(title === undefined ? {} : { post: title }),
    ...(workName === undefined ? {} : { workName }),
  };
}

/** Of this unit alone, so that it names nobody to others. */
const idOf = ({ person, post, work }: Candidate, { subject }: VisitorWithSubject): string =>
  sha256([subject.creditCode, person, post, work].join(' ')).slice(0, 32);
