/**
 * 签章: the material's pages become a PDF with what was filled in and marked inside it, and the applicant's token
 * seals it, visibly and with a real signature. The PIN lives in this call only.
 */
import { AppError } from '#domain/errors/app-error.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { certificateOfSlot, getRecordKind, getSlot } from '#domain/catalogue/lookup.ts';
import { afterSeal } from '#domain/record/rules.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Job } from '#domain/contracts/kiosk-agent.ts';
import type { LudengRecord, Material, SealedContent } from '#domain/record/schema.ts';
import { assemblePdf } from '#sealing/assemble-pdf.ts';
import { completeSeal, prepareSeal } from '#sealing/prepare-seal.ts';
import type { SealPlacement } from '#sealing/prepare-seal.ts';
import type { SealFont } from '#sealing/true-type.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import type { Clock } from '../ports/clock.ts';
import type { SigningTokens } from '../ports/signing-token.ts';
import type { BlobStore } from '../ports/store.ts';
import type { Jobs } from './jobs.ts';
import { materialOf } from './record-desk.ts';
import type { RecordDesk } from './record-desk.ts';
import { findSigningCertificate } from './session.ts';
import type { Sessions } from './session.ts';

const tokenTimeoutMs = 30_000;
const sealWidthMm = 40;

export interface SealDeps {
  desk: RecordDesk;
  sessions: Sessions;
  jobs: Jobs;
  tokens: SigningTokens;
  blobs: BlobStore;
  catalogue: Catalogue;
  clock: Clock;
  fonts: readonly SealFont[];
  trustAnchors: () => readonly Uint8Array[];
}

export interface SealRequestOptions {
  recordId: string;
  slot: string;
  revision: number;
  tokenId: string;
  certificateId: string;
  pin: string;
  placement?: { page: number; xMm: number; yMm: number } | undefined;
}

export interface Sealing {
  seal(options: SealRequestOptions): Job;
  /** The material as PDF: sealed when sealed, else as it would be sealed. Throws NO_PAGES. */
  pdf(recordId: string, slot: string): Promise<Uint8Array>;
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

  return {
    seal(options) {
      const { recordId, slot, revision } = options;
      const record = desk.getEditable(recordId, revision);
      const material = materialOf(record, slot);
      refuseIncomplete(record, material, catalogue);
      if (options.placement && options.placement.page >= material.pages.length)
        throw new AppError('BAD_REQUEST', { placement: 'page' });
      return jobs.start({
        kind: 'seal',
        recordId,
        slot,
        stage: 'sealing',
        run: async ({ signal, report }) => {
          const plugged = await tokens.list({ signal, timeoutMs: tokenTimeoutMs });
          const { token, certificate } = findSigningCertificate(
            plugged,
            options.tokenId,
            options.certificateId,
            clock.now(),
          );
          if (certificate.creditCode !== sessions.require().subject.creditCode) {
            throw new AppError('CERTIFICATE_OF_OTHER_SUBJECT', { holder: certificate.holderName });
          }
          const prepared = await prepareSeal(await assemble(record, material), {
            signerCertificate: certificate.der,
            placement: placementOf(options.placement),
            appearance: { companyName: certificate.holderName, creditCode: certificate.creditCode },
            fonts: deps.fonts,
            sealedAt: clock.now(),
            reason: '电子签章',
          });
          const [signature] = await tokens.sign({
            tokenId: token.id,
            certificateId: certificate.id,
            pin: options.pin,
            data: [prepared.dataToSign],
            signal,
            timeoutMs: tokenTimeoutMs,
          });
          if (!signature) throw new AppError('DEVICE_FAULT');
          const pdf = completeSeal(prepared, signature, []);
          // What leaves the station must stand before the strictest reader; better to learn it here.
          const verified = await verifySeal(pdf, { trustAnchors: deps.trustAnchors(), at: clock.now() });
          if (!verified.valid)
            throw new AppError('SIGNATURE_INVALID', { problems: verified.problems.map(({ code }) => code) });
          report({ stage: 'storing' });
          const kept = await blobs.put(pdf, 'application/pdf');
          desk.edit({
            id: recordId,
            revision,
            action: '签章',
            change: (current, stamp) =>
              afterSeal(
                current,
                slot,
                {
                  pdfSha: kept.sha,
                  pdfSize: kept.size,
                  sealedAt: clock.now(),
                  signerName: certificate.holderName,
                  certificateSerial: certificate.serialNumber,
                  simulated: token.simulated,
                },
                stamp,
              ),
          });
        },
      });
    },
    async pdf(recordId, slot) {
      const record = desk.get(recordId);
      const material = materialOf(record, slot);
      if (material.seal) return blobs.get(material.seal.pdfSha);
      if (material.pages.length === 0) throw new AppError('NO_PAGES');
      return assemble(record, material);
    },
  };
}

/** What travels inside the PDF: everything the applicant vouches for with the seal. */
export function sealedContent(
  record: LudengRecord,
  material: Material,
  catalogueHash: string,
): SealedContent {
  return {
    format: 'ludeng-material/1',
    recordId: record.id,
    programme: record.programme,
    kind: record.kind,
    slot: material.slot,
    certificate: material.certificate,
    catalogueHash,
    subject: record.subject,
    answers: record.answers,
    values: material.values,
    chip: material.chip,
    marks: material.marks,
    pages: material.pages.map(({ sha, widthPx, heightPx }) => ({ sha, widthPx, heightPx })),
  };
}

/** LNC-066: sealing follows marking; there must be pages, and every required field must be filled. */
function refuseIncomplete(record: LudengRecord, material: Material, catalogue: Catalogue): void {
  if (material.pages.length === 0) throw new AppError('NO_PAGES');
  const { fields } = certificateOfSlot(
    catalogue,
    getRecordKind(catalogue, record.programme, record.kind),
    material.slot,
  );
  const empty = fields.find(({ id, required }) => required && !material.values[id]);
  if (empty) throw new AppError('FIELD_INVALID', { field: empty.id, label: empty.label, problem: '必填' });
}

function placementOf(placement: SealRequestOptions['placement']): SealPlacement {
  if (!placement) return { kind: 'bottom-right', widthMm: sealWidthMm };
  return {
    kind: 'at',
    pageIndex: placement.page,
    leftMm: placement.xMm - sealWidthMm / 2,
    topMm: placement.yMm - sealWidthMm / 2,
    widthMm: sealWidthMm,
  };
}
