/**
 * 签章: the material's pages become a PDF with what was filled in and marked inside it, and the applicant's token
 * seals it, visibly and with a real signature. The PIN lives in this call, or, where several materials are sealed one
 * after another, in a hold that forgets it.
 */
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { getRecordKind, getSlot } from '#domain/catalogue/lookup.ts';
import { afterSeal } from '#domain/record/rules.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { SealPlaces, SealReportAnswer } from '#domain/contracts/kiosk/seal.ts';
import type { LudengRecord, Material, Seal } from '#domain/record/schema.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import { assemblePdf } from '#sealing/assemble-pdf.ts';
import type { BlobStore } from '../../ports/store.ts';
import { applySeal } from './apply-seal.ts';
import type { ApplySealDeps } from './apply-seal.ts';
import { findSealPlaces } from './find-seal-places.ts';
import type { ReadSealPage } from './find-seal-places.ts';
import type { JobContext, Jobs } from '../jobs.ts';
import { isKeyError } from './key-hold.ts';
import type { KeyHold } from './key-hold.ts';
import { createPinHold } from './pin-hold.ts';
import { materialOf } from '../records/record-service.ts';
import { reportSeals } from './report-seals.ts';
import type { RecordFiles } from '../records/record-files.ts';
import type { RecordService } from '../records/record-service.ts';
import { companySeal, personSeal } from './seal-looks.ts';
import type { WishedLook } from './seal-looks.ts';
import { refuseIncomplete, refuseOtherPerson, refuseOtherSubject } from './seal-rules.ts';
import { sealedContent } from '#domain/record/sealed-content.ts';
import { findSigningCertificate } from '../login/ukey.ts';
import type { Sessions } from '../login/session.ts';

const tokenTimeoutMs = 30_000;
const readTimeoutMs = 30_000;
/** From the entry of the PIN; long enough for some hundred seals, short enough for a counter. */
const defaultPinLimitMs = 180_000;
/** Papers are sealed at their end: reading all of a thick one would keep a person waiting. */
const pagesReadForPlaces = 6;

export interface SealDeps extends ApplySealDeps {
  desk: RecordService;
  sessions: Sessions;
  jobs: Jobs;
  blobs: BlobStore;
  files: Pick<RecordFiles, 'sealedFile'>;
  catalogue: Catalogue;
  reader: Pick<PaperReader, 'readPage'>;
  /** Words beside which a seal belongs, best first. */
  keywords: readonly string[];
  pinLimitMs?: number;
  /** Where the key that sealed is kept for the record's own seal. */
  keyHold: KeyHold;
}

/** A key and the PIN that opens it. */
interface KeyChoice {
  tokenId: string;
  certificateId: string;
  pin: string;
}
export interface SealRequest extends KeyChoice, WishedLook {
  recordId: string;
  slot: string;
  revision: number;
  /** Whose seal: the company's, or its legal person's beside it. */
  by?: 'company' | 'legal-person';
}
export interface SealBatch extends KeyChoice {
  /** A seam wherever a material has two pages or more. */
  seam: boolean;
  items: { recordId: string; slot: string; revision: number }[];
}
/** Of one material: its job, or why it could not start. */
export interface BatchedSeal {
  recordId: string;
  slot: string;
  job?: Job;
  error?: WireError;
}

export interface Sealing {
  seal(options: SealRequest): Job;
  /** Starts a job for each material; they run one after another. What cannot start says why, and the others run. */
  sealBatch(options: SealBatch): BatchedSeal[];
  /** Where the pages say that a seal belongs. Throws NO_PAGES, READER_FAILED, DEVICE_TIMEOUT. */
  places(recordId: string, slot: string, signal: AbortSignal): Promise<SealPlaces>;
  /** The material as PDF: sealed when sealed, else as it would be sealed. Throws NO_PAGES. */
  pdf(recordId: string, slot: string): Promise<Uint8Array>;
  /** 验证 of that file, as it is now. Throws NO_PAGES. */
  report(recordId: string, slot: string): Promise<SealReportAnswer>;
}

export function createSealing(deps: SealDeps): Sealing {
  const { desk, sessions, jobs, tokens, blobs, catalogue, clock } = deps;

  async function assemble(record: LudengRecord, material: Material): Promise<Uint8Array> {
    const kind = getRecordKind(catalogue, record.programme, record.kind);
    const pages = [];
    for (const { sha, widthMm, heightMm } of material.pages)
      pages.push({ jpeg: await blobs.get(sha), widthMm, heightMm });
    return assemblePdf({
      pages,
      title: `${getSlot(kind, material.slot).title}-${record.subject.name}`,
      attachment: Buffer.from(canonicalJson(sealedContent(record, material, catalogue.hash)), 'utf8'),
      createdAt: clock.now(),
    });
  }

  async function pdf(recordId: string, slot: string): Promise<Uint8Array> {
    const record = desk.get(recordId);
    const material = materialOf(record, slot);
    const sealed = await deps.files.sealedFile(record, material);
    if (sealed) return sealed;
    if (material.pages.length === 0) throw new AppError('NO_PAGES');
    return assemble(record, material);
  }

  /** What may be sealed now; the same questions again when its turn comes. */
  function findMaterial(options: SealRequest): { record: LudengRecord; material: Material } {
    const record = desk.getEditable(options.recordId, options.revision);
    const material = materialOf(record, options.slot);
    refuseIncomplete(record, material, catalogue);
    if (options.by === 'legal-person' && !material.seal) throw new AppError('NOT_SEALED', { by: options.by });
    if (options.placement && options.placement.page >= material.pages.length)
      throw new AppError('BAD_REQUEST', { placement: 'page' });
    if (options.seam && material.pages.length < 2) throw new AppError('BAD_REQUEST', { seam: 'one-page' });
    return { record, material };
  }

  /** The whole work on one material; returns the record's new revision. */
  async function sealOne(options: SealRequest, { signal, report }: JobContext): Promise<number> {
    const { record, material } = findMaterial(options);
    const plugged = await tokens.list({ signal, timeoutMs: tokenTimeoutMs });
    const at = clock.now();
    const chosen = findSigningCertificate(plugged, options.tokenId, options.certificateId, at, deps.trust);
    const { token, certificate } = chosen;
    const isCompany = options.by !== 'legal-person';
    if (isCompany) refuseOtherSubject(certificate, record.subject);
    else refuseOtherPerson(chosen.personName, certificate, { record, catalogue });
    const applied = await withKey(isCompany, options, async () =>
      applySeal(deps, {
        ...(isCompany ? companySeal(options, chosen, at) : personSeal(options, chosen)),
        pdf:
          isCompany || !material.seal
            ? await assemble(record, material)
            : await blobs.get(material.seal.pdfSha),
        token,
        certificate,
        pin: options.pin,
        signal,
      }),
    );
    report({ stage: 'storing' });
    const kept = await blobs.put(applied.pdf, 'application/pdf');
    const file = { pdfSha: kept.sha, pdfSize: kept.size };
    const signed = {
      signerName: chosen.personName ?? certificate.holderName,
      certificateSerial: certificate.serialNumber,
      sealedAt: clock.now(),
      simulated: token.simulated,
    };
    const seal: Seal =
      isCompany || !material.seal
        ? {
            ...file,
            ...signed,
            ...(options.seam ? { seam: true } : {}),
            ...(applied.timestamp ? { timestamp: applied.timestamp } : {}),
          }
        : { ...material.seal, ...file, legalPerson: signed };
    const edited = desk.edit({
      id: options.recordId,
      revision: options.revision,
      line: isCompany ? 'sealed' : 'sealed-by-person',
      change: (current, occasion) => afterSeal(current, seal, { ...occasion, slot: options.slot }),
    });
    return edited.revision;
  }

  /** A key that sealed for the company is held for the seal of the record; one in trouble is forgotten. */
  async function withKey<Value>(
    isCompany: boolean,
    { tokenId, certificateId, pin }: SealRequest,
    work: () => Promise<Value>,
  ): Promise<Value> {
    try {
      const value = await work();
      if (isCompany) deps.keyHold.keep({ tokenId, certificateId, pin });
      return value;
    } catch (error) {
      if (error instanceof AppError && isKeyError(error.code)) deps.keyHold.forget();
      throw error;
    }
  }

  return {
    seal(options) {
      findMaterial(options);
      const { recordId, slot } = options;
      return jobs.start({
        ...{ kind: 'seal', recordId, slot, stage: 'sealing' },
        run: async (context) => void (await sealOne(options, context)),
      });
    },
    sealBatch({ items, pin, seam, ...token }) {
      sessions.require();
      const hold = createPinHold(pin, deps.pinLimitMs ?? defaultPinLimitMs);
      /** A seal raises its record's revision; the next material of that record is sealed upon it. */
      const revisions = new Map<string, number>();
      let last: Promise<unknown> = Promise.resolve();
      const answers = items.map(({ recordId, slot, revision }): BatchedSeal => {
        try {
          const before = last;
          const { material } = findMaterial({ ...token, recordId, slot, revision, pin: '' });
          let end: () => void = () => undefined;
          const ended = new Promise<void>((resolve) => (end = resolve));
          const job = jobs.start({
            ...{ kind: 'seal', recordId, slot, stage: 'sealing' },
            run: async (context) => {
              try {
                await before;
                context.signal.throwIfAborted();
                const own = {
                  ...token,
                  ...{ recordId, slot, pin: hold.take() },
                  revision: revisions.get(recordId) ?? revision,
                  ...(seam && material.pages.length > 1 ? { seam: { at: 0.5 } } : {}),
                };
                revisions.set(recordId, await sealOne(own, context));
              } catch (error) {
                if (error instanceof AppError && isKeyError(error.code)) hold.forget();
                throw error;
              } finally {
                end();
              }
            },
          });
          last = ended;
          return { recordId, slot, job };
        } catch (error) {
          return { recordId, slot, error: toWireError(error, recordId) };
        }
      });
      void last.then(() => hold.forget());
      return answers;
    },
    async places(recordId, slot, signal) {
      const { pages } = materialOf(desk.get(recordId), slot);
      if (pages.length === 0) throw new AppError('NO_PAGES');
      const read: ReadSealPage[] = [];
      for (let page = pages.length - 1; page >= 0 && read.length < pagesReadForPlaces; page--) {
        const one = pages[page];
        if (!one) continue;
        const { lines } = await deps.reader.readPage(await blobs.get(one.sha), {
          signal,
          timeoutMs: readTimeoutMs,
        });
        read.push({ page, lines, ...one });
      }
      return { places: findSealPlaces(read, deps.keywords) };
    },
    pdf,
    async report(recordId, slot) {
      const record = desk.get(recordId);
      const { title } = getSlot(getRecordKind(catalogue, record.programme, record.kind), slot);
      return reportSeals(await pdf(recordId, slot), { title, at: clock.now(), trust: deps.trust });
    },
  };
}
