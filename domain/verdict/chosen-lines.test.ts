import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getDocumentType, getRecordKind } from '../catalogue/lookup.ts';
import type { Values } from '../primitives.ts';
import { chosenLines } from './chosen-lines.ts';
import { decideMaterial } from './decide-material.ts';
import type { FieldEvidence } from './schema.ts';

const catalogue = loadCatalogue();
const liaoning = 'liaoning-subject-library';
const hunan = 'hunan-unified-registration';
const mark = {
  page: 0,
  box: [
    [0, 0],
    [9, 0],
    [9, 9],
    [0, 9],
  ] as [[number, number], [number, number], [number, number], [number, number]],
};
/** The paper says so, surely. `line`: what the reader makes of the marks, where they show more than the value. */
const read = (claim: string, line = claim): FieldEvidence => ({
  claim,
  marks: [mark],
  recognised: line,
  score: {
    probability: 0.99,
    support: -0.01,
    rivalMargin: 6,
    freeReading: line,
    freeConfidence: 0.99,
    modelHash: 'm',
  },
});

function judge(options: {
  programme?: string;
  kind: string;
  slot?: string;
  answers?: Values;
  form?: Values;
  values: Values;
  lines?: Record<string, string>;
}) {
  const { programme = liaoning, slot = 'certificate', answers = {}, form = {}, values, lines = {} } = options;
  const kind = getRecordKind(catalogue, programme, options.kind);
  const documentType = getDocumentType(
    catalogue,
    kind.materials.find(({ id }) => id === slot)?.documentType ?? '',
  );
  const verdict = decideMaterial({
    documentType,
    values,
    evidence: Object.fromEntries(
      Object.entries(values).map(([id, value]) => [id, read(value, lines[id] ?? value)]),
    ),
    otherMaterials: [],
    day: '2026-01-01',
    chosen: chosenLines(kind, slot, { answers, form }),
  });
  const red = verdict.fields.flatMap(({ field, light, reasons }) =>
    light === 'red' && reasons[0] && !['value-missing'].includes(reasons[0].code)
      ? [`${field}: ${reasons[0].code}`]
      : [],
  );
  return { red, texts: verdict.fields.flatMap(({ reasons }) => reasons.map(({ text }) => text)) };
}

const both = '建筑工程施工总承包壹级；市政公用工程施工总承包贰级';
const municipal = { certificateType: 'construction-general-municipal', isMain: 'yes' };
const qualification = (values: Values, lines?: Record<string, string>, answers = municipal) =>
  judge({ kind: 'qualification-grade', answers, values, ...(lines ? { lines } : {}) });

describe('a record opened as 市政公用工程施工总承包', () => {
  it('takes its own line of a paper with several', () => {
    const values = {
      qualificationName: '市政公用工程施工总承包',
      grade: '二级',
      qualificationCategoryAndGrade: both,
    };
    expect(qualification(values).red).toEqual([]);
    expect(qualification(values, { qualificationName: both, grade: both }).red).toEqual([]);
  });
  it.each(['建筑机电安装专业承包', '建筑机电安装工程专业承包', '建筑工程施工总承包', '公路工程施工总承包'])(
    'is red on a paper that says %s, in words',
    (name) => {
      const { red, texts } = qualification({
        qualificationName: name,
        grade: '二级',
        qualificationCategoryAndGrade: `${name}贰级`,
      });
      expect(red).toEqual(['qualificationName: contradicts-choice']);
      expect(texts.find((text) => text.includes('不符'))).toContain('市政公用工程');
    },
  );
  it('is red where the paper says another, whatever was typed and however unsure the score', () => {
    const other = '建筑机电安装工程专业承包贰级';
    const { red } = qualification(
      { qualificationName: '市政公用工程施工总承包', grade: '二级', qualificationCategoryAndGrade: other },
      { qualificationName: other },
    );
    expect(red).toEqual(['qualificationName: contradicts-choice']);
  });
  it.each([
    ['marked on the other line', { grade: '建筑工程施工总承包壹级' }],
    ['marked on a line that holds both', { grade: both }],
    ['marked alone, while the list tells', {}],
  ])('takes no grade of another line: %s', (_, lines) => {
    const { red } = qualification(
      { qualificationName: '市政公用工程施工总承包', grade: '一级', qualificationCategoryAndGrade: both },
      lines,
    );
    expect(red).toEqual(['grade: other-line']);
  });
  it('says nothing of a line that nobody can read', () => {
    const blurred = '市政公用工程施工总承色';
    expect(
      qualification(
        {
          qualificationName: '市政公用工程施工总承包',
          grade: '二级',
          qualificationCategoryAndGrade: blurred,
        },
        { qualificationName: blurred },
      ).red,
    ).toEqual([]);
  });
});

it('every type that can be chosen takes its own name, and the names of the trade stay apart', () => {
  const kind = getRecordKind(catalogue, liaoning, 'qualification-grade');
  const names: Record<string, string> = {
    'construction-general-building': '建筑工程施工总承包',
    'construction-general-electromechanical': '机电工程施工总承包',
    'construction-special-building-services': '建筑机电安装工程专业承包',
    'construction-special-ancient': '古建筑工程专业承包',
    'construction-special-concrete': '预拌混凝土专业承包',
    'construction-special-scaffold': '模板脚手架专业承包',
    'construction-special-other': '特种工程（结构补强）专业承包',
    'construction-labour': '施工劳务',
    'supervision-municipal': '市政公用工程监理',
    'supervision-water': '水利水电工程监理',
    'supervision-power': '电力工程监理',
    'design-special-item': '建筑装饰工程设计专项',
    'survey-geotechnical': '工程勘察专业类岩土工程',
  };
  for (const [certificateType, qualificationName] of Object.entries(names)) {
    expect(kind.asked[0]?.choices.find(({ value }) => value === certificateType)).toBeDefined();
    const takers = Object.keys(names).filter(
      (other) =>
        qualification({ qualificationName }, {}, { certificateType: other, isMain: 'no' }).red.length === 0,
    );
    expect(takers).toEqual([certificateType]);
  }
});

describe('siblings', () => {
  it.each([
    [
      {
        kind: 'tax-payment',
        answers: { month: '2025年6月' },
        values: { paidMonths: '2025-06-01/2025-06-30' },
      },
      [],
    ],
    [
      {
        kind: 'tax-payment',
        answers: { month: '2025年6月' },
        values: { paidMonths: '2025-07-01/2025-07-31' },
      },
      ['paidMonths: contradicts-choice'],
    ],
    [
      {
        kind: 'social-insurance-payment',
        answers: { month: '2025.6' },
        values: { paidMonths: '2024-06-01/2024-06-30' },
      },
      ['paidMonths: contradicts-choice'],
    ],
    [
      {
        kind: 'management-system',
        answers: { systemCategory: 'quality' },
        values: { certificateName: '质量管理体系认证证书' },
      },
      [],
    ],
    [
      {
        kind: 'management-system',
        answers: { systemCategory: 'quality' },
        values: { certificateName: '环境管理体系认证证书' },
      },
      ['certificateName: contradicts-choice'],
    ],
    [{ kind: 'staff-post', answers: { postCategory: 'training' }, values: { post: '安全员' } }, []],
    [{ kind: 'staff-post', answers: { postCategory: 'training' }, values: { post: '合同员' } }, []],
    [
      { kind: 'staff-post', answers: { postCategory: 'training' }, values: { post: '专职安全生产管理人员' } },
      ['post: contradicts-choice'],
    ],
    [
      { kind: 'staff-post', answers: { postCategory: 'safety' }, values: { post: '施工员' } },
      ['post: contradicts-choice'],
    ],
    [
      {
        kind: 'staff-special-operation',
        answers: { operationCategory: 'construction' },
        values: { operation: '低压电工作业' },
      },
      ['operation: contradicts-choice'],
    ],
    [
      {
        kind: 'project-award',
        answers: { awardTitle: 'luban' },
        values: { awardName: '中国建设工程鲁班奖（国家优质工程）' },
      },
      [],
    ],
    [
      { kind: 'project-award', answers: { awardTitle: 'luban' }, values: { awardName: '詹天佑奖' } },
      ['awardName: contradicts-choice'],
    ],
    [
      {
        ...{ programme: hunan, kind: 'unit-qualification' },
        answers: { attribute: 'construction', qualificationType: '市政公用工程施工总承包' },
        values: { qualificationName: '建筑机电安装工程专业承包' },
      },
      ['qualificationName: contradicts-choice'],
    ],
    [
      {
        ...{ programme: hunan, kind: 'unit-qualification' },
        answers: { attribute: 'supervision', qualificationType: '建筑工程施工总承包' },
        values: { qualificationName: '建筑工程施工总承包' },
      },
      ['qualificationName: contradicts-choice'],
    ],
    [
      {
        ...{ programme: hunan, kind: 'unit-qualification' },
        answers: { attribute: 'construction', qualificationType: '市政公用工程施工总承包' },
        values: {
          qualificationName: '市政公用工程施工总承包',
          grade: '一级',
          qualificationCategoryAndGrade: both,
        },
      },
      ['grade: other-line'],
    ],
    [
      { programme: hunan, kind: 'practising-person', slot: 'safety', values: { post: '施工员' } },
      ['post: contradicts-choice'],
    ],
    [{ programme: hunan, kind: 'practising-person', slot: 'safety', values: { post: '项目负责人' } }, []],
  ])('%j', (options, expected) => {
    expect(judge(options).red).toEqual(expected);
  });
});
