import { z } from 'zod';
import {
  recordFileSchema,
  subjectEvents,
  subjectRecordsSchema,
  subscribeSchema,
  unsubscribeSchema,
} from '#domain/sync/subject-feed.ts';
import type { StationSession } from '../services/stations/station-sessions.ts';
import type { SubjectAccess } from '../services/submissions/subject-access.ts';
import type { SubjectRecords } from '../services/submissions/subject-records.ts';

/** What a station asks for whoever is logged in there. `mine` throws before the station has said who it is. */
export function serveSubjectEvents(
  serve: <T extends z.ZodType>(
    event: string,
    schema: T,
    handle: (asked: z.infer<T>) => Promise<unknown>,
  ) => void,
  {
    access,
    subjectRecords,
    mine,
  }: { access: SubjectAccess; subjectRecords: SubjectRecords; mine: () => StationSession },
): void {
  serve(subjectEvents.challenge, z.object({}), async () => access.challenge(mine()));
  serve(subjectEvents.subscribe, subscribeSchema, (asked) => access.subscribe(mine(), asked));
  serve(subjectEvents.unsubscribe, unsubscribeSchema, async () => {
    await access.unsubscribe(mine());
    return {};
  });
  serve(subjectEvents.records, subjectRecordsSchema, (asked) => subjectRecords.list(mine(), asked));
  serve(subjectEvents.file, recordFileSchema, (asked) => subjectRecords.file(mine(), asked));
}
