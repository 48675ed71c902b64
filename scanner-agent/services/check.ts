/**
 * 智能核验: for each field, how well the marked places support what the applicant says, then the lights.
 * The light is decided by domain/verdict; this service only gathers the evidence.
 */
import { AppError } from '#domain/errors/app-error.ts';
import { certificateOfSlot, getRecordKind } from '#domain/catalogue/lookup.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { afterCheck } from '#domain/record/rules.ts';
import { decideMaterial } from '#domain/verdict/decide-material.ts';
import { redecideRecord } from '#domain/verdict/redecide-record.ts';
import type { Catalogue, Certificate } from '#domain/catalogue/schema.ts';
import type { Job } from '#domain/contracts/kiosk-agent.ts';
import type { Checked, LudengRecord, Material, Values } from '#domain/record/schema.ts';
import type { Mark, Marks } from '#domain/reading/schema.ts';
import type { ClaimScore, FieldEvidence } from '#domain/verdict/schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClaimQuestion, PaperReader } from '#paper/ports/paper-reader.ts';
import type { BlobStore } from '../ports/store.ts';
import type { Jobs } from './jobs.ts';
import { materialOf } from './record-desk.ts';
import type { RecordDesk } from './record-desk.ts';

const scoreTimeoutMs = 60_000;

export interface GatherOptions {
  certificate: Certificate;
  values: Values;
  chip: Values;
  marks: Marks;
  /** JPEG of page `index`. */
  page: (index: number) => Promise<Uint8Array>;
  reader: PaperReader;
  signal: AbortSignal;
}

/** The evidence for every field that is compared; shared by the counter and the command line. */
export async function gatherEvidence(options: GatherOptions): Promise<Record<string, FieldEvidence>> {
  const { certificate, values, chip, marks, reader, signal } = options;
  const scores = new Map<string, ClaimScore[]>();
  const compared = certificate.fields.filter(({ weight }) => weight !== 'plain');
  const asked = new Map<number, ClaimQuestion[]>();
  for (const field of compared) {
    const claim = values[field.id] ?? '';
    const forms = claim === '' ? [''] : fieldRules[field.kind].paperForms(claim, field);
    for (const [page, places] of byPage(marks[field.id] ?? [])) {
      const questions = asked.get(page) ?? [];
      questions.push({ id: field.id, boxes: places.map(({ box }) => box), forms });
      asked.set(page, questions);
    }
  }
  for (const [index, questions] of asked) {
    const answers = await reader.scoreClaims(await options.page(index), questions, {
      signal,
      timeoutMs: scoreTimeoutMs,
    });
    for (const [position, score] of answers.entries()) {
      const id = questions[position]?.id;
      if (id !== undefined) scores.set(id, [...(scores.get(id) ?? []), score]);
    }
  }
  const evidence: Record<string, FieldEvidence> = {};
  for (const field of compared) {
    const score = best(scores.get(field.id) ?? []);
    const read = score
      ? (fieldRules[field.kind].readFrom(score.freeReading, field) ?? score.freeReading)
      : '';
    const fromChip = chip[field.id];
    evidence[field.id] = {
      claim: values[field.id] ?? '',
      marks: marks[field.id] ?? [],
      recognised: fromChip ?? read,
      ...(fromChip === undefined ? {} : { chip: fromChip }),
      ...(score ? { score } : {}),
    };
  }
  return evidence;
}

/** A field marked in two places is supported when one of them supports it. */
function best(scores: readonly ClaimScore[]): ClaimScore | undefined {
  return scores.toSorted((a, b) => b.probability - a.probability)[0];
}

function byPage(marks: readonly Mark[]): Map<number, Mark[]> {
  return Map.groupBy(marks, ({ page }) => page);
}

export interface CheckDeps {
  desk: RecordDesk;
  jobs: Jobs;
  reader: PaperReader;
  blobs: BlobStore;
  catalogue: Catalogue;
  clock: Clock;
}

/** 保存. Red leaves the record a draft, green and yellow save it. */
export function createCheck(deps: CheckDeps): (recordId: string, slot: string, revision: number) => Job {
  const { desk, jobs, reader, blobs, catalogue, clock } = deps;

  async function check(record: LudengRecord, material: Material, signal: AbortSignal): Promise<Checked> {
    const kind = getRecordKind(catalogue, record.programme, record.kind);
    const certificate = certificateOfSlot(catalogue, kind, material.slot);
    const evidence = await gatherEvidence({
      certificate,
      values: material.values,
      chip: material.chip,
      marks: material.marks,
      reader,
      signal,
      page: async (index) => {
        const page = material.pages[index];
        if (!page) throw new AppError('BAD_REQUEST', { marks: 'page' });
        return blobs.get(page.sha);
      },
    });
    const day = clock.today();
    const verdict = decideMaterial({
      certificate,
      values: material.values,
      evidence,
      subject: record.subject,
      otherMaterials: record.materials
        .filter(({ slot }) => slot !== material.slot)
        .map(({ slot, values }) => ({ slot, values })),
      day,
    });
    const { modelHash } = await reader.describeModels({ signal, timeoutMs: scoreTimeoutMs });
    return { at: clock.now(), day, catalogueHash: catalogue.hash, modelHash, evidence, verdict };
  }

  return (recordId, slot, revision) => {
    const record = desk.getEditable(recordId, revision);
    const material = materialOf(record, slot);
    if (material.pages.length === 0) throw new AppError('NO_PAGES');
    if (!material.seal) throw new AppError('NOT_SEALED');
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
          action: `智能核验：${lightNames[checked.verdict.light]}`,
          change: (current, stamp) => redecideRecord(afterCheck(current, slot, checked, stamp), catalogue),
        });
      },
    });
  };
}

const lightNames = { red: '红灯', yellow: '黄灯', green: '绿灯' } as const;
