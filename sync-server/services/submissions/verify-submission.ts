import { getProgramme, getRecordKind } from '#domain/catalogue/lookup.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { chinaYear } from '#domain/primitives.ts';
import { holderOf } from '#domain/record/form-subject.ts';
import { nextState } from '#domain/record/lifecycle.ts';
import { decideAnew } from '#domain/record/redecide-record.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { subjectIdOf } from '#domain/record/subject-id.ts';
import { makeUniqueCode } from '#domain/record/unique-code.ts';
import { notAfterReceipt } from '#domain/sync/sent-record.ts';
import { audiencesOfRecord } from '../../ports/audiences-of-record.ts';
import type { RecordRows, StoredRecord } from '../../ports/case-rows.ts';
import type { IssueCredential } from '../../ports/credential-rows.ts';
import type { ItemRows, StoredItem } from '../../ports/item-rows.ts';
import type { Job } from '../../ports/job-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import type { DropHandedIn } from '../portals/drop-handed-in.ts';
import type { IsIssuedAtOnce } from '../credentials/issue-credential.ts';
import type { JobOutcome } from '../run-jobs.ts';
import { recheckNote } from '../texts.ts';
import { createJudgeSubmission, refused } from './judge-submission.ts';
import type { Accepted, JudgeSubmissionOptions, Judgement } from './judge-submission.ts';
import { readPayload } from './read-payload.ts';
import { refusalText } from './refusal.ts';
import type { Refusal } from './refusal.ts';

export interface VerifySubmissionOptions extends JudgeSubmissionOptions {
  items: ItemRows;
  records: RecordRows;
  /** Of what began at a portal. */
  dropDraft: DropHandedIn;
  issueCredential: IssueCredential;
  isIssuedAtOnce: IsIssuedAtOnce;
  announcements: Announcements;
  clock: Clock;
  log: Log;
}

type Common = Omit<Parameters<RecordRows['reject']>[0], 'code' | 'message'>;

/** Looks at a submission with the server's own eyes, and stores it or says why not. The station's word counts for nothing. */
export function createVerifySubmission(options: VerifySubmissionOptions) {
  const { items, records, issueCredential, isIssuedAtOnce, dropDraft, announcements, clock, log } = options;
  const judge = createJudgeSubmission(options);

  return async function verifySubmission(job: Job): Promise<JobOutcome> {
    const item = await items.find(job.refId);
    if (!item) return { type: 'park', reason: 'item missing' };
    const record = notAfterReceipt(readPayload(item, 'submit').record, item.receivedAt);
    const known = await records.find(record.id);
    // the record is the departments' now: nobody replaces it by sending it again
    if (known && nextState(known.state, 'submit') === undefined && isSameOrigin(known, item, record))
      return { type: 'park', reason: 'record is stored already' };
    // it may be on its way: after a loss here the station sends both again
    const { supersedes } = record;
    const before = supersedes === undefined ? undefined : await records.find(supersedes);
    if (supersedes !== undefined && !before) return { type: 'wait', waitsFor: supersedes };

    const sources = new Map<string, StoredRecord>();
    for (const [field, id] of Object.entries(record.sources ?? {})) {
      const source = await records.find(id);
      if (!source) return { type: 'wait', waitsFor: id };
      sources.set(field, source);
    }

    const judgement = await judgeOrWait(async () =>
      known && !isSameOrigin(known, item, record)
        ? refused({ code: 'CONFLICT' })
        : (await isHandedInAtPortal(record))
          ? refused({ code: 'DRAFT_HANDED_IN' })
          : judge(item, record, {
              sources,
              before,
              returned: known?.uniqueCode === undefined ? undefined : known,
              isLastTry: job.attempts >= readerAttempts,
            }),
    );
    // nothing of it is lost: it goes on when the service is back
    if (!judgement) return { type: 'wait', waitsFor: record.id };
    const common = {
      jobId: job.id,
      stationId: item.stationId,
      submissionId: item.id,
      receivedAt: item.receivedAt,
      at: clock.now(),
      record,
    };
    if (judgement.stored) await store(common, judgement);
    else await reject(common, judgement.refusal);
    announcements.announceFeed([
      ...audiencesOfRecord({ record, stationId: item.stationId }),
      ...(before && judgement.stored ? audiencesOfRecord(before) : []),
    ]);
    return { type: 'done' };
  };

  /** The draft that it goes on with was fetched back meanwhile and handed in there. */
  async function isHandedInAtPortal({ carried, subject }: LudengRecord): Promise<boolean> {
    const filed = carried && (await records.find(carried.draft));
    return filed !== undefined && subjectIdOf(filed.record.subject) === subjectIdOf(subject);
  }

  /** Undefined where a service outside does not answer. */
  async function judgeOrWait(work: () => Promise<Judgement>): Promise<Judgement | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError && error.code === 'SERVICE_UNREACHABLE') return undefined;
      throw error;
    }
  }

  async function store(common: Common, accepted: Accepted): Promise<void> {
    const { at } = common;
    const { light, materials, catalogue, rechecks } = accepted;
    const record = asJudged(common.record, accepted);
    const note = recheckNote([...rechecks.values()]);
    const { codePrefix: prefix } = getProgramme(catalogue, record.programme);
    const opens = getRecordKind(catalogue, record.programme, record.kind).actions?.submit?.opens;
    const isSame = options.holdOnce.isSame(record);
    const file = options.holdReleased.fileOf(record);
    const year = chinaYear(at);
    await records.store({
      ...common,
      record,
      ...(light === undefined ? {} : { light }),
      ...(note === undefined ? {} : { note }),
      materials,
      ...(isSame ? { isSame } : {}),
      ...(file ? { file } : {}),
      ...(opens === undefined ? {} : { opens }),
      counter: `unique-code:${prefix}-${year}`,
      makeUniqueCode: (serial) => makeUniqueCode({ prefix, year, serial }),
      ...(light === 'green' && isIssuedAtOnce(record) ? { issue: issueCredential } : {}),
    });
    await dropDraft(record);
    log.info({ recordId: record.id, light }, 'record stored');
  }

  async function reject(common: Common, refusal: Refusal): Promise<void> {
    const message = refusalText(refusal);
    await records.reject({ ...common, code: refusal.code, message });
    log.warn({ recordId: common.record.id, code: refusal.code }, 'record rejected');
  }
}

/** A reader that fails is asked so often in all; then a person looks instead. */
const readerAttempts = 3;

/** What the server saw, and what it makes of the station's evidence in its own words: lights were compared, texts were not. Links are the server's alone. */
function asJudged(
  { links: _links, ...record }: LudengRecord,
  { rechecks, catalogues }: Pick<Accepted, 'rechecks' | 'catalogues'>,
): LudengRecord {
  return {
    ...record,
    materials: record.materials.map((material) => {
      const rechecked = rechecks.get(material.slot);
      const own = material.checked && catalogues.get(material.checked.catalogueHash);
      return {
        ...(own ? decideAnew(material, record, own) : material),
        ...(rechecked ? { rechecked } : {}),
      };
    }),
  };
}

/** An id names one record in one hand, and only the station that brought it may bring it again. */
function isSameOrigin(known: StoredRecord, item: StoredItem, record: LudengRecord): boolean {
  return (
    known.stationId === item.stationId &&
    subjectIdOf(holderOf(known.record)) === subjectIdOf(holderOf(record))
  );
}
