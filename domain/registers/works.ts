/** A work as the register keeps it: numbers in one form, what may be altered of it, what differs between two states of it. Pure. */
import { workColumns } from '../catalogue/works.ts';
import { normaliseText } from '../text/normalise.ts';
import type { Values } from '../primitives.ts';
import type { RegisteredWork, UnitOfWork, WorkChange } from './schema.ts';

/** 合同登记编号, 施工许可证编号: typed with a space, in full-width digits or small letters it is the same number. */
export const canonicalNumber = (text: string): string => normaliseText(text).toUpperCase();

export function canonicalWork(work: RegisteredWork): RegisteredWork {
  const { contractNumber, permitNumber, ...rest } = work;
  return {
    ...rest,
    ...(contractNumber === undefined ? {} : { contractNumber: canonicalNumber(contractNumber) }),
    ...(permitNumber === undefined ? {} : { permitNumber: canonicalNumber(permitNumber) }),
  };
}

type WorkColumn = (typeof workColumns)[number];
const isColumn = (id: string): id is WorkColumn => workColumns.some((one) => one === id);

/** The work with these values; an empty one of the columns leaves what stands, an empty detail takes it away. */
export function workWith(work: RegisteredWork, values: Values): RegisteredWork {
  const details: Values = { ...work.details };
  const columns: Partial<Record<WorkColumn, string>> = {};
  for (const [id, value] of Object.entries(values)) {
    if (isColumn(id)) {
      if (value !== '') columns[id] = value;
    } else if (value === '') delete details[id];
    else details[id] = value;
  }
  return canonicalWork({ ...work, ...columns, details });
}

/**
 * What of `set` its writer altered. A form begins with what stands, so a value that another has altered since and that still is as
 * the form began was left alone. `since`: changes after the form was begun, oldest first.
 */
export function alteredOf(set: Values, since: readonly WorkChange[]): Values {
  const began = new Map<string, string>();
  for (const { what, before } of since.flatMap(({ changes }) => changes))
    if (!began.has(what)) began.set(what, before);
  return Object.fromEntries(Object.entries(set).filter(([id, value]) => began.get(id) !== value));
}

/** The unit does that at the work from now on, in the place of whoever did. */
export const workWithUnit = (work: RegisteredWork, unit: UnitOfWork): RegisteredWork => ({
  ...work,
  units: [...(work.units ?? []).filter(({ role }) => role !== unit.role), unit],
});

/** A value of a work by the name under which it is altered and shown. */
export function workValue(work: RegisteredWork, id: string): string {
  if (id === 'authority' || id === 'supervisor') return work[id];
  return isColumn(id) ? (work[id] ?? '') : (work.details?.[id] ?? '');
}

/** What a history tells; nothing where the two are alike. */
export function differences(
  before: RegisteredWork | undefined,
  after: RegisteredWork,
): WorkChange['changes'] {
  const told = (work: RegisteredWork | undefined): Values =>
    work === undefined
      ? {}
      : {
          ...{ name: work.name, state: work.state, authority: work.authority, supervisor: work.supervisor },
          ...{ contractNumber: work.contractNumber ?? '', permitNumber: work.permitNumber ?? '' },
          ...work.details,
          ...unitsByRole(work.units ?? []),
        };
  const [from, to] = [told(before), told(after)];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((what) => {
    const change = { what, before: from[what] ?? '', after: to[what] ?? '' };
    return change.before === change.after ? [] : [change];
  });
}

function unitsByRole(units: readonly UnitOfWork[]): Values {
  const told: Values = {};
  for (const { role, code, name } of units) {
    const known = told[`unit:${role}`];
    told[`unit:${role}`] = `${known === undefined ? '' : `${known}、`}${name}（${code}）`;
  }
  return told;
}
