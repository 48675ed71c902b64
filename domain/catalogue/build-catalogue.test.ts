import { describe, expect, it } from 'vitest';
import { buildCatalogue } from './build-catalogue.ts';
import type { RawFile } from './build-catalogue.ts';

const files = (): Record<string, Record<string, unknown>> => ({
  'document-types/licence.yaml': {
    id: 'licence',
    name: '证照',
    recognise: { titles: ['证照'] },
    papers: [{ name: 'A4', widthMm: 210, heightMm: 297 }],
    fields: [{ id: 'name', label: '名称', kind: 'text', weight: 'key' }],
    checks: [{ kind: 'is-subject', field: 'name', attribute: 'name' }],
  },
  'workflows/review.yaml': {
    id: 'review',
    title: '核验',
    steps: [
      {
        id: 'manual',
        title: '人工',
        permission: 'review',
        decisions: [{ id: 'approve', label: '通过', opinion: 'optional', outcome: 'approved' }],
      },
    ],
  },
  'programmes/here/programme.yaml': {
    id: 'here',
    name: '本地',
    region: '辽宁省',
    codePrefix: 'LN',
    loginWays: ['ukey'],
    subjectRoles: [{ id: 'bidder', name: '投标人' }],
    sections: [{ id: 'one', title: '一', roles: ['bidder'], recordKinds: ['licence-record'] }],
    pushFields: [{ id: 'field', name: '领域', department: '部门' }],
  },
  'programmes/here/records/licence.yaml': {
    id: 'licence-record',
    title: '证照',
    cardinality: 'many',
    asked: [{ id: 'isMain', label: '主项', kind: 'yes-no' }],
    materials: [{ id: 'paper', title: '证照', documentType: 'licence' }],
    columns: [
      { title: '名称', source: { field: 'name', slot: 'paper' } },
      { title: '主项', source: { answer: 'isMain' } },
    ],
    workflow: 'review',
  },
});
function at(data: ReturnType<typeof files>, path: string): Record<string, unknown> {
  const file = data[path];
  if (!file) throw new Error(`no such file: ${path}`);
  return file;
}
const build = (data = files()) =>
  buildCatalogue(
    Object.entries(data).map(([path, content]): RawFile => ({ path, data: content })),
    (text) => `hash of ${text.length} characters`,
  );
const problems = (change: (data: ReturnType<typeof files>) => void) => {
  const data = files();
  change(data);
  const result = build(data);
  return result.ok ? [] : result.problems.map(({ file, path, message }) => `${file} ${path}: ${message}`);
};

describe('buildCatalogue', () => {
  it('gives a frozen catalogue with its hash, whatever the order of the files', () => {
    const result = build();
    const reversed = build(Object.fromEntries(Object.entries(files()).reverse()));
    expect(result).toEqual(reversed);
    if (!result.ok) throw new Error('not built');
    expect(result.catalogue.programmes[0]?.recordKinds[0]?.id).toBe('licence-record');
    expect(Object.isFrozen(result.catalogue.documentTypes[0]?.fields)).toBe(true);
  });

  it('reports every problem at once, with file and path', () => {
    const found = problems((data) => {
      at(data, 'document-types/licence.yaml')['colour'] = 'blue';
      at(data, 'programmes/here/programme.yaml')['codePrefix'] = 'x';
      at(data, 'workflows/review.yaml')['steps'] = [];
    });
    expect(found.some((line) => line.startsWith('document-types/licence.yaml :'))).toBe(true);
    expect(found.some((line) => line.startsWith('programmes/here/programme.yaml codePrefix:'))).toBe(true);
    expect(found.some((line) => line.startsWith('workflows/review.yaml steps:'))).toBe(true);
  });

  it.each<[string, (data: ReturnType<typeof files>) => void]>([
    [
      'document-types/licence.yaml checks.0.field: unknown field: nome',
      (data) =>
        (at(data, 'document-types/licence.yaml')['checks'] = [
          { kind: 'is-subject', field: 'nome', attribute: 'name' },
        ]),
    ],
    [
      'document-types/licence.yaml checks.0.field: not-expired needs a date or a period, name is text',
      (data) =>
        (at(data, 'document-types/licence.yaml')['checks'] = [{ kind: 'not-expired', field: 'name' }]),
    ],
    [
      'document-types/licence.yaml fields.0.find.pattern: not a regular expression: (',
      (data) =>
        (at(data, 'document-types/licence.yaml')['fields'] = [
          { id: 'name', label: '名称', kind: 'text', find: { pattern: '(' } },
        ]),
    ],
    [
      'document-types/licence.yaml fields.1.id: given twice: name',
      (data) =>
        (at(data, 'document-types/licence.yaml')['fields'] = [1, 2].map(() => ({
          id: 'name',
          label: '名称',
          kind: 'text',
        }))),
    ],
    [
      'document-types/licence.yaml chip.number: unknown field: idNumber',
      (data) => (at(data, 'document-types/licence.yaml')['chip'] = { number: 'idNumber' }),
    ],
    [
      'document-types/more.yaml id: licence is already given in document-types/licence.yaml',
      (data) => (data['document-types/more.yaml'] = at(data, 'document-types/licence.yaml')),
    ],
    [
      'programmes/here/records/licence.yaml workflow: unknown workflow: nothing',
      (data) => (at(data, 'programmes/here/records/licence.yaml')['workflow'] = 'nothing'),
    ],
    [
      'programmes/here/records/licence.yaml materials.0.documentType: unknown document type: lost',
      (data) =>
        (at(data, 'programmes/here/records/licence.yaml')['materials'] = [
          { id: 'paper', title: '证照', documentType: 'lost' },
        ]),
    ],
    [
      'programmes/here/records/licence.yaml columns.0.source.field: unknown field: nome',
      (data) =>
        (at(data, 'programmes/here/records/licence.yaml')['columns'] = [
          { title: '名称', source: { field: 'nome', slot: 'paper' } },
        ]),
    ],
    [
      'programmes/here/records/licence.yaml columns.0.source.answer: unknown answer: other',
      (data) =>
        (at(data, 'programmes/here/records/licence.yaml')['columns'] = [
          { title: '主项', source: { answer: 'other' } },
        ]),
    ],
    [
      'programmes/here/records/licence.yaml partOf.kind: unknown record kind: person',
      (data) =>
        (at(data, 'programmes/here/records/licence.yaml')['partOf'] = {
          kind: 'person',
          key: 'number',
          answers: {},
        }),
    ],
    [
      'programmes/here/records/licence.yaml partOf.answers.number: unknown slot: card',
      (data) => {
        const licence = at(data, 'programmes/here/records/licence.yaml');
        licence['file'] = { title: '档案' };
        licence['partOf'] = {
          kind: 'licence-record',
          key: 'number',
          answers: { number: { slot: 'card', field: 'number' } },
        };
      },
    ],
    [
      'programmes/here/programme.yaml sections.0.recordKinds.0: unknown record kind: staff',
      (data) =>
        (at(data, 'programmes/here/programme.yaml')['sections'] = [
          { id: 'one', title: '一', recordKinds: ['staff'] },
        ]),
    ],
    [
      'programmes/here/programme.yaml sections.0.roles.0: unknown subject role: king',
      (data) =>
        (at(data, 'programmes/here/programme.yaml')['sections'] = [
          { id: 'one', title: '一', roles: ['king'] },
        ]),
    ],
    [
      "programmes/here/programme.yaml id: the id must equal the folder's name, here",
      (data) => (at(data, 'programmes/here/programme.yaml')['id'] = 'there'),
    ],
    ['stations/x.yaml : this place is not known to the catalogue', (data) => (data['stations/x.yaml'] = {})],
  ])('reports %s', (expected, change) => {
    expect(problems(change)).toContain(expected);
  });
});
