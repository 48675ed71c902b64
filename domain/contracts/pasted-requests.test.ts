/** What a person pastes from a word processor into a request arrives as if it had been typed, whichever route it goes. */
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { freezingReasonSchema, newHandlerSchema, newMainHandlerSchema } from '../accounts/handlers.ts';
import { operatorChangeSchema } from '../accounts/operators.ts';
import { stationSettingsSchema } from '../sync/fleet.ts';
import { accountChangeSchema } from './desk/accounts.ts';
import {
  complaintRequestSchema,
  decideRequestSchema,
  overruleRequestSchema,
  unmaskCaseRequestSchema,
} from './desk/cases.ts';
import { freezeRequestSchema, thawRequestSchema, unmaskRequestSchema } from './desk/directory.ts';
import { acknowledgeRequestSchema } from './desk/fleet.ts';
import { codeSchema } from './mobile/session.ts';
import { todoDecisionSchema } from './mobile/todos.ts';
import { newRegistrantSchema, portalSignInSchema } from './portal/registration.ts';
import { newMobileAccountSchema } from './public/mobile-accounts.ts';

const prose = ['材料 A1 缺页\n请补充', '\u00a0材\u00ad料\u00a0A1\u200b 缺页\v请补充\ufeff\r\n'] as const;
const line = ['沈北 A1', '\u00a0沈\u00ad北\u00a0\u00a0A1\u200d\u2028'] as const;
const mobile = ['13800138005', '１３８\u00a0００１３\u00ad８００５'] as const;
const idNumber = ['210102199003072316', '２１０１０２\u00a0１９９００３０７\u200b２３１６'] as const;
const code = ['402117', '４０２\u00a0１１７\u200b'] as const;

type Said = readonly [typed: string, pasted: string];
const wanted: [string, z.ZodType, Record<string, Said>][] = [
  ['an opinion at the desk', decideRequestSchema.pick({ opinion: true }), { opinion: prose }],
  ['an opinion on the phone', todoDecisionSchema.pick({ opinion: true }), { opinion: prose }],
  ['投诉', complaintRequestSchema, { reason: prose }],
  ['改判', overruleRequestSchema.pick({ reason: true }), { reason: prose }],
  ['looking at what is masked in a case', unmaskCaseRequestSchema.pick({ reason: true }), { reason: prose }],
  ['looking at what is masked of an account', unmaskRequestSchema.pick({ reason: true }), { reason: prose }],
  ['冻结', freezeRequestSchema, { reason: prose, note: prose }],
  ['解冻', thawRequestSchema, { reason: prose }],
  ['冻结 of a handler', freezingReasonSchema, { reason: prose }],
  ['acknowledging what an audit found', acknowledgeRequestSchema.pick({ reason: true }), { reason: prose }],
  [
    'an account of staff',
    accountChangeSchema.pick({ name: true, department: true }),
    { name: line, department: line },
  ],
  ['a station', stationSettingsSchema.pick({ name: true }), { name: line }],
  ['a handler', newHandlerSchema.omit({ type: true }), { name: line, idNumber, mobile }],
  ['another main handler', newMainHandlerSchema, { name: line, idNumber, mobile, reason: prose }],
  ['an operator', operatorChangeSchema, { mobile }],
  [
    'an account by a number',
    newRegistrantSchema.pick({ name: true, number: true }),
    { name: line, number: idNumber },
  ],
  ['signing in by it', portalSignInSchema.pick({ account: true }), { account: line }],
  ['an account by a mobile', newMobileAccountSchema.omit({ password: true }), { name: line, mobile, code }],
];

describe.each(wanted)('%s', (_what, schema, said) => {
  const read = (part: 0 | 1) =>
    schema.parse({
      ...Object.fromEntries(Object.entries(said).map(([id, texts]) => [id, texts[part]])),
    });

  it('is read as typed', () => {
    expect(read(1)).toEqual(read(0));
    expect(read(0)).toMatchObject(
      Object.fromEntries(Object.entries(said).map(([id, [typed]]) => [id, typed])),
    );
  });
});

it('a code of a short message may be pasted', () => {
  expect(codeSchema.parse(code[1])).toBe(code[0]);
});

it('what nobody sees says nothing, and counts for no length', () => {
  const nothing = '\u00ad\u200b\u00a0\ufeff\r\n';
  expect(complaintRequestSchema.safeParse({ reason: nothing }).success).toBe(false);
  expect(
    complaintRequestSchema.parse({ reason: `${'\u00ad'.repeat(600)}${'一'.repeat(500)}` }).reason,
  ).toHaveLength(500);
  expect(complaintRequestSchema.safeParse({ reason: '一'.repeat(501) }).success).toBe(false);
});
