/** A record with several papers, entered over the station's routes: what a person does on the pages, in few words. */
import type { Values } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { MaterialVerdict } from '#domain/verdict/schema.ts';
import type { Applicant } from './applicant.ts';
import type { DocumentPicture } from './documents.ts';
import { eventually } from './whole-station.ts';
import type { WholeStation } from './whole-station.ts';

export interface PaperWork {
  create: (kind: string, answers?: Values, partOf?: string) => Promise<LudengRecord>;
  fillForm: (id: string, form: Values) => Promise<void>;
  /** Upload, confirm what was read with these corrections, seal, check: the verdict of the material. */
  bring: (
    id: string,
    slot: string,
    pictures: readonly DocumentPicture[],
    extra?: Values,
  ) => Promise<MaterialVerdict | undefined>;
  sealAndCheck: (id: string, slot: string) => Promise<MaterialVerdict | undefined>;
  stored: (id: string) => Promise<LudengRecord>;
}

export function createPaperWork(whole: () => WholeStation, applicant: Applicant): PaperWork {
  const sealAndCheck: PaperWork['sealAndCheck'] = async (id, slot) => {
    await applicant.seal(id, slot);
    return (await applicant.save(id, slot)).checked?.verdict;
  };
  return {
    sealAndCheck,
    create(kind, answers = {}, partOf) {
      const body = { kind, answers, ...(partOf === undefined ? {} : { partOf }) };
      return whole().station.call('createRecord', { body });
    },
    async fillForm(id, form) {
      const { revision } = await applicant.record(id);
      await whole().station.call('editForm', { params: { id }, body: { revision, form } });
    },
    async bring(id, slot, pictures, extra = {}) {
      for (const [index, { png }] of pictures.entries())
        await applicant.upload(id, slot, png, {
          source: 'upload',
          ...(index > 0 ? { append: 'true' } : {}),
        });
      const material = (await applicant.record(id)).materials.find((one) => one.slot === slot);
      const read = Object.entries(material?.readings ?? {}).map(([field, { value }]) => [field, value]);
      await applicant.fill(id, slot, {
        ...material?.values,
        ...(Object.fromEntries(read) as Values),
        ...extra,
      });
      return sealAndCheck(id, slot);
    },
    stored: (id) =>
      eventually('the record is stored', async () => {
        const now = await applicant.record(id);
        if (now.rejection) throw new Error(JSON.stringify(now.rejection));
        return now.state === 'stored' ? now : undefined;
      }),
  };
}
