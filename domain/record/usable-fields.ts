/** In which push fields (推送领域) a record may be used: where it was pushed and approved, and nowhere else. Pure. */
import type { Programme } from '../catalogue/schema.ts';
import type { LudengRecord, Push } from './schema.ts';

/** not-standing: whatever was approved, the record itself counts for nothing now. */
export type FieldUse = 'usable' | 'under-review' | 'refused' | 'not-pushed' | 'not-standing';

export interface UsableField {
  id: string;
  name: string;
  use: FieldUse;
  text: string;
}

type Pushed = Pick<LudengRecord, 'state' | 'voided'> & { pushes: readonly Pick<Push, 'field' | 'state'>[] };

export const fieldUseTexts = {
  usable: '可以在本领域使用',
  'under-review': '核验中，通过后可以在本领域使用',
  refused: '核验不通过，不能在本领域使用',
  'not-pushed': '未推送至本领域，不能在本领域使用',
  'not-standing': '信息已不再有效，不能在本领域使用',
} as const satisfies Record<FieldUse, string>;

/** Every push field of the programme, in its order. */
export const usableFields = ({ pushFields }: Pick<Programme, 'pushFields'>, record: Pushed): UsableField[] =>
  pushFields.map(({ id, name }) => {
    const use = useIn(id, record);
    return { id, name, use, text: fieldUseTexts[use] };
  });

function useIn(field: string, { state, voided, pushes }: Pushed): FieldUse {
  if (state !== 'stored' && state !== 'submitted') return 'not-standing';
  if (voided) return 'not-standing';
  const own = pushes.filter((push) => push.field === field);
  // pushed again after a refusal: one approval is enough, whichever came first
  if (own.some((push) => push.state === 'approved')) return 'usable';
  const last = own.at(-1);
  if (!last) return 'not-pushed';
  return last.state === 'refused' ? 'refused' : 'under-review';
}
