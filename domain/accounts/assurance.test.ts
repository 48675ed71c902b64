import { describe, expect, test } from 'vitest';
import { aProof, anIdentity } from '#tests/support/actors.ts';
import fc from '#tests/support/properties.ts';
import { compareProofs, isAssured, levelOf, proofSchema } from './assurance.ts';
import { assuranceLevels, canReach, identityKindSchema, isSameIdentity, rankOf } from './identity.ts';
import { loginWayIds } from './login-way-ids.ts';
import {
  loginWays,
  loginWaysSchema,
  offeredBy,
  offeredWaySchema,
  provenKinds,
  provenLevel,
} from './login-ways.ts';

const level = fc.constantFrom(...assuranceLevels);
const kind = fc.constantFrom(...identityKindSchema.options);
const company = { kind: 'organisation', scheme: 'credit-code', value: '91', name: '甲公司' } as const;
const person = { kind: 'person', scheme: 'id-number', value: '21', name: '张三' } as const;
const at = '2026-11-30T00:00:00.000Z';

describe('assurance', () => {
  test('is told for every proof and every need, and what is proved of one kind says nothing of another', () => {
    fc.assert(
      fc.property(fc.array(aProof), level, kind, (assurance, needed, of) => {
        const answer = isAssured(assurance, { level: needed, kind: of });
        if (needed === 'none') expect(answer).toBe(true);
        else if (answer) expect(assurance.some(({ identity }) => identity.kind === of)).toBe(true);
        const others = assurance.filter(({ identity }) => identity.kind !== of);
        if (needed !== 'none') expect(isAssured(others, { level: needed, kind: of })).toBe(false);
      }),
    );
  });

  test('more proofs never make it less, and what suffices for much suffices for less', () => {
    fc.assert(
      fc.property(fc.array(aProof), aProof, level, level, kind, (assurance, more, one, other, of) => {
        const [low, high] = rankOf(one) <= rankOf(other) ? [one, other] : [other, one];
        if (isAssured(assurance, { level: high, kind: of }))
          expect(isAssured([...assurance, more], { level: low, kind: of })).toBe(true);
      }),
    );
  });

  test('a company’s UKey is neither the face nor the signature of a person', () => {
    const assurance = [{ way: 'ukey', level: 'signed', identity: company, at }] as const;
    expect(isAssured(assurance, { level: 'signed', kind: 'organisation' })).toBe(true);
    for (const needed of ['password', 'two-factors', 'face', 'signed'] as const)
      expect(isAssured(assurance, { level: needed, kind: 'person' })).toBe(false);
    expect(levelOf(assurance, person)).toBe('none');
  });

  test('the proof of one person is not that of another', () => {
    const assurance = [{ way: 'face', level: 'face', identity: person, at }] as const;
    expect(isAssured(assurance, { level: 'face', kind: 'person', of: person })).toBe(true);
    expect(isAssured(assurance, { level: 'face', kind: 'person', of: { ...person, value: '22' } })).toBe(
      false,
    );
    expect(isAssured(assurance, { level: 'signed', kind: 'person' })).toBe(false);
  });

  test('ranks compare ways of one identity only', () => {
    fc.assert(
      fc.property(aProof, aProof, (left, right) => {
        const order = compareProofs(left, right);
        expect(order === undefined).toBe(!isSameIdentity(left.identity, right.identity));
        const back = compareProofs(right, left);
        expect(order === undefined ? back : Math.sign(order + (back ?? Number.NaN))).toBe(
          order === undefined ? undefined : 0,
        );
      }),
    );
  });

  test('a proof that says more than its way proves is refused, and counts for no more where it is met', () => {
    fc.assert(
      fc.property(aProof, (proof) => {
        const most = provenLevel(proof.way, proof.identity.kind);
        const isHonest = rankOf(proof.level) <= rankOf(most);
        expect(proofSchema.safeParse(proof).success).toBe(isHonest && proof.identity.value !== '');
        expect(rankOf(levelOf([proof], proof.identity))).toBeLessThanOrEqual(rankOf(most));
      }),
    );
  });
});

describe('login ways', () => {
  test('each proves at its level every kind that it says, if such an identity can be proved so', () => {
    for (const way of loginWayIds) {
      const { proves, level: most } = loginWays[way];
      const kinds = provenKinds[proves].filter((one) => canReach(one, most));
      expect(kinds.length > 0 || proves === 'nobody', way).toBe(true);
      for (const one of kinds) expect(provenLevel(way, one)).toBe(most);
    }
  });

  test('only what a way proves can be offered of it', () => {
    expect(offeredWaySchema.safeParse({ way: 'ukey', assurance: 'signed' }).success).toBe(true);
    expect(offeredWaySchema.safeParse({ way: 'password', assurance: 'face' }).success).toBe(false);
    expect(offeredWaySchema.safeParse({ way: 'fax', assurance: 'none' }).success).toBe(false);
  });

  test('a programme of before names a way alone, which counts for all that it proves, and stays as it was written', () => {
    const ways = loginWaysSchema.parse(['ukey', { way: 'password-sms', assurance: 'password' }]);
    expect(ways).toEqual(['ukey', { way: 'password-sms', assurance: 'password' }]);
    expect(offeredBy(ways)).toEqual([
      { way: 'ukey', assurance: 'signed' },
      { way: 'password-sms', assurance: 'password' },
    ]);
    for (const wrong of [[], ['fax'], [{ way: 'id-card-chip', assurance: 'face' }], [{ way: 'ukey' }]])
      expect(loginWaysSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });

  test('identities are the same by kind, scheme and value, whatever they are called', () => {
    fc.assert(
      fc.property(anIdentity, anIdentity, (left, right) => {
        expect(isSameIdentity(left, { ...left, name: right.name })).toBe(true);
        expect(isSameIdentity(left, right)).toBe(isSameIdentity(right, left));
      }),
    );
  });
});
