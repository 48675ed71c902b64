import type { LudengRecord } from '#domain/record/schema.ts';
import { subjectIdOf } from '#domain/record/subject-id.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { RecordDraftRows } from '../../ports/record-draft-rows.ts';
import type { Announcements } from '../announcements.ts';
import type { DraftFiles } from '../registrations/draft-files.ts';

/** A counter has handed in the record that a draft of a portal was: nothing is left of the draft. */
export function createDropHandedIn({
  rows,
  files,
  announcements,
}: {
  rows: Pick<RecordDraftRows, 'find' | 'drop'>;
  files: Pick<DraftFiles, 'remove'>;
  announcements: Pick<Announcements, 'announceFeed'>;
}) {
  return async function dropHandedIn({
    carried,
    subject,
  }: Pick<LudengRecord, 'carried' | 'subject'>): Promise<void> {
    const draft = carried && (await rows.find(carried.draft));
    // the station's word names no other subject's draft
    if (!draft || subjectIdOf(draft.subject) !== subjectIdOf(subject)) return;
    for (const blob of await rows.drop(draft.id)) await files.remove(blob);
    announcements.announceFeed([audienceOf.subject(subject)]);
  };
}
export type DropHandedIn = ReturnType<typeof createDropHandedIn>;
