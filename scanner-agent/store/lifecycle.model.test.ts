/** The station's real tables against the domain's table of a record's life: random events in any order, legal or not. */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { allows, applyEvent, nextState, recordEvents, recordStates } from '#domain/record/lifecycle.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import fc from '#tests/support/properties.ts';
import { makeRecord } from '#tests/support/record-fixtures.ts';
import { makeFolder, openStation } from '#tests/support/station.ts';
import { sampled } from '#tests/support/nightly.ts';

const { folder, remove } = makeFolder();
const opened = openStation(folder);
const { store } = opened;
afterEach(() => {
  store.close();
  remove();
});

const at = '2026-11-21T08:00:00.000Z';
const codeOf = (work: () => void): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};
/** As whoever would write a state without asking: by hand into the record, and by hand into the row. */
const forced = (record: LudengRecord, state: LudengRecord['state']): LudengRecord => ({
  ...record,
  state,
  revision: record.revision + 1,
});

it('takes every move of the table and refuses every other, in its code and in SQL', () => {
  const beside = new Database(join(folder, 'store.db'));
  const setState = beside.prepare('update record set state = ? where id = ?');
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          /** Mostly one that may happen, so that lives are long. */
          isLegal: fc.oneof(
            { weight: 4, arbitrary: fc.constant(true) },
            { weight: 1, arbitrary: fc.constant(false) },
          ),
          pick: fc.nat({ max: 1_000 }),
          light: fc.constantFrom('green' as const, 'yellow' as const, undefined),
        }),
        { maxLength: 14, size: 'max' },
      ),
      (steps) => {
        let record = makeRecord();
        store.insertRecord(record);
        for (const { isLegal, pick, light } of steps) {
          for (const state of recordStates) {
            const isMove = recordEvents.some((one) => nextState(record.state, one) === state);
            if (isMove || state === record.state) continue;
            expect(codeOf(() => store.updateRecord(forced(record, state)))).toBe('RECORD_NOT_EDITABLE');
            expect(codeOf(() => setState.run(state, record.id))).toBe('SQLITE_CONSTRAINT_TRIGGER');
          }
          const legal = recordEvents.filter(
            (one) => one !== 'note' && nextState(record.state, one) !== undefined,
          );
          const events = isLegal && legal.length > 0 ? legal : recordEvents;
          const event = events[pick % events.length] ?? 'note';
          if (event === 'delete') {
            const may = allows(record, 'delete');
            expect(codeOf(() => store.deleteDraft(record.id))).toBe(may ? 'done' : 'RECORD_NOT_EDITABLE');
            expect(store.getRecord(record.id) === undefined).toBe(may);
            if (may) return;
            continue;
          }
          const { light: _old, ...rest } = record;
          const lit: LudengRecord = light ? { ...rest, light } : rest;
          if (!allows(lit, event)) {
            expect(codeOf(() => applyEvent(lit, event, { at, by: '张三' }))).toBe('RECORD_NOT_EDITABLE');
            continue;
          }
          const next = applyEvent(lit, event, { at, by: '张三', action: event });
          store.updateRecord(next);
          record = next;
          expect(store.getRecord(record.id)).toEqual(record);
          const content = codeOf(() =>
            store.updateRecord({
              ...record,
              form: { a: String(record.revision) },
              revision: record.revision + 1,
            }),
          );
          expect(content).toBe(allows(record, 'edit') ? 'done' : 'RECORD_NOT_EDITABLE');
          record = store.getRecord(record.id) ?? record;
        }
      },
    ),
    { numRuns: sampled(60, 600) },
  );
  beside.close();
}, 60_000);
