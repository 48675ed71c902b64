/**
 * 智能核验: for each field, how well the marked places support what the applicant says, then the lights.
 * The light is decided by domain/verdict; this service only gathers the evidence.
 */
import { AppError } from '#domain/errors/app-error.ts';
import { documentTypeOfSlot, getRecordKind } from '#domain/catalogue/lookup.ts';
import { needsOf } from '#domain/catalogue/record-kind.ts';
import { lightNames } from '#domain/verdict/light-names.ts';
import { afterCheck } from '#domain/record/rules.ts';
import { chosenFor, redecideRecord } from '#domain/record/redecide-record.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { Checked, LudengRecord, Material } from '#domain/record/schema.ts';
import { examineMaterial } from '#paper/evidence/examine-material.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BlobStore } from '../../ports/store.ts';
import type { Jobs } from '../jobs.ts';
import { materialOf } from './record-service.ts';
import type { RecordService } from './record-service.ts';

export interface CheckDeps {
  desk: RecordService;
  jobs: Jobs;
  reader: PaperReader;
  blobs: BlobStore;
  catalogue: Catalogue;
  clock: Clock;
}

/** 保存. Red leaves the record a draft, green and yellow save it. */
export type Check = (recordId: string, slot: string, revision: number) => Job;

export function createCheck(deps: CheckDeps): Check {
  const { desk, jobs, reader, blobs, catalogue, clock } = deps;

  function check(record: LudengRecord, material: Material, signal: AbortSignal): Promise<Checked> {
    const kind = getRecordKind(catalogue, record.programme, record.kind);
    const documentType = documentTypeOfSlot(catalogue, kind, material.slot);
    return examineMaterial({
      record,
      material,
      documentType,
      catalogueHash: catalogue.hash,
      chosen: chosenFor(record, material.slot, catalogue),
      reader,
      signal,
      day: clock.today(),
      now: () => clock.now(),
      picture: (sha) => blobs.get(sha),
      keepCrop: async (jpeg) => {
        const { sha, size } = await blobs.put(jpeg, 'image/jpeg');
        return { sha, size };
      },
    });
  }

  return (recordId, slot, revision) => {
    const record = desk.getEditable(recordId, revision);
    const material = materialOf(record, slot);
    if (material.pages.length === 0) throw new AppError('NO_PAGES');
    const { seal, check: isChecked } = needsOf(getRecordKind(catalogue, record.programme, record.kind));
    if (isChecked === 'none') throw new AppError('BAD_REQUEST', { slot, check: 'none' });
    if (seal === 'material' && !material.seal) throw new AppError('NOT_SEALED');
    return jobs.start({
      kind: 'check',
      recordId,
      slot,
      stage: 'scoring',
      run: async ({ signal, report }) => {
        const checked = await check(record, material, signal);
        report({ checked });
        desk.edit({
          id: recordId,
          // Only what was checked may be called checked: an edit in between makes this a CONFLICT.
          revision,
          line: 'checked',
          outcome: lightNames[checked.verdict.light],
          change: (current, occasion) =>
            redecideRecord(afterCheck(current, checked, { ...occasion, slot }), catalogue),
        });
      },
    });
  };
}
