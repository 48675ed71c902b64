import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getRecordKind } from '../catalogue/lookup.ts';
import type { Checked, LudengRecord, Material, Seal } from './schema.ts';
import { recordSchema } from './schema.ts';
import { columnText } from './columns.ts';
import {
  afterCheck,
  afterEdit,
  afterSeal,
  createRecord,
  lockedFields,
  mayEdit,
  maySupplement,
  missingForSubmit,
  replacingOf,
} from './rules.ts';

const catalogue = loadCatalogue();
const programme = 'liaoning-subject-library';
const kind = getRecordKind(catalogue, programme, 'qualification-grade');
const basic = getRecordKind(catalogue, programme, 'basic-info');
const at = '2026-11-21T08:00:00.000Z';
const later = '2026-11-21T20:30:00.000Z';
const subject = { name: '辽宁沈北建设工程有限公司', creditCode: '91210113MA0P4XU88E' };
const sha = 'a'.repeat(64);

const create = (of = kind, supersedes?: LudengRecord) =>
  createRecord({
    id: '01K00000000000000000000001',
    catalogue,
    programme,
    kind: of,
    role: 'bidder',
    subject,
    answers: of === kind ? { certificateType: 'construction-general-building', isMain: 'yes' } : {},
    at,
    by: '张三',
    ...(supersedes ? { supersedes } : {}),
  });
const seal: Seal = {
  pdfSha: sha,
  pdfSize: 1,
  sealedAt: at,
  signerName: '张三',
  certificateSerial: '01',
  simulated: true,
};
const checked = (light: 'green' | 'yellow' | 'red'): Checked => ({
  at,
  day: '2026-11-21',
  catalogueHash: catalogue.hash,
  modelHash: 'm',
  evidence: {},
  verdict: { light, fields: [] },
});
const page: Material['pages'][number] = {
  sha,
  size: 1,
  widthPx: 100,
  heightPx: 100,
  widthMm: 210,
  heightMm: 297,
  dpi: 300,
  quality: { good: true, issues: [], sharpness: 1, glareShare: 0, brightness: 1, skewDeg: 0 },
  source: 'camera',
  capturedAt: at,
  auxiliary: false,
};
const withPage = (record: LudengRecord): LudengRecord => ({
  ...record,
  materials: record.materials.map((material) => ({ ...material, pages: [page] })),
});
const stamp = { at: later, by: '张三', action: '修改', slot: 'certificate' };
const codes = (record: LudengRecord, of = kind) => missingForSubmit(record, of).map((item) => item.code);

describe('createRecord', () => {
  it('makes a draft that fits its schema, with the subject filled in', () => {
    const record = create();
    expect(recordSchema.parse(record)).toEqual(record);
    expect(record.state).toBe('draft');
    expect(record.materials[0]?.values).toEqual({ companyName: subject.name });
    expect(create(basic).form).toEqual({ companyName: subject.name, creditCode: subject.creditCode });
  });
  it('takes over what the replaced record said, but not its pages, marks, seal or check', () => {
    const before = withPage(create());
    const old: LudengRecord = {
      ...before,
      state: 'stored',
      light: 'yellow',
      materials: before.materials.map((material) => ({
        ...material,
        values: { companyName: '旧名', grade: '一级' },
        seal,
        checked: checked('yellow'),
      })),
    };
    const next = create(kind, old);
    expect(next.supersedes).toBe(old.id);
    expect(next.materials[0]).toMatchObject({ values: { companyName: '旧名', grade: '一级' }, pages: [] });
    expect(next.materials[0]).not.toHaveProperty('seal');
    expect(lockedFields(catalogue, next, 'certificate')).toContain('companyName');
    expect(lockedFields(catalogue, next, 'certificate')).not.toContain('issuingAuthority');
    expect(lockedFields(catalogue, create(), 'certificate')).toEqual([]);
  });
});

describe('what may change', () => {
  it('is everything before submitting, nothing after', () => {
    const states = ['draft', 'saved', 'rejected', 'submitted', 'stored', 'superseded'] as const;
    expect(states.filter((state) => mayEdit({ ...create(), state }))).toEqual(['draft', 'saved', 'rejected']);
  });
  it('is supplemented when yellow, entered anew when green', () => {
    const stored = { ...create(), state: 'stored' as const };
    expect(maySupplement({ ...stored, light: 'yellow' })).toBe(true);
    expect(maySupplement({ ...stored, light: 'green' })).toBe(false);
  });
  it('is neither supplemented nor revised while it is void', () => {
    const stored = { ...create(), state: 'stored' as const };
    const voided = { at, by: '张三' };
    const revised = { ...kind, actions: { revise: { label: '修改' } } };
    const cases = [
      [revised, 'green', 'revise'],
      [kind, 'yellow', 'supplement'],
    ] as const;
    for (const [of, light, way] of cases) {
      expect(replacingOf({ ...stored, light }, of)).toBe(way);
      expect(replacingOf({ ...stored, light, voided }, of)).toBeUndefined();
    }
    expect(maySupplement({ ...stored, light: 'yellow', voided })).toBe(false);
  });
  it('loses seal, check and light by an edit of the material', () => {
    const sealed = afterSeal(withPage(create()), seal, stamp);
    const saved = afterCheck(sealed, checked('green'), stamp);
    expect(saved).toMatchObject({ state: 'saved', light: 'green' });
    const edited = afterEdit(saved, stamp);
    expect(edited.state).toBe('draft');
    expect(edited).not.toHaveProperty('light');
    expect(edited.materials[0]).not.toHaveProperty('seal');
    expect(edited.materials[0]).not.toHaveProperty('checked');
    expect(edited.revision).toBe(saved.revision + 1);
    expect(edited.operations).toHaveLength(saved.operations.length + 1);
  });
  it('stays a draft when the check is red', () => {
    const red = afterCheck(withPage(create()), checked('red'), stamp);
    expect(red).toMatchObject({ state: 'draft', light: 'red' });
  });
});

describe('missingForSubmit', () => {
  it('names pages, seal, check and red light in turn', () => {
    const bare = create();
    expect(codes(bare)).toEqual(['NO_PAGES']);
    const paged = withPage(bare);
    expect(codes(paged)).toEqual(['NOT_SEALED']);
    const sealed = afterSeal(paged, seal, stamp);
    expect(codes(sealed)).toEqual(['NOT_CHECKED']);
    expect(codes(afterCheck(sealed, checked('red'), stamp))).toEqual(['RED_LIGHT']);
    expect(codes(afterCheck(sealed, checked('yellow'), stamp))).toEqual([]);
  });
  it('names the empty and wrong fields of the form before the materials', () => {
    const record = create(basic);
    const missing = missingForSubmit({ ...record, form: { ...record.form, contactPhone: '123' } }, basic);
    expect(missing.map((item) => item.title)).toContain('联系人电话');
    expect(missing.map((item) => item.title)).not.toContain('单位名称');
    expect(missing.at(-1)).toEqual({ slot: 'articles-of-association', title: '公司章程', code: 'NO_PAGES' });
  });
});

describe('columnText', () => {
  const row = (record: LudengRecord) =>
    kind.columns.map((column) =>
      columnText(
        column,
        {
          ...record,
          materials: record.materials.map((material) => ({
            slot: material.slot,
            sealed: material.seal !== undefined,
            mode: material.mode,
            values: material.values,
          })),
        },
        kind,
        0,
        catalogue.documentTypes,
      ),
    );
  it('shows dashes for a new row (LNC-070)', () => {
    expect(row(create())).toEqual(['1', '—', '—', '—', '是', '—', '未签章', '—', '—', '']);
  });
  it('shows values in display form and times of China', () => {
    const record = afterSeal(withPage(create()), seal, stamp);
    expect(
      row({
        ...record,
        light: 'green',
        submittedAt: later,
        materials: record.materials.map((material) => ({
          ...material,
          values: { qualificationName: '建筑工程施工总承包', grade: '一级', validUntil: '2030-12-31' },
        })),
        pushes: [
          {
            id: record.id,
            field: 'construction-tendering',
            fieldName: '辽宁省建设工程招标投标领域',
            pushedAt: at,
            state: 'approved',
          },
        ],
      }),
    ).toEqual([
      '1',
      '建筑工程施工总承包',
      '一级',
      '2030年12月31日',
      '是',
      '绿灯',
      '已签章',
      '2026-11-22 04:30',
      '辽宁省建设工程招标投标领域（审核通过）',
      '',
    ]);
  });
});
