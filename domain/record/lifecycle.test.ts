import { describe, expect, it } from 'vitest';
import { makeMaterial, makeRecord } from '#tests/support/record-fixtures.ts';
import {
  allows,
  applyEvent,
  movesAmong,
  nextState,
  recordEvents,
  recordStates,
  statesAtServer,
} from './lifecycle.ts';
import type { RecordEvent } from './lifecycle.ts';
import { recordStateSchema, returnedCode } from './schema.ts';
import type { RecordSeal } from './schema.ts';

const at = '2026-11-21T08:00:00.000Z';
const text = (moves: readonly { from: string; to: string }[]) =>
  moves.map(({ from, to }) => `${from} ${to}`).sort();
const seal = {
  pdfSha: 'a'.repeat(64),
  pdfSize: 1,
  sealedAt: at,
  signerName: '张三',
  certificateSerial: '01',
  simulated: true,
};
const recordSeal: RecordSeal = {
  format: 'ludeng-record/2',
  cms: 'AAAA',
  catalogueHash: 'h',
  sealedAt: at,
  signerName: '张三',
  certificateSerial: '01',
  simulated: true,
};
const full = () =>
  makeRecord({
    state: 'rejected',
    light: 'green',
    recordSeal,
    rejection: { code: 'X', message: '退回', at },
    materials: [
      { ...makeMaterial([]), seal },
      { ...makeMaterial([]), slot: 'other', seal },
    ],
  });

describe('the life of a record', () => {
  it('knows every state, and moves among them as it always has', () => {
    expect([...recordStates].sort()).toEqual([...recordStateSchema.options].sort());
    expect(text(movesAmong(recordStates))).toEqual([
      'draft saved',
      'draft submitted',
      'rejected draft',
      'rejected saved',
      'rejected submitted',
      'saved draft',
      'saved submitted',
      'stored rejected',
      'stored superseded',
      'submitted rejected',
      'submitted stored',
    ]);
  });
  it('is seen by the server without drafts: what it refused may come again', () => {
    expect(text(movesAmong(statesAtServer))).toEqual([
      'rejected stored',
      'stored rejected',
      'stored superseded',
    ]);
  });
  it('lets nobody but the server move what was submitted', () => {
    const frozen = recordEvents.filter(
      (event) => nextState('submitted', event) !== undefined && nextState('submitted', event) !== 'submitted',
    );
    expect(frozen.sort()).toEqual(['reject', 'store']);
  });
  it.each<[RecordEvent, string[]]>([
    ['edit', ['light', 'recordSeal', 'rejection']],
    ['edit-material', ['light', 'recordSeal', 'rejection', 'seal of licence']],
    ['submit', ['rejection']],
    ['note', []],
  ])('takes away by %s what rested on what is no more', (event, gone) => {
    const before = full();
    const after = applyEvent(before, event, { at, slot: 'licence' });
    const left = [
      ...(['light', 'recordSeal', 'rejection'] as const).filter((key) => after[key] === undefined),
      ...after.materials.filter((material) => !material.seal).map(({ slot }) => `seal of ${slot}`),
    ];
    expect(left).toEqual(gone);
    expect(after).toMatchObject({ revision: before.revision + 1, updatedAt: at });
  });
  it('keeps a department’s reason while the record is corrected, until it is handed in again', () => {
    const returned = makeRecord({
      state: 'rejected',
      rejection: { code: returnedCode, message: '补材料', at },
    });
    const draft = applyEvent(returned, 'edit', { at });
    expect(draft.rejection?.message).toBe('补材料');
    expect(applyEvent(draft, 'submit', { at }).rejection).toBeUndefined();
  });
  it('refuses by name what is not in the table', () => {
    expect(() => applyEvent(makeRecord({ state: 'stored' }), 'edit', { at })).toThrow(
      expect.objectContaining({ code: 'RECORD_NOT_EDITABLE', details: { state: 'stored', event: 'edit' } }),
    );
  });
  it('supplements yellow and what has no light, and enters green anew', () => {
    const stored = (light?: 'green' | 'yellow') =>
      makeRecord({ state: 'stored', ...(light ? { light } : {}) });
    const may = (light?: 'green' | 'yellow') =>
      (['supplement', 'renew'] as const).filter((event) => allows(stored(light), event));
    expect([may('yellow'), may(), may('green')]).toEqual([['supplement'], ['supplement'], ['renew']]);
  });
  it('writes the line of the event in the words of the programme', () => {
    const record = makeRecord();
    const lineOf = (occasion: object) =>
      applyEvent(record, 'submit', { at, by: '张三', ...occasion }).operations.at(-1)?.action;
    expect(lineOf({})).toBe('提交入库');
    expect(lineOf({ lines: { submitted: '上报' } })).toBe('上报');
    expect(applyEvent(record, 'submit', { at }).operations).toEqual(record.operations);
  });
});
