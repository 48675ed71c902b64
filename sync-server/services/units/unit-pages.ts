import { demand, demandAtAll, filterFor, mayAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { systemPermission } from '#domain/accounts/systems.ts';
import { partiesAt } from '#domain/cases/engine.ts';
import { getRecordKind, getWorkflow } from '#domain/catalogue/lookup.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import type { UnitAccount, UnitHome, UnitInformation } from '#domain/contracts/unit/unit.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { Values } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { columnText } from '#domain/record/columns.ts';
import { summarise } from '#domain/record/summary.ts';
import { maskIdNumber, maskMobile } from '#domain/text/masking.ts';
import type { CaseRows, RecordRows } from '../../ports/case-rows.ts';
import type { LogRows } from '../../ports/log-rows.ts';
import type { UnitRows } from '../../ports/unit-rows.ts';
import type { FindOwnUnit, OwnUnit } from './own-unit.ts';
import { mainHandlerFieldsOf } from './unit-kinds.ts';

const shownTodos = 20;
const shownLogins = 5;

export interface UnitPagesOptions {
  rows: Pick<UnitRows, 'handlers'>;
  ownUnit: FindOwnUnit;
  cases: Pick<CaseRows, 'list' | 'find'>;
  records: Pick<RecordRows, 'find'>;
  logs: Pick<LogRows, 'list'>;
  catalogue: Catalogue;
}

/** A unit's back end: who is signed in, 首页, 基本信息. */
export function createUnitPages({ rows, ownUnit, cases, records, logs, catalogue }: UnitPagesOptions) {
  /** Whoever may act in the unit's user centre. Throws SYSTEM_NOT_GRANTED. */
  async function enterCentre(actor: Actor): Promise<OwnUnit> {
    demandAtAll(actor, 'unit.read');
    const own = await ownUnit(actor);
    demand(actor, 'unit.read', { system: systemPermission(own.programme.id) });
    return own;
  }

  async function todosOf(actor: Actor): Promise<Pick<UnitHome, 'todos' | 'todoCount'>> {
    const query = { state: 'open', search: '', page: 1, pageSize: shownTodos } as const;
    const { cases: found, total } = await cases.list({ ...query, visible: filterFor(actor, 'case.list') });
    const todos = await Promise.all(
      found.map(async ({ id, recordId, openedAt, stepTitle }) => {
        const current = (await cases.find(id))?.case;
        const stored = recordId === undefined ? undefined : await records.find(recordId);
        const waitsFor = current ? partiesAt(current) : [];
        return {
          ...{ id, openedAt, state: stepTitle },
          title: current ? getWorkflow(catalogue, current.workflow).title : '',
          about: stored ? aboutOf(stored.record) : '',
          waitsFor: waitsFor.map(({ person, department }) => person?.name ?? department ?? '').join('、'),
        };
      }),
    );
    return { todos, todoCount: total };
  }

  /** As the first column of its kind says it. */
  function aboutOf(record: LudengRecord): string {
    const kind = getRecordKind(catalogue, record.programme, record.kind);
    const [first] = kind.columns;
    return first ? columnText(first, summarise(record), kind, 0) : '';
  }

  async function loginsOf(actor: Actor, { reference }: OwnUnit): Promise<UnitHome['logins']> {
    const { lines } = await logs.list({
      ...{ visible: filterFor(actor, 'log.read'), organisation: reference, kind: 'login' },
      ...{ page: 1, pageSize: 50 },
    });
    return lines
      .filter(({ action, result }) => action === 'sign-in' && result === 'done')
      .slice(0, shownLogins)
      .map(({ at, name, detail, place, device }) => ({ at, name, way: detail, place, device }));
  }

  return {
    /** Also of an account that is ticked for nothing yet. Throws FORBIDDEN where the account is of no registered unit. */
    async account(actor: Actor): Promise<UnitAccount> {
      demandAtAll(actor, 'system.list');
      const { account, unit, programme, centre } = await ownUnit(actor);
      return {
        account: {
          ...{ id: account.id, name: account.name, kind: account.kind },
          typeTitle: typeTitleOf(centre, account.type),
        },
        unit: { name: unit.name, code: unit.scheme === 'id-number' ? maskIdNumber(unit.code) : unit.code },
        programme: programme.id,
      };
    },

    /** 首页. */
    async home(actor: Actor): Promise<UnitHome> {
      const own = await enterCentre(actor);
      const accounts = { enabled: 0, pending: 0, frozen: 0 };
      const looksAfter = mayAtAll(actor, 'handler.list').allowed;
      if (looksAfter)
        for (const { state } of await rows.handlers(filterFor(actor, 'handler.change'))) accounts[state] += 1;
      return {
        ...(looksAfter ? { accounts } : {}),
        ...(await todosOf(actor)),
        logins: await loginsOf(actor, own),
      };
    },

    /** 基本信息: what was registered, with the main handler of today. Throws NOT_FOUND where it was registered elsewhere. */
    async information(actor: Actor): Promise<UnitInformation> {
      const { main, programme, type } = await enterCentre(actor);
      const stored = main.recordId === undefined ? undefined : await records.find(main.recordId);
      if (!stored) throw new AppError('NOT_FOUND', { registration: main.id });
      const kind = getRecordKind(catalogue, programme.id, stored.record.kind);
      const named = mainHandlerFieldsOf(catalogue, kind);
      const { name, idNumber, mobile } = main.person;
      const today: Values = named
        ? { [named.name]: name, [named.idNumber]: idNumber, [named.mobile]: mobile }
        : {};
      return {
        typeTitle: type.title,
        registeredAt: main.createdAt,
        ...(stored.uniqueCode === undefined ? {} : { uniqueCode: stored.uniqueCode }),
        fields: shownFields(kind, { ...stored.record.form, ...today }),
      };
    },
  };
}
export type UnitPages = ReturnType<typeof createUnitPages>;

const typeTitleOf = ({ accountTypes, handlers }: OwnUnit['centre'], id: string): string =>
  [...accountTypes, ...handlers.types].find((type) => type.id === id)?.title ?? id;

/** As papers have them; numbers of people leave masked. */
function shownFields(kind: RecordKind, form: Values): UnitInformation['fields'] {
  const masks: Partial<Record<string, (value: string) => string>> = {
    'id-number': maskIdNumber,
    phone: maskMobile,
  };
  return kind.form.flatMap((field) => {
    const value = form[field.id];
    if (value === undefined || value === '') return [];
    return [
      {
        id: field.id,
        label: field.label,
        value: masks[field.kind]?.(value) ?? fieldRules[field.kind].format(value, field),
      },
    ];
  });
}
