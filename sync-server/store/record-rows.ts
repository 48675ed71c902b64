import { ulid } from 'ulid';
import { z } from 'zod';
import { stateAfter, statesAtServer } from '#domain/record/lifecycle.ts';
import { recordSchema } from '#domain/record/schema.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { Change } from '#domain/sync/change.ts';
import { lightColourSchema } from '#domain/verdict/schema.ts';
import type { Credential, LudengRecord } from '#domain/record/schema.ts';
import { audiencesOfRecord } from '../ports/audiences-of-record.ts';
import type { RecordRows, StoredRecord } from '../ports/case-rows.ts';
import { addJob, finishJob, nextNumber } from './bookkeeping.ts';
import { addCredential, credentialOf, toldOf } from './credential-rows.ts';
import type { Db, Trx } from './open-store.ts';
import { rejectionSchema } from './rejection.ts';
import { releaseRecords } from './release-records.ts';
import { isReleased, refuseReleased } from './released-file.ts';
import { findRepeated, refuseRepeated } from './repeated-record.ts';
import { holdReturned, keepVersion, returnedVersions } from './returned-versions.ts';
import { clearParts, noteOutcome, settle, takeRecord, workflowsThatWait } from './settle-record.ts';
import { supersede } from './supersede-record.ts';
import { codeTold } from './told-codes.ts';

const reportSchema = z.object({
  valid: z.boolean(),
  problems: z.array(z.string()),
  signerName: z.string(),
  creditCode: z.string().exactOptional(),
  certificateSerial: z.string(),
  issuerName: z.string(),
});
const stateSchema = z.enum(statesAtServer);
const storedState = stateAfter('submitted', 'store');

export function createRecordRows(db: Db): RecordRows {
  return {
    find: (id) => findRecord(db, id),
    returnedVersions: (id) => returnedVersions(db, id),

    release: (input) => releaseRecords(db, input),
    isReleased: (record, file) => isReleased(db, record, file),
    findRepeated: (record, isSame) => findRepeated(db, record, isSame),

    async idsOfSubject({ kind = 'organisation', creditCode }, { after, ids, limit }) {
      const rows = await db
        .selectFrom('record')
        .select('id')
        .where('subject_kind', '=', kind)
        .where('subject_code', '=', creditCode)
        // whose a refused one is was not proved; of one that was given back it was
        .where((eb) =>
          eb.or([eb('state', 'in', ['stored', 'superseded']), eb('unique_code', 'is not', null)]),
        )
        .where('id', '>', after)
        .$if(ids !== undefined, (query) => query.where('id', 'in', [...(ids ?? []), '']))
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    async store(input) {
      return db.transaction().execute(async (trx) => {
        if (!(await finishJob(trx, input.jobId))) return false;
        if (input.file) await refuseReleased(trx, input.record, input.file);
        const returned = await holdReturned(trx, input.record.id);
        // its row is taken before a number is: of two that store one record, one counts
        const taken = await takeRecord(trx, input);
        if (!taken) return false;
        const isCorrected = taken.unique_code !== null;
        if (input.isSame) await refuseRepeated(trx, input.record, input.isSame);
        const uniqueCode = taken.unique_code ?? input.makeUniqueCode(await nextNumber(trx, input.counter));
        if (returned) await keepVersion(trx, returned, input.at);
        if (isCorrected) await clearParts(trx, { recordId: input.record.id, uniqueCode, at: input.at });
        const { record, materials, at, issue } = input;
        const credential =
          issue && (await addCredential(trx, { stored: { record, materials, uniqueCode }, at, issue }));
        const stored: LudengRecord = {
          ...input.record,
          state: storedState,
          ...(input.light === undefined ? {} : { light: input.light }),
          uniqueCode,
          ...(credential ? { digitalCertificate: toldOf(credential) } : {}),
        };
        await trx
          .updateTable('record')
          .set({
            state: storedState,
            light: input.light ?? null,
            unique_code: uniqueCode,
            rejection: null,
            body: JSON.stringify(stored),
          })
          .where('id', '=', stored.id)
          .execute();
        for (const { slot, pdfSha, report } of input.materials) {
          await trx
            .insertInto('material')
            .values({ record_id: stored.id, slot, pdf_sha: pdfSha, report: JSON.stringify(report) })
            .execute();
        }
        const toOpen = isCorrected ? await workflowsThatWait(trx, stored.id) : [input.opens ?? []].flat();
        for (const workflow of toOpen)
          await addJob(trx, { id: ulid(), kind: 'case', refId: `${workflow} ${stored.id}`, at: input.at });
        // the first time it took the other's place already
        const superseded = isCorrected ? [] : await supersede(trx, stored, input.at);
        const change: Change = {
          kind: 'record-stored',
          recordId: stored.id,
          uniqueCode,
          storedAt: input.at,
          ...(credential ? { digitalCertificate: toldOf(credential) } : {}),
          ...(input.light === undefined || input.light === input.record.light ? {} : { light: input.light }),
          ...(input.note === undefined ? {} : { note: input.note }),
        };
        const told = credential ? [codeTold(stored.id, credential.verificationCode)] : [];
        await settle(trx, input, [
          { to: audiencesOfRecord(input), changes: [change, ...told] },
          ...superseded,
        ]);
        await noteOutcome(trx, input, change.kind);
        return true;
      });
    },

    async reject(input) {
      await db.transaction().execute(async (trx) => {
        if (!(await finishJob(trx, input.jobId))) return;
        const { code, message } = input;
        // what was stored stays, given back or not: the refusal concerns the newcomer only
        if (await takeRecord(trx, input, { onlyNew: true })) {
          await trx
            .updateTable('record')
            .set({ rejection: JSON.stringify({ code, message }) })
            .where('id', '=', input.record.id)
            .execute();
        }
        const change = {
          kind: 'record-rejected',
          recordId: input.record.id,
          code,
          message,
          at: input.at,
        } as const;
        // whose it is was not proved: nobody hears of it but the station that sent it
        const to = [audienceOf.station(input.stationId)];
        await settle(trx, input, [{ to, changes: [change] }]);
        await noteOutcome(trx, input, change.kind);
      });
    },
  };
}

/** In a transaction: as it is there. */
export async function findRecord(db: Db | Trx, id: string): Promise<StoredRecord | undefined> {
  const row = await db.selectFrom('record').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return undefined;
  const materials = await db
    .selectFrom('material')
    .selectAll()
    .where('record_id', '=', id)
    .orderBy('slot')
    .execute();
  const credential = row.unique_code === null ? undefined : await credentialOf(db, row.unique_code);
  const found: StoredRecord = {
    id: row.id,
    stationId: row.station_id,
    state: stateSchema.parse(row.state),
    record: withOwnFacts(recordSchema.parse(JSON.parse(row.body)), row.unique_code, credential),
    receivedAt: row.received_at,
    settledAt: row.settled_at,
    materials: materials.map(({ slot, pdf_sha, report }) => ({
      slot,
      pdfSha: pdf_sha,
      report: reportSchema.parse(JSON.parse(report)),
    })),
  };
  if (row.superseded_at !== null) found.supersededAt = row.superseded_at;
  if (row.released_at !== null) found.releasedAt = row.released_at;
  if (row.unique_code !== null) found.uniqueCode = row.unique_code;
  if (row.light !== null) found.light = lightColourSchema.parse(row.light);
  if (row.rejection !== null) found.rejection = rejectionSchema.parse(JSON.parse(row.rejection));
  return found;
}

/** An earlier version kept what stations wrote in the server's place: code, credential and pushes are its own tables' word. */
function withOwnFacts(
  record: LudengRecord,
  uniqueCode: string | null,
  credential: Credential | undefined,
): LudengRecord {
  const {
    uniqueCode: _code,
    digitalCertificate: _issued,
    overrules: _overrules,
    rejection: _rejection,
    ...rest
  } = record;
  return {
    ...rest,
    ...(uniqueCode === null ? {} : { uniqueCode }),
    ...(credential ? { digitalCertificate: credential } : {}),
    pushes: [],
  };
}
