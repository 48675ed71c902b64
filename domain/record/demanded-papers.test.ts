import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getRecordKind } from '../catalogue/lookup.ts';
import { checkConsistency, findingsOf } from './consistency.ts';
import { isDemanded, papersBeside, waitsForSealOf } from './demanded-papers.ts';
import { fitPapers } from './fit-papers.ts';
import { createRecord, missingForSubmit } from './rules.ts';
import type { LudengRecord } from './schema.ts';

const catalogue = loadCatalogue('config');
const kind = getRecordKind(catalogue, 'liaoning-subject-library', 'achievement');
const begun = createRecord({
  ...{ id: '01J00000000000000000000000', catalogue, programme: 'liaoning-subject-library', kind },
  ...{ role: 'bidder', answers: { sectionName: '一标段' }, by: '张三', at: '2026-01-01T00:00:00.000Z' },
  subject: { name: '甲公司', creditCode: '91210113MA0UXK9T4N' },
});
const saying = (slot: string, values: Record<string, string>, from: LudengRecord = begun): LudengRecord => ({
  ...from,
  materials: from.materials.map((material) =>
    material.slot === slot ? { ...material, values: { ...material.values, ...values } } : material,
  ),
});
function slotOf(id: string) {
  const slot = kind.materials.find((one) => one.id === id);
  if (!slot) throw new Error(`no paper ${id}`);
  return slot;
}

describe('papers that a condition demands', () => {
  test('follow the form and the other papers, and are missing until they are there', () => {
    expect(isDemanded(slotOf('evidence'), begun)).toBe(false);
    const ofA = { ...begun, form: { ...begun.form, achievementType: 'a' } };
    expect(isDemanded(slotOf('evidence'), ofA)).toBe(true);
    expect(missingForSubmit(ofA, kind)).toContainEqual({
      slot: 'evidence',
      title: '佐证材料',
      code: 'NO_PAGES',
    });
    expect(waitsForSealOf(kind, 'evidence', ofA)?.id).toBe('award-notice');
    const items = { changedItems: '项目经理,合同金额' };
    const unsaid = saying('construction-contract', { hasChanged: 'no', ...items });
    expect(papersBeside(kind, 'construction-contract', unsaid)).toEqual([]);
    const said = saying('construction-contract', { hasChanged: 'yes', ...items });
    expect(papersBeside(kind, 'construction-contract', said).map(({ title }) => title)).toEqual([
      ...['项目经理变更', '合同金额变更'],
    ]);
  });

  test('a draft of an older configuration gets them, and loses what is asked no more', () => {
    const old = { ...begun, materials: begun.materials.slice(0, 1).map((one) => ({ ...one, slot: 'gone' })) };
    expect(fitPapers(old, kind, catalogue).materials.map(({ slot }) => slot)).toEqual(
      kind.materials.map(({ id }) => id),
    );
    expect(fitPapers(begun, kind, catalogue)).toBe(begun);
  });
});

describe('form and papers held against each other', () => {
  test('what differs is named with its place, and what was changed by contract need not agree', () => {
    const sound = saying('award-notice', { sectionName: '一标段', awardedOn: '2024-03-01', amount: '100' });
    expect(findingsOf(checkConsistency(sound, kind, catalogue))).toEqual([]);
    const later = saying('construction-contract', { signedOn: '2024-02-01', amount: '200' }, sound);
    expect(findingsOf(checkConsistency(later, kind, catalogue)).map(({ at }) => at)).toEqual([
      { slot: 'construction-contract', field: 'amount' },
      { slot: 'construction-contract', field: 'signedOn' },
    ]);
    const other = saying('completion-report', { sectionName: '二标段' }, sound);
    expect(findingsOf(checkConsistency(other, kind, catalogue))).toHaveLength(1);
    const changed = saying('construction-contract', { changedItems: '标段名称' }, other);
    expect(findingsOf(checkConsistency(changed, kind, catalogue))).toEqual([]);
  });

  test('an amount in words that contradicts its figure is found', () => {
    const amount = '壹亿贰仟捌佰伍拾陆万元整（¥130,000,000.00）';
    const [found] = findingsOf(checkConsistency(saying('award-notice', { amount }), kind, catalogue));
    expect(found?.text).toContain('大写金额与小写金额不一致');
    expect(found?.at).toEqual({ slot: 'award-notice', field: 'amount' });
  });
});
