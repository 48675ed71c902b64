/** In which push fields (推送领域) a record may be used: where it was pushed and approved, and nowhere else. Pure. */
import type { Programme } from '../catalogue/schema.ts';
import { complaintsOf, isDisputed, isLost } from './complaints.ts';
import type { StandingComplaint } from './complaints.ts';
import type { LudengRecord, Push } from './schema.ts';

/**
 * disputed: usable, and a complaint about it waits for its decision. complained: a complaint was upheld. released: 解绑 of whose it
 * is. not-standing: whatever was approved, the record itself counts for nothing now.
 */
export const fieldUses = [
  'usable',
  'disputed',
  'under-review',
  'refused',
  'complained',
  'not-pushed',
  'released',
  'not-standing',
] as const;
export type FieldUse = (typeof fieldUses)[number];

export interface UsableField {
  id: string;
  name: string;
  use: FieldUse;
  text: string;
}

export type PushedRecord = Pick<LudengRecord, 'state' | 'voided' | 'released'> & {
  pushes: readonly Pick<Push, 'id' | 'field' | 'state'>[];
  complaints: readonly StandingComplaint[];
};

export const fieldUseTexts = {
  usable: '可以在本领域使用',
  disputed: '可以在本领域使用；有投诉正在核查',
  'under-review': '核验中，通过后可以在本领域使用',
  refused: '核验不通过，不能在本领域使用',
  complained: '投诉成立，不能在本领域使用',
  'not-pushed': '未推送至本领域，不能在本领域使用',
  released: '人员已解绑，不能在本领域使用',
  'not-standing': '信息已不再有效，不能在本领域使用',
} as const satisfies Record<FieldUse, string>;

export const isUsable = (use: FieldUse): boolean => use === 'usable' || use === 'disputed';

/** What a record itself says of its pushes and the complaints about them. */
export const asPushed = (record: LudengRecord): PushedRecord => ({
  ...record,
  complaints: complaintsOf(record.cases),
});

/** Every push field of the programme, in its order. */
export const usableFields = (
  { pushFields }: Pick<Programme, 'pushFields'>,
  record: PushedRecord,
): UsableField[] =>
  pushFields.map(({ id, name }) => {
    const use = useIn(id, record);
    return { id, name, use, text: fieldUseTexts[use] };
  });

export function useIn(field: string, record: PushedRecord): FieldUse {
  const { state, voided, released, pushes, complaints } = record;
  if (released) return 'released';
  if (state !== 'stored' && state !== 'submitted') return 'not-standing';
  if (voided) return 'not-standing';
  const own = pushes.filter((push) => push.field === field);
  // pushed again after a refusal or an upheld complaint: one approval is enough, whichever came first
  const approved = own.filter((push) => push.state === 'approved' && !isLost(push, complaints));
  if (approved.some((push) => !isDisputed(push, complaints))) return 'usable';
  if (approved.length > 0) return 'disputed';
  const last = own.at(-1);
  if (!last) return 'not-pushed';
  if (isLost(last, complaints)) return 'complained';
  return last.state === 'refused' ? 'refused' : 'under-review';
}
