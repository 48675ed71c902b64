import { nobody } from '#domain/accounts/schema.ts';
import { textOf } from '#domain/cases/guards.ts';
import { chinaYear } from '#domain/primitives.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { getDocumentType, getProgramme, getRecordKind, getSlot } from '#domain/catalogue/lookup.ts';
import { needsOf } from '#domain/catalogue/record-kind.ts';
import type { Needs } from '#domain/catalogue/record-kind.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { lightAfterRecheck } from '#domain/record/compare-checks.ts';
import { worstLight } from '#domain/verdict/decide-record.ts';
import { nextState } from '#domain/record/lifecycle.ts';
import { holderOf } from '#domain/record/form-subject.ts';
import { identityOfSubject, subjectIdOf } from '#domain/record/subject-id.ts';
import { makeUniqueCode } from '#domain/record/unique-code.ts';
import type { Checked, LudengRecord, Material, Recheck, Seal } from '#domain/record/schema.ts';
import { notAfterReceipt } from '#domain/sync/sent-record.ts';
import { decideAnew } from '#domain/record/redecide-record.ts';
import type { LightColour } from '#domain/verdict/schema.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { IssuedCredential, RecordRows, StoredRecord, VerifiedMaterial } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';
import type { ItemRows, StoredItem } from '../../ports/item-rows.ts';
import type { Job } from '../../ports/job-rows.ts';
import type { SealVerifier } from '../../ports/seal-verifier.ts';
import type { StationRows } from '../../ports/station-rows.ts';
import type { Clock, Log, ServerKey } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import type { KeyAccess } from '../accounts/login/key-account.ts';
import type { CaseOpening } from '../cases/case-opening.ts';
import { audiencesOfRecord } from '../../ports/audiences-of-record.ts';
import { checkKeyAccount } from './check-key-account.ts';
import { checkAssurance } from './check-assurance.ts';
import { checkMaterial } from './check-material.ts';
import { checkRecord, lightOf } from './check-record.ts';
import { checkAttachments, looseMaterial } from './unsealed-parts.ts';
import { checkRecordSeal } from './check-record-seal.ts';
import type { HoldRegister } from './hold-register.ts';
import { readPayload } from './read-payload.ts';
import { refusalText } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import type { JobOutcome } from '../run-jobs.ts';
import type { RecheckAttempt } from './recheck.ts';
import { recheckNote } from '../texts.ts';
import type { VerificationCodes } from '../credentials/verification-codes.ts';

export interface VerifySubmissionOptions {
  opening: Pick<CaseOpening, 'judge'>;
  items: ItemRows;
  records: RecordRows;
  catalogues: CatalogueRows;
  blobs: BlobStore;
  seals: SealVerifier;
  holdRegister: HoldRegister;
  keyAccess: Pick<KeyAccess, 'hindranceOf'>;
  stations: Pick<StationRows, 'find' | 'noteRecordSeals'>;
  secondReading: RecheckAttempt;
  serverKey: ServerKey;
  verificationCodes: Pick<VerificationCodes, 'of'>;
  announcements: Announcements;
  clock: Clock;
  log: Log;
}

interface Accepted {
  stored: true;
  /** Absent where the kind needs no check, or no paper is there. */
  light: LightColour | undefined;
  /** By slot. */
  rechecks: ReadonlyMap<string, Recheck>;
  materials: VerifiedMaterial[];
  catalogue: Catalogue;
  /** By hash: what the materials were checked with. */
  catalogues: ReadonlyMap<string, Catalogue>;
}
type Judgement = Accepted | { stored: false; refusal: Refusal };
type Common = Omit<Parameters<RecordRows['reject']>[0], 'code' | 'message'>;

/** Looks at a submission with the server's own eyes, and stores it or says why not. The station's word counts for nothing. */
export function createVerifySubmission(options: VerifySubmissionOptions) {
  const {
    opening,
    items,
    records,
    catalogues,
    blobs,
    seals,
    holdRegister,
    keyAccess,
    stations,
    secondReading,
    serverKey,
    verificationCodes,
    announcements,
    clock,
    log,
  } = options;

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

    const judgement = await judgeOrWait(async () =>
      known && !isSameOrigin(known, item, record)
        ? refused({ code: 'CONFLICT' })
        : judge(item, record, {
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

  /** Undefined where a service outside does not answer. */
  async function judgeOrWait(work: () => Promise<Judgement>): Promise<Judgement | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError && error.code === 'SERVICE_UNREACHABLE') return undefined;
      throw error;
    }
  }

  async function judge(
    item: StoredItem,
    record: LudengRecord,
    {
      before,
      returned,
      isLastTry,
    }: { before: StoredRecord | undefined; returned: StoredRecord | undefined; isLastTry: boolean },
  ): Promise<Judgement> {
    const hashes = new Set([
      // what the applicant's seal names, else what the station says, else what the papers were checked by
      ...[record.recordSeal?.catalogueHash ?? record.catalogueHash ?? []].flat(),
      ...record.materials.flatMap(({ checked }) => checked?.catalogueHash ?? []),
    ]);
    const pinned = new Map<string, Catalogue>();
    for (const hash of hashes) {
      const catalogue = await catalogues.find(hash);
      if (!catalogue) return refused({ code: 'CATALOGUE_UNKNOWN' });
      pinned.set(hash, catalogue);
    }
    const catalogue = pinned.values().next().value;
    if (!catalogue) return refused({ code: 'NOT_CHECKED' });

    try {
      const kind = getRecordKind(catalogue, record.programme, record.kind);
      const wrong = checkRecord({ record, stationId: item.stationId, kind, catalogue, before, returned });
      if (wrong) return refused(wrong);
      const needs = needsOf(kind);
      const unproved = checkAssurance(record, needs);
      if (unproved) return refused(unproved);
      const hindered = await checkKeyAccount(record, keyAccess);
      if (hindered) return refused(hindered);
      const unsealed = await checkSealOfRecord(item, record, needs);
      if (unsealed) return refused(unsealed);
      const unattached = await checkAttachments({ item, record, kind, readBlob });
      if (unattached) return refused(unattached);
      const forbidden =
        (await holdGuards(item, record, { kind, catalogue })) ?? (await holdRegister(kind, record));
      if (forbidden) return refused(forbidden);

      const verified: VerifiedMaterial[] = [];
      const toRead: (() => Promise<void>)[] = [];
      const rechecks = new Map<string, Recheck>();
      const signal = AbortSignal.timeout(readingLimitMs);
      for (const material of record.materials) {
        // checkRecord saw to it that what is missing may be missing
        if (!hasSeal(material)) {
          const loose = looseMaterial({ item, record, material, kind, catalogue, pinned });
          if (loose.refusal) return refused(loose.refusal);
          const { checked } = loose;
          if (checked)
            toRead.push(async () => {
              const question = { ...checked, record, picture: readBlob, isLastTry, signal };
              rechecks.set(material.slot, await secondReading(question));
            });
          continue;
        }
        const own = pinned.get(material.checked.catalogueHash) ?? catalogue;
        const { title } = getSlot(kind, material.slot);
        const { pdfSha } = material.seal;
        if (!item.blobs.some(({ sha, role }) => sha === pdfSha && role === 'sealed-pdf'))
          return refused({ code: 'HASH_MISMATCH', about: title });
        const sealed = await seals.verify(await readBlob(pdfSha), { at: item.receivedAt });
        const documentType = getDocumentType(own, material.certificate);
        const fault = checkMaterial({ record, material, title, documentType, catalogue: own, sealed });
        if (fault) return refused(fault);
        verified.push({ slot: material.slot, pdfSha, report: sealed.report });
        toRead.push(async () => {
          const picture = (sha: string) => sealedPicture(pdfSha, sha);
          const question = { record, material, documentType, catalogue: own, picture, isLastTry, signal };
          rechecks.set(material.slot, await secondReading(question));
        });
      }
      const stationLight = lightOf(record);
      const hasPages = record.materials.some(({ pages }) => pages.length > 0);
      if (stationLight === undefined && needs.check === 'required' && hasPages)
        return refused({ code: 'NOT_CHECKED' });
      // the dear part last: nothing is read of what is refused anyway
      for (const read of toRead) await read();
      const light =
        stationLight &&
        worstLight([...rechecks.values()].map((recheck) => lightAfterRecheck(stationLight, recheck)));
      return {
        stored: true,
        light: light ?? stationLight,
        materials: verified,
        rechecks,
        catalogue,
        catalogues: pinned,
      };
    } catch (error) {
      // ids that the catalogue does not have
      if (error instanceof AppError && error.code === 'NOT_FOUND') return refused({ code: 'BAD_REQUEST' });
      throw error;
    }
  }

  /** The guards of 提交, where the registers are whole: what a station could not tell is told here, and in the guard's words. */
  async function holdGuards(
    item: StoredItem,
    record: LudengRecord,
    { kind, catalogue }: { kind: RecordKind; catalogue: Catalogue },
  ): Promise<Refusal | undefined> {
    const guards = kind.actions?.submit?.guards ?? [];
    const own = identityOfSubject(record.subject);
    const organisation = own.kind === 'organisation' ? { organisation: own } : {};
    const { by: name = record.subject.name, assurance = [] } = record.handedIn ?? {};
    const actor = { ...nobody, kind: 'station', name, assurance, ...organisation } as const;
    const answer = await opening.judge(guards, { record, catalogue, actor, at: item.receivedAt });
    if (answer.verdict === 'allowed') return undefined;
    return { code: 'GUARD_REFUSED', words: textOf(answer.answers) };
  }

  /** A station that has sealed one whole record seals them all: from then on it is held to it. */
  async function checkSealOfRecord(
    item: StoredItem,
    record: LudengRecord,
    needs: Needs,
  ): Promise<Refusal | undefined> {
    const { stationId, receivedAt } = item;
    const sealsSince = (await stations.find(stationId))?.recordSealsSince;
    const refusal = checkRecordSeal({ record, needs, receivedAt, sealsSince, seals });
    if (!refusal && record.recordSeal) await stations.noteRecordSeals(stationId, receivedAt);
    return refusal;
  }

  /** A blob whose row is here but whose file is not: the server's own fault, never the applicant's. */
  async function readBlob(sha: string): Promise<Uint8Array> {
    try {
      return await blobs.read(sha);
    } catch (error) {
      throw new Error(`blob ${sha} is gone`, { cause: error });
    }
  }

  /** Checked before: the PDF shows exactly the pages with these hashes. */
  async function sealedPicture(pdfSha: string, sha: string): Promise<Uint8Array> {
    if (await blobs.has(sha)) return readBlob(sha);
    const picture = await seals.picture(await readBlob(pdfSha), sha);
    if (!picture) throw new Error(`page ${sha} is not in its sealed file`);
    return picture;
  }

  async function store(common: Common, accepted: Accepted): Promise<void> {
    const { at } = common;
    const { light, materials, catalogue, rechecks } = accepted;
    const record = asJudged(common.record, accepted);
    const note = recheckNote([...rechecks.values()]);
    const { codePrefix: prefix } = getProgramme(catalogue, record.programme);
    const opens = getRecordKind(catalogue, record.programme, record.kind).actions?.submit?.opens;
    const year = chinaYear(at);
    await records.store({
      ...common,
      record,
      ...(light === undefined ? {} : { light }),
      ...(note === undefined ? {} : { note }),
      materials,
      ...(opens === undefined ? {} : { opens }),
      counter: `unique-code:${prefix}-${year}`,
      makeUniqueCode: (serial) => makeUniqueCode({ prefix, year, serial }),
      ...(light === 'green' ? { certify: (uniqueCode) => certify(uniqueCode, common, materials) } : {}),
    });
    log.info({ recordId: record.id, light }, 'record stored');
  }

  async function reject(common: Common, refusal: Refusal): Promise<void> {
    const message = refusalText(refusal);
    await records.reject({ ...common, code: refusal.code, message });
    log.warn({ recordId: common.record.id, code: refusal.code }, 'record rejected');
  }

  /** Under the name in the signer's own certificate. Names no person and no content of a certificate: anybody who knows the unique code and its 查验码 may see it. */
  function certify(
    uniqueCode: string,
    { record, at }: Common,
    materials: readonly VerifiedMaterial[],
  ): IssuedCredential & { verificationCode: string } {
    const body = canonicalJson({
      format: 'ludeng-certificate/1',
      uniqueCode,
      issuedAt: at,
      recordId: record.id,
      programme: record.programme,
      kind: record.kind,
      subject: { ...record.subject, name: materials[0]?.report.signerName ?? record.subject.name },
      light: 'green',
      materials: materials.map(({ slot, pdfSha }) => ({ slot, pdfSha })),
    });
    const verificationCode = verificationCodes.of(uniqueCode);
    return { uniqueCode, issuedAt: at, body, signature: serverKey.sign(body), verificationCode };
  }
}

/** For all materials together: well before the lease of the job ends (run-jobs.ts). */
const readingLimitMs = 3 * 60_000;
/** A reader that fails is asked so often in all; then a person looks instead. */
const readerAttempts = 3;

/** What the server saw, and what it makes of the station's evidence in its own words: lights were compared, texts were not. */
function asJudged(
  record: LudengRecord,
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

const refused = (refusal: Refusal): Judgement => ({ stored: false, refusal });

function hasSeal(material: Material): material is Material & { checked: Checked; seal: Seal } {
  return material.pages.length > 0 && material.checked !== undefined && material.seal !== undefined;
}
