import { expect, it } from 'vitest';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import type { FieldReading } from '#domain/reading/schema.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { makeMaterial, makeRecord } from '#tests/support/record-fixtures.ts';
import { maskAbout, maskDetail } from './masked-detail.ts';

const idNumber = '530102199001011237';
const misread = '530102199001011287';
const box: FieldReading['box'] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
const at = '2026-11-30T00:00:00.000Z';

it('masks what was filled in, read, compared and told of a paper, and every key that names the person', () => {
  const catalogue: Catalogue = loadCatalogue('config');
  const material = {
    ...makeMaterial([]),
    certificate: 'resident-id-card',
    values: { idNumber: idNumber, name: '王经办' },
    readings: { idNumber: { value: misread, text: `公民身份号码${misread}`, page: 0, box, confidence: 0.9 } },
    chip: { idNumber: idNumber },
    checked: {
      ...{ at, day: '2026-11-30', catalogueHash: 'c', modelHash: 'm' },
      evidence: { idNumber: { claim: idNumber, marks: [], recognised: misread, chip: idNumber } },
      verdict: {
        light: 'red' as const,
        fields: [
          {
            ...{ field: 'idNumber', label: '公民身份号码', weight: 'key' as const, light: 'red' as const },
            ...{ claimed: idNumber, recognised: misread },
            reasons: [{ code: 'deviates' as const, text: `证件上是 ${misread}` }],
          },
        ],
      },
    },
  };
  const detail = {
    case: {
      about: { kind: 'person', id: idNumber },
      parties: [
        {
          step: 'confirm',
          key: `id-number:${idNumber}`,
          person: { kind: 'person', scheme: 'id-number', value: idNumber, name: '王经办' },
        },
      ],
    },
    step: { parties: [{ key: `id-number:${idNumber}` }] },
    record: makeRecord({ materials: [material] }),
    notices: [{ to: `person:${idNumber}`, text: `请 ${idNumber} 确认`, at }],
  } as unknown as CaseDetail;
  const masked = maskDetail(detail, catalogue);
  expect(JSON.stringify(masked)).not.toMatch(/\d{18}/);
  expect(masked.record?.materials[0]?.values).toEqual({ idNumber: '530102********1237', name: '王经办' });
  expect(masked.step?.parties[0]?.key).toBe(masked.case.parties[0]?.key);
  // nothing else has changed
  expect(masked.record?.id).toBe(detail.record?.id);
  expect(maskAbout({ kind: 'lock', id: idNumber }).id).toBe('530102********1237');
  expect(maskAbout({ kind: 'work', id: idNumber }).id).toBe(idNumber);
});
