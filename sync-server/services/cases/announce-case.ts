import { departmentsOf } from '#domain/cases/assignees.ts';
import type { Deed } from '#domain/cases/effects.ts';
import type { Case } from '#domain/cases/schema.ts';
import type { Subject } from '#domain/primitives.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { Announcements } from '../announcements.ts';
import { sha256 } from '../hashing.ts';

const noticeOfPerson = 'person:';

/** Who hears that a case came or went on: the authorities that see it, the subject whose it is, the persons who decide in it or were told of it. */
export function announceCase(
  announcements: Pick<Announcements, 'announce'>,
  type: 'case-opened' | 'case-changed',
  {
    current,
    deeds,
    subject,
  }: { current: Case; deeds: readonly Deed[]; subject?: Pick<Subject, 'kind' | 'creditCode'> | undefined },
): void {
  const audiences = departmentsOf(current).map(audienceOf.authority);
  if (subject) audiences.push(audienceOf.subject(subject));
  for (const audience of audiences) announcements.announce({ type, caseId: current.id, audience });
  const persons = [
    ...current.parties.flatMap(({ person }) => person?.value ?? []),
    ...deeds.flatMap((deed) =>
      deed.deed === 'notify' && deed.audience.startsWith(noticeOfPerson)
        ? deed.audience.slice(noticeOfPerson.length)
        : [],
    ),
  ];
  for (const idNumber of new Set(persons))
    announcements.announce({ type: 'person', personSha: sha256(idNumber) });
}
