import type { Case } from '#domain/cases/schema.ts';
import { logLinesOf } from '#domain/catalogue/log-lines.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { RecordLinks } from '#domain/record/links.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { filesOf } from '#domain/record/attachments.ts';
import { hiddenRecord } from '#domain/record/releasing.ts';
import { subjectIdOf } from '#domain/record/subject-id.ts';
import { applyChange, supersede } from '#domain/sync/apply-change.ts';
import type { Change, RecordChange } from '#domain/sync/change.ts';
import { filePieceBytes } from '#domain/sync/subject-feed.ts';
import type { RecordFileQuestion, SubjectRecordsAnswer } from '#domain/sync/subject-feed.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { CaseRows, RecordRows, StoredCase, StoredRecord } from '../../ports/case-rows.ts';
import type { ItemRows } from '../../ports/item-rows.ts';
import type { LinkRows } from '../../ports/link-rows.ts';
import type { OverruleRows } from '../../ports/overrule-rows.ts';
import type { SealVerifier } from '../../ports/seal-verifier.ts';
import type { StationRows } from '../../ports/station-rows.ts';
import { tellChanges } from '../cases/open-push.ts';
import { readPayload } from './read-payload.ts';
import { materialIn, pictureOf } from './material-files.ts';
import type { StationSession } from '../stations/station-sessions.ts';
import type { SubjectAccess } from './subject-access.ts';
import type { VerificationCodes } from '../credentials/verification-codes.ts';

export interface SubjectRecordsOptions {
  access: Pick<SubjectAccess, 'check'>;
  records: Pick<RecordRows, 'find' | 'idsOfSubject'>;
  cases: Pick<CaseRows, 'ofRecord'>;
  links: LinkRows;
  overrules: Pick<OverruleRows, 'ofCase'>;
  items: Pick<ItemRows, 'find'>;
  stations: Pick<StationRows, 'find'>;
  blobs: Pick<BlobStore, 'has' | 'read'>;
  seals: Pick<SealVerifier, 'picture'>;
  verificationCodes: Pick<VerificationCodes, 'of'>;
  catalogue: Catalogue;
}

const recordsAtOnce = 50;
/** About what one answer holds; a single record may be larger. */
const answerBytes = 512 * 1024;

/** The records of whoever stands at a counter, whole and as they are now. */
export function createSubjectRecords(options: SubjectRecordsOptions) {
  const { access, records, cases, overrules, items, stations, blobs, seals, verificationCodes } = options;
  /** The file that a session is fetching, piece by piece. */
  const underWay = new WeakMap<StationSession, { key: string; bytes: Uint8Array }>();

  /** All that the feed has told of it since it was submitted, told once more. */
  async function viewOf(stored: StoredRecord, links: RecordLinks | undefined): Promise<LudengRecord> {
    const { digitalCertificate, light = stored.light, uniqueCode = '', ...sent } = stored.record;
    const own: RecordChange[] = [
      {
        kind: 'record-stored',
        recordId: stored.id,
        uniqueCode: stored.uniqueCode ?? uniqueCode,
        storedAt: stored.settledAt,
        ...(stored.light === undefined ? {} : { light: stored.light }),
        ...(digitalCertificate
          ? {
              digitalCertificate: {
                ...digitalCertificate,
                verificationCode: verificationCodes.of(digitalCertificate.uniqueCode),
              },
            }
          : {}),
      },
    ];
    if (links)
      own.push({
        kind: 'record-links',
        recordId: stored.id,
        links,
        at: links.records.at(-1)?.at ?? stored.settledAt,
      });
    for (const one of await cases.ofRecord(stored.id)) own.push(...(await tellOf(one, stored)));
    const submitted: LudengRecord = {
      ...sent,
      ...(light === undefined ? {} : { light }),
      state: 'submitted',
      pushes: [],
      materials: sent.materials.map(({ rechecked: _departments, ...material }) => material),
    };
    const lines = logLinesOf(options.catalogue, sent.programme);
    const told = own.reduce((record, change) => applyChange(record, change, lines), submitted);
    const record =
      stored.state === 'superseded' ? supersede(told, stored.supersededAt ?? stored.settledAt, lines) : told;
    const station = await stations.find(stored.stationId);
    const shown = stored.releasedAt === undefined ? record : hiddenFromSubject(record, stored.releasedAt);
    return {
      ...shown,
      entered: {
        stationId: stored.stationId,
        stationName: station?.name ?? stored.stationId,
        at: stored.receivedAt,
      },
    };
  }

  function hiddenFromSubject(record: LudengRecord, at: string): LudengRecord {
    const part = options.catalogue.programmes
      .find(({ id }) => id === record.programme)
      ?.recordKinds.find(({ partOf }) => partOf?.kind === record.kind);
    return { ...hiddenRecord(record, part), released: { at, by: '' } };
  }

  async function tellOf(stored: StoredCase, { record }: StoredRecord): Promise<RecordChange[]> {
    const { id, pushId, pushField, openedAt, recordId } = stored.case;
    const tell = (current: Case): Change[] =>
      tellChanges(
        current,
        options.catalogue.workflows.find((workflow) => workflow.id === current.workflow),
      );
    if (pushId === undefined || pushField === undefined || recordId === undefined)
      return tell(stored.case).filter(isOfRecord);
    const item = await items.find(pushId);
    const asked = item && readPayload(item, 'push');
    const field = options.catalogue.programmes
      .find(({ id: programme }) => programme === record.programme)
      ?.pushFields.find((candidate) => candidate.id === pushField);
    const opening: RecordChange = {
      kind: 'push-state',
      recordId,
      pushId,
      state: 'under-review',
      at: openedAt,
      push: {
        field: pushField,
        fieldName: field?.name ?? pushField,
        pushedAt: asked?.requestedAt ?? openedAt,
        by: asked?.requestedBy ?? '',
      },
    };
    const set = (await overrules.ofCase(id)).map((overrule): Change => ({
      kind: 'light-overruled',
      recordId,
      overrule,
    }));
    return [opening, ...set, ...tell(stored.case)].filter(isOfRecord);
  }

  async function findOwn(session: StationSession, audience: Audience, id: string): Promise<StoredRecord> {
    const subject = await access.check(session, audience);
    const stored = await records.find(id);
    const isOwn =
      stored &&
      stored.releasedAt === undefined &&
      wasProved(stored) &&
      subjectIdOf(stored.record.subject) === subjectIdOf(subject);
    if (!isOwn) throw new AppError('NOT_FOUND', { record: id });
    return stored;
  }

  /** Throws NOT_FOUND. */
  function bytesOf(
    stored: StoredRecord,
    { slot, page, attached }: Pick<RecordFileQuestion, 'slot' | 'page' | 'attached'>,
  ): Promise<Uint8Array> {
    if (attached !== undefined) {
      if (!filesOf(stored.record, slot).some(({ sha }) => sha === attached))
        throw new AppError('NOT_FOUND', { slot });
      return blobs.read(attached);
    }
    const found = materialIn(stored, slot);
    return page === undefined ? blobs.read(found.pdfSha) : pictureOf({ blobs, seals }, found, page);
  }

  return {
    /** In the order of their ids. Throws FORBIDDEN. */
    async list(
      session: StationSession,
      { audience, after = '', ids }: { audience: Audience; after?: string; ids?: readonly string[] },
    ): Promise<SubjectRecordsAnswer> {
      const subject = await access.check(session, audience);
      const found = await records.idsOfSubject(subject, { after, ids, limit: recordsAtOnce });
      const links = await options.links.of(found);
      const answer: LudengRecord[] = [];
      let bytes = 0;
      for (const id of found) {
        const stored = await records.find(id);
        if (!stored || !wasProved(stored)) continue;
        answer.push(await viewOf(stored, links.get(id)));
        bytes += Buffer.byteLength(JSON.stringify(stored.record));
        if (bytes > answerBytes) break;
      }
      const last = answer.at(-1)?.id;
      return { records: answer, more: found.length === recordsAtOnce || (last ?? '') < (found.at(-1) ?? '') };
    },

    /** Throws FORBIDDEN, NOT_FOUND. */
    async file(
      session: StationSession,
      { audience, recordId, off, ...wanted }: RecordFileQuestion,
    ): Promise<{ size: number; buf: Uint8Array }> {
      const stored = await findOwn(session, audience, recordId);
      const key = JSON.stringify([recordId, wanted.slot, wanted.page, wanted.attached]);
      const held = underWay.get(session);
      const bytes = held?.key === key ? held.bytes : await bytesOf(stored, wanted);
      const end = off + filePieceBytes;
      if (end < bytes.length) underWay.set(session, { key, bytes });
      else underWay.delete(session);
      return { size: bytes.length, buf: bytes.subarray(off, end) };
    },
  };
}
export type SubjectRecords = ReturnType<typeof createSubjectRecords>;

/** Whose a refused one is was not proved; of one that was given back it was. */
const wasProved = ({ state, uniqueCode }: StoredRecord): boolean =>
  state !== 'rejected' || uniqueCode !== undefined;

const isOfRecord = (change: Change): change is RecordChange => change.kind !== 'station-settings';
