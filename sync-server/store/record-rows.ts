import { z } from 'zod';
import { recordSchema } from '#domain/record/schema.ts';
import type { Change } from '#domain/sync/schema.ts';
import { lightColourSchema } from '#domain/verdict/schema.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { IssuedCertificate, RecordRows, StoredRecord } from '../ports/case-rows.ts';
import { appendChanges, finishJob, nextNumber, noteEffect, noteOperation } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';
import { codeTold } from './told-codes.ts';

const reportSchema = z.object({
  valid: z.boolean(),
  problems: z.array(z.string()),
  signerName: z.string(),
  creditCode: z.string().exactOptional(),
  certificateSerial: z.string(),
  issuerName: z.string(),
});
const rejectionSchema = z.object({ code: z.string(), message: z.string() });
const stateSchema = z.enum(['stored', 'rejected', 'superseded']);

export function createRecordRows(db: Db): RecordRows {
  async function findCertificate(uniqueCode: string): Promise<IssuedCertificate | undefined> {
    const row = await db
      .selectFrom('digital_certificate')
      .selectAll()
      .where('unique_code', '=', uniqueCode)
      .executeTakeFirst();
    return (
      row && {
        uniqueCode: row.unique_code,
        issuedAt: row.issued_at,
        body: row.body,
        signature: row.signature,
      }
    );
  }

  return {
    async find(id) {
      const row = await db.selectFrom('record').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const materials = await db
        .selectFrom('material')
        .selectAll()
        .where('record_id', '=', id)
        .orderBy('slot')
        .execute();
      const certificate = row.unique_code === null ? undefined : await findCertificate(row.unique_code);
      const found: StoredRecord = {
        id: row.id,
        stationId: row.station_id,
        state: stateSchema.parse(row.state),
        record: withOwnFacts(recordSchema.parse(JSON.parse(row.body)), row.unique_code, certificate),
        receivedAt: row.received_at,
        materials: materials.map(({ slot, pdf_sha, report }) => ({
          slot,
          pdfSha: pdf_sha,
          report: reportSchema.parse(JSON.parse(report)),
        })),
      };
      if (row.unique_code !== null) found.uniqueCode = row.unique_code;
      if (row.light !== null) found.light = lightColourSchema.parse(row.light);
      if (row.rejection !== null) found.rejection = rejectionSchema.parse(JSON.parse(row.rejection));
      return found;
    },

    findCertificate,

    async store(input) {
      return db.transaction().execute(async (trx) => {
        if (!(await finishJob(trx, input.jobId))) return false;
        // its row is taken before a number is: of two that store one record, one counts
        if (!(await takeRecord(trx, input))) return false;

        const uniqueCode = input.makeUniqueCode(await nextNumber(trx, input.counter));
        const certificate = input.certify?.(uniqueCode);
        const stored: LudengRecord = {
          ...input.record,
          state: 'stored',
          light: input.light,
          uniqueCode,
          ...(certificate ? { digitalCertificate: pick(certificate) } : {}),
        };
        await trx
          .updateTable('record')
          .set({
            state: 'stored',
            light: input.light,
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
        if (certificate) {
          await trx
            .insertInto('digital_certificate')
            .values({
              unique_code: uniqueCode,
              record_id: stored.id,
              issued_at: certificate.issuedAt,
              body: certificate.body,
              signature: certificate.signature,
              is_code_told: 1,
            })
            .execute();
        }
        if (stored.supersedes !== undefined) {
          await trx
            .updateTable('record')
            .set({ state: 'superseded' })
            .where('id', '=', stored.supersedes)
            .where('station_id', '=', input.stationId)
            .where('state', '=', 'stored')
            .execute();
        }
        const change: Change = {
          kind: 'record-stored',
          recordId: stored.id,
          uniqueCode,
          storedAt: input.at,
          ...(certificate ? { digitalCertificate: pick(certificate) } : {}),
          ...(input.light === input.record.light ? {} : { light: input.light }),
          ...(input.note === undefined ? {} : { note: input.note }),
        };
        await settle(trx, input, change);
        if (certificate) {
          const told = codeTold(stored.id, certificate.verificationCode);
          await appendChanges(trx, input.stationId, [told], input.at);
        }
        return true;
      });
    },

    async reject(input) {
      await db.transaction().execute(async (trx) => {
        if (!(await finishJob(trx, input.jobId))) return;
        const { code, message } = input;
        // what was stored stays: the refusal concerns the newcomer only
        if (await takeRecord(trx, input)) {
          await trx
            .updateTable('record')
            .set({ rejection: JSON.stringify({ code, message }) })
            .where('id', '=', input.record.id)
            .execute();
        }
        await settle(trx, input, {
          kind: 'record-rejected',
          recordId: input.record.id,
          code,
          message,
          at: input.at,
        });
      });
    },
  };
}

/** An earlier version kept what stations wrote in the server's place: code, certificate and pushes are its own tables' word. */
function withOwnFacts(
  record: LudengRecord,
  uniqueCode: string | null,
  certificate: IssuedCertificate | undefined,
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
    ...(certificate ? { digitalCertificate: pick(certificate) } : {}),
    pushes: [],
  };
}

function pick({
  uniqueCode,
  issuedAt,
  signature,
}: {
  uniqueCode: string;
  issuedAt: string;
  signature: string;
}) {
  return { uniqueCode, issuedAt, signature };
}

/** Writes the record as a rejected one, locking its row; false, and nothing is written, where it is stored already or another's. */
async function takeRecord(
  trx: Trx,
  input: { stationId: string; submissionId: string; receivedAt: string; at: string; record: LudengRecord },
): Promise<boolean> {
  const { record } = input;
  const row = {
    station_id: input.stationId,
    item_id: input.submissionId,
    state: 'rejected',
    programme: record.programme,
    kind: record.kind,
    subject_code: record.subject.creditCode,
    subject_name: record.subject.name,
    light: null,
    unique_code: null,
    rejection: null,
    received_at: input.receivedAt,
    settled_at: input.at,
    body: JSON.stringify(record),
  };
  const taken = await trx
    .insertInto('record')
    .values({ id: record.id, ...row })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet(row)
        .where('record.state', '=', 'rejected')
        .where('record.station_id', '=', input.stationId)
        .where('record.subject_code', '=', record.subject.creditCode),
    )
    .returning('id')
    .executeTakeFirst();
  return taken !== undefined;
}

/** What both outcomes share: the station hears of it, and pushes that waited for the record go on. */
async function settle(
  trx: Trx,
  input: { stationId: string; at: string; record: LudengRecord },
  change: Change,
): Promise<void> {
  await appendChanges(trx, input.stationId, [change], input.at);
  await trx
    .updateTable('job')
    .set({ next_at_ms: 0 })
    .where('waits_for', '=', input.record.id)
    .where('state', '=', 'ready')
    .execute();
  await noteOperation(trx, {
    actor: input.stationId,
    action: change.kind,
    refId: input.record.id,
    at: input.at,
  });
  await noteEffect(trx, change.kind, input.record.id, input.at);
}
