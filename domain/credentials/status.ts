/** 证照状态: what a credential counts for now. Pure: asked anew at every look, and kept nowhere. */
import { z } from 'zod';
import { maxLength } from '../limits.ts';
import { instantSchema } from '../primitives.ts';

/**
 * revoked: 吊销, by a decision. replaced: its record was corrected, and a later version counts. superseded: another record has
 * taken its record's place. voided: its record was 作废d. released: 解绑 of
 * the person whose it is. returned: its record was given back, and is being corrected.
 */
export const credentialStates = [
  'valid',
  'revoked',
  'replaced',
  'superseded',
  'voided',
  'released',
  'returned',
] as const;
export type CredentialState = (typeof credentialStates)[number];

export const credentialStatusSchema = z.object({
  state: z.enum(credentialStates),
  /** Since when; of a valid one, since when it was issued. */
  at: instantSchema,
  reason: z.string().max(maxLength.text).exactOptional(),
});
export type CredentialStatus = z.infer<typeof credentialStatusSchema>;

export interface CredentialFacts {
  issuedAt: string;
  replacedAt?: string;
  revoked?: { at: string; reason: string };
  record: {
    state: 'stored' | 'rejected' | 'superseded';
    /** When it was stored, or given back. */
    settledAt: string;
    supersededAt?: string;
    voidedAt?: string;
    releasedAt?: string;
    rejection?: string;
  };
}

/** Of several reasons the one that can never be undone is told first. */
export function statusOf({ issuedAt, replacedAt, revoked, record }: CredentialFacts): CredentialStatus {
  if (revoked) return { state: 'revoked', ...revoked };
  if (replacedAt !== undefined) return { state: 'replaced', at: replacedAt };
  if (record.state === 'superseded')
    return { state: 'superseded', at: record.supersededAt ?? record.settledAt };
  if (record.releasedAt !== undefined) return { state: 'released', at: record.releasedAt };
  if (record.state === 'rejected') {
    const reason = record.rejection === undefined ? {} : { reason: record.rejection };
    return { state: 'returned', at: record.settledAt, ...reason };
  }
  if (record.voidedAt !== undefined) return { state: 'voided', at: record.voidedAt };
  return { state: 'valid', at: issuedAt };
}

/** For people, wherever a state is told: the word, and what follows from it. */
export const credentialStateTexts = {
  valid: { word: '有效', note: '签发机关的记录中，这份证照现行有效。' },
  revoked: { word: '已吊销', note: '这份证照已被吊销，不能再使用。' },
  replaced: { word: '已换发', note: '所属信息更正后换发了新的版本，这一版本不能再使用。' },
  superseded: { word: '已被代替', note: '持证单位已提交新的信息代替它，这份证照不能再使用。' },
  voided: { word: '已作废', note: '所属信息已作废，这份证照不能再使用。' },
  released: { word: '人员已解绑', note: '该人员已不属于持证单位，这份证照不能再使用。' },
  returned: { word: '更正中', note: '所属信息已退回更正，重新入库之前，这份证照不能使用。' },
} as const satisfies Record<CredentialState, { word: string; note: string }>;
