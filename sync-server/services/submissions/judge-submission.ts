import { nobody } from '#domain/accounts/schema.ts';
import { textOf } from '#domain/cases/guards.ts';
import { getDocumentType, getRecordKind, getSlot } from '#domain/catalogue/lookup.ts';
import { needsOf } from '#domain/catalogue/record-kind.ts';
import type { Needs } from '#domain/catalogue/record-kind.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { lightAfterRecheck } from '#domain/record/compare-checks.ts';
import type { Checked, LudengRecord, Material, Recheck, Seal } from '#domain/record/schema.ts';
import { identityOfSubject } from '#domain/record/subject-id.ts';
import { worstLight } from '#domain/verdict/decide-record.ts';
import type { LightColour } from '#domain/verdict/schema.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { VerifiedMaterial } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';
import type { StoredItem } from '../../ports/item-rows.ts';
import type { SealVerifier } from '../../ports/seal-verifier.ts';
import type { StationRows } from '../../ports/station-rows.ts';
import type { KeyAccess } from '../accounts/login/key-account.ts';
import type { CaseOpening } from '../cases/case-opening.ts';
import { checkAssurance } from './check-assurance.ts';
import { checkKeyAccount } from './check-key-account.ts';
import { checkMaterial } from './check-material.ts';
import { checkRecord, lightOf } from './check-record.ts';
import type { RecordQuestion } from './check-record.ts';
import { checkRecordSeal } from './check-record-seal.ts';
import type { HoldOnce } from './hold-once.ts';
import type { HoldReleased } from './hold-released.ts';
import type { HoldRegister } from './hold-register.ts';
import type { RecheckAttempt } from './recheck.ts';
import type { Refusal } from './refusal.ts';
import { checkAttachments, looseMaterial } from './unsealed-parts.ts';

export interface JudgeSubmissionOptions {
  opening: Pick<CaseOpening, 'judge'>;
  catalogues: CatalogueRows;
  blobs: BlobStore;
  seals: SealVerifier;
  holdRegister: HoldRegister;
  holdOnce: HoldOnce;
  holdReleased: HoldReleased;
  keyAccess: Pick<KeyAccess, 'hindranceOf'>;
  stations: Pick<StationRows, 'find' | 'noteRecordSeals'>;
  secondReading: RecheckAttempt;
}

export interface Accepted {
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
export type Judgement = Accepted | { stored: false; refusal: Refusal };

/** Every question that is asked of a submission, the dear ones last: what is stored of it, or the first reason why nothing is. */
export function createJudgeSubmission(options: JudgeSubmissionOptions) {
  const {
    opening,
    catalogues,
    blobs,
    seals,
    holdRegister,
    holdOnce,
    holdReleased,
    keyAccess,
    stations,
    secondReading,
  } = options;

  return judge;

  async function judge(
    item: StoredItem,
    record: LudengRecord,
    {
      sources,
      before,
      returned,
      isLastTry,
    }: Pick<RecordQuestion, 'sources' | 'before' | 'returned'> & { isLastTry: boolean },
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
      const { stationId } = item;
      const wrong = checkRecord({ record, stationId, kind, catalogue, sources, before, returned });
      if (wrong) return refused(wrong);
      const needs = needsOf(kind);
      const unproved = checkAssurance(record, needs);
      if (unproved) return refused(unproved);
      const released = await holdReleased.refusalOf(record, before);
      if (released) return refused(released);
      const repeated = await holdOnce.refusalOf(record);
      if (repeated) return refused(repeated);
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
}

/** For all materials together: well before the lease of the job ends (run-jobs.ts). */
const readingLimitMs = 3 * 60_000;
export const refused = (refusal: Refusal): Judgement => ({ stored: false, refusal });

function hasSeal(material: Material): material is Material & { checked: Checked; seal: Seal } {
  return material.pages.length > 0 && material.checked !== undefined && material.seal !== undefined;
}
