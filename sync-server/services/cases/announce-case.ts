import { departmentsOf } from '#domain/cases/assignees.ts';
import type { Deed } from '#domain/cases/effects.ts';
import type { Case } from '#domain/cases/schema.ts';
import type { Announcements } from '../announcements.ts';
import { sha256 } from '../hashing.ts';

const noticeOfPerson = 'person:';

/** Who hears that a case came or went on: the departments that see it, the persons who decide in it or were told of it. */
export function announceCase(
  announcements: Pick<Announcements, 'announce'>,
  type: 'case-opened' | 'case-changed',
  { current, deeds }: { current: Case; deeds: readonly Deed[] },
): void {
  for (const department of departmentsOf(current))
    announcements.announce({ type, caseId: current.id, department });
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
