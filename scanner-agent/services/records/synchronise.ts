/** 同步: rows of the national platform become drafts of the list; those that a person removed stay away until they are asked for. */
import { isDeepStrictEqual } from 'node:util';
import { actingName } from '#domain/accounts/schema.ts';
import { getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { MarketCertificate } from '#domain/catalogue/synchronise.ts';
import type { SynchronisedAnswer } from '#domain/contracts/kiosk/synchronise.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Values } from '#domain/primitives.ts';
import { isPartOfFile } from '#domain/record/file-parts.ts';
import { createRecord, mayDelete } from '#domain/record/rules.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { answersOfRow, fateOfRow, valuesOfRow } from '#domain/record/synchronised.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MarketLine } from '../../ports/link.ts';
import type { StationStore } from '../../ports/store.ts';
import type { Sessions } from '../login/session.ts';
import { answersOfFile } from './of-file.ts';
import type { RecordService } from './record-service.ts';

export interface SynchroniseDeps {
  line: MarketLine;
  desk: Pick<RecordService, 'get'>;
  store: Pick<StationStore, 'listRecords' | 'insertRecord' | 'deleteDraft'>;
  sessions: Pick<Sessions, 'require'>;
  catalogue: Catalogue;
  clock: Pick<Clock, 'now'>;
  createId: () => string;
}

export function createSynchronise({
  line,
  desk,
  store,
  sessions,
  catalogue,
  clock,
  createId,
}: SynchroniseDeps) {
  /** Throws what the line throws; nothing was changed then. */
  async function run(wanted: {
    kind: string;
    partOf?: string | undefined;
    restored: string[];
  }): Promise<SynchronisedAnswer> {
    const session = sessions.require();
    const { role, programme, subject } = session;
    if (!role) throw new AppError('FORBIDDEN', { missing: 'role' });
    const kind = getRecordKind(catalogue, programme, wanted.kind);
    const rule = kind.synchronise;
    if (!rule) throw new AppError('BAD_REQUEST', { kind: kind.id });
    const { file, answers: own } = answersOfFile(kind, wanted.partOf, (id) => desk.get(id));
    const idNumber = rule.person === undefined ? undefined : own[rule.person];
    const { restored } = wanted;
    const { rows, removed, total } = await line.rows({
      ...{ programme, kind: kind.id, restored },
      ...(idNumber === undefined ? {} : { idNumber }),
    });
    // the person may have gone meanwhile
    if (sessions.require().subject.creditCode !== subject.creditCode) throw new AppError('UNAUTHENTICATED');
    const known = store
      .listRecords({ creditCode: subject.creditCode, programme, kind: kind.id })
      .filter((record) => !file || isPartOfFile(kind, record, file));
    const answer: SynchronisedAnswer = {
      ...{ added: 0, renewed: 0, kept: 0, total, received: rows.length },
      ...{ removed: [], unmatched: [] },
    };
    const at = clock.now();
    for (const row of rows) {
      const title = [row.name, row.grade, row.number].filter((text) => text).join(' ');
      const answers = answersOfRow(kind, { rule, row });
      const { fate, record } = fateOfRow(row.id, { known, removed });
      if (fate === 'removed') answer.removed.push({ row: row.id, title });
      else if (fate === 'keep') answer.kept += 1;
      else if (!answers) answer.unmatched.push(title);
      else {
        const begun = begin(row, { ...answers, ...own });
        if (record && isDeepStrictEqual(record.materials, begun.materials)) {
          answer.kept += 1;
          continue;
        }
        if (record) store.deleteDraft(record.id);
        store.insertRecord(begun);
        answer[record ? 'renewed' : 'added'] += 1;
      }
    }
    return answer;

    function begin(row: MarketCertificate, answers: Values): LudengRecord {
      const by = actingName(session);
      const made = createRecord({
        ...{ id: createId(), catalogue, kind, programme, subject, answers, at, by },
        role: role ?? '',
      });
      const values = rule ? valuesOfRow(catalogue, kind, { rule, row }) : {};
      return {
        ...made,
        synchronised: { from: 'building-market', row: row.id, at },
        materials: made.materials.map((material) =>
          material.slot === rule?.slot
            ? { ...material, mode: 'manual', values: { ...material.values, ...values } }
            : material,
        ),
        operations: [{ at, by, action: rule?.label ?? '' }],
      };
    }
  }

  return {
    run,
    /** Before a synchronised row is deleted: the server remembers it. */
    async forget(record: LudengRecord): Promise<void> {
      const { programme, kind, synchronised } = record;
      if (synchronised && mayDelete(record)) await line.remove({ programme, kind, row: synchronised.row });
    },
  };
}
export type Synchronising = ReturnType<typeof createSynchronise>;
