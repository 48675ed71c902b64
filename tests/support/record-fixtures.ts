/** Records as the store and the line see them: valid, small, without a meaning for the counter. */
import { ulid } from 'ulid';
import type { LudengRecord, Material, Page } from '#domain/record/schema.ts';

export function makePage(sha: string, size: number): Page {
  return {
    sha,
    size,
    widthPx: 1654,
    heightPx: 2339,
    widthMm: 210,
    heightMm: 297,
    dpi: 200,
    quality: { good: true, issues: [], sharpness: 300, glareShare: 0, brightness: 200, skewDeg: 0 },
    source: 'upload',
    capturedAt: '2026-03-01T01:00:00.000Z',
    auxiliary: false,
  };
}

export function makeMaterial(pages: Page[]): Material {
  return {
    slot: 'licence',
    certificate: 'business-licence',
    mode: 'smart',
    values: { name: '沈阳测试建设有限公司' },
    readings: {},
    chip: {},
    pages,
    marks: {},
    confirmed: true,
  };
}

export function makeRecord(changes: Partial<LudengRecord> = {}): LudengRecord {
  return {
    id: ulid(),
    programme: 'liaoning-subject-library',
    kind: 'business-licence',
    role: 'bidder',
    subject: { name: '沈阳测试建设有限公司', creditCode: '91210100MA0000000A' },
    answers: {},
    form: {},
    materials: [],
    state: 'draft',
    revision: 0,
    createdAt: '2026-03-01T01:00:00.000Z',
    updatedAt: '2026-03-01T01:00:00.000Z',
    operations: [{ at: '2026-03-01T01:00:00.000Z', by: '经办人', action: '新增' }],
    pushes: [],
    ...changes,
  };
}

/** The record one edit later. */
export function edited(record: LudengRecord, changes: Partial<LudengRecord> = {}): LudengRecord {
  return { ...record, ...changes, revision: record.revision + 1 };
}
