import type { Case } from '#domain/cases/schema.ts';
import type { Push } from '#domain/record/schema.ts';

/** The push as its case stands; undefined where the case is of no push. */
export function pushOf(current: Case, names: ReadonlyMap<string, string> = new Map()): Push | undefined {
  const { pushId, pushField, state } = current;
  if (pushId === undefined || pushField === undefined) return undefined;
  const isOver = state === 'approved' || state === 'refused';
  const last = isOver ? current.decisions.at(-1) : undefined;
  return {
    id: pushId,
    field: pushField,
    fieldName: names.get(pushField) ?? pushField,
    pushedAt: current.openedAt,
    state: isOver ? state : 'under-review',
    ...(last ? { decidedAt: last.at, opinion: last.opinion, decidedBy: last.by } : {}),
  };
}
