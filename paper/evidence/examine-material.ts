/** The whole check of one material, pixels to lights. Station, server and command line run this one function. */
import { AppError } from '#domain/errors/app-error.ts';
import type { DocumentType } from '#domain/catalogue/schema.ts';
import type { Checked, LudengRecord, Material, Page } from '#domain/record/schema.ts';
import type { ChosenLine } from '#domain/verdict/chosen-lines.ts';
import { decideMaterial } from '#domain/verdict/decide-material.ts';
import { gatherEvidence, scoreTimeoutMs } from './gather-evidence.ts';
import type { GatherOptions } from './gather-evidence.ts';

export interface ExamineMaterialOptions extends Pick<GatherOptions, 'reader' | 'keepCrop' | 'signal'> {
  /** Whose material it is, and which others there are; a batch of files knows neither. */
  record: Pick<LudengRecord, 'materials'> & Partial<Pick<LudengRecord, 'subject'>>;
  material: Pick<Material, 'slot' | 'values' | 'chip' | 'marks'> & { pages: readonly Pick<Page, 'sha'>[] };
  documentType: DocumentType;
  catalogueHash: string;
  /** What was chosen before this paper came. */
  chosen?: readonly ChosenLine[] | undefined;
  /** The day by which validity is judged, YYYY-MM-DD. */
  day: string;
  /** The time of the check, asked for when it is done. */
  now: () => string;
  /** JPEG of the page with this hash. */
  picture: (sha: string) => Promise<Uint8Array>;
}

/** Throws BAD_REQUEST when a mark names a page that is not there, and what `picture` and the reader throw. */
export async function examineMaterial(options: ExamineMaterialOptions): Promise<Checked> {
  const { record, material, documentType, catalogueHash, chosen, day, now, picture, ...gather } = options;
  const { values, chip, marks, pages } = material;
  const evidence = await gatherEvidence({
    ...gather,
    documentType,
    values,
    chip,
    marks,
    page: async (index) => {
      const page = pages[index];
      if (!page) throw new AppError('BAD_REQUEST', { marks: 'page' });
      return picture(page.sha);
    },
  });
  const verdict = decideMaterial({
    documentType,
    values,
    evidence,
    ...(record.subject ? { subject: record.subject } : {}),
    otherMaterials: record.materials
      .filter(({ slot }) => slot !== material.slot)
      .map((other) => ({ slot: other.slot, values: other.values })),
    ...(chosen ? { chosen } : {}),
    day,
  });
  const { modelHash } = await gather.reader.describeModels({
    signal: gather.signal,
    timeoutMs: scoreTimeoutMs,
  });
  return { at: now(), day, catalogueHash, modelHash, evidence, verdict };
}
