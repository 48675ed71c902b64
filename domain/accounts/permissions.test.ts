import { describe, expect, test } from 'vitest';
import fc from '#tests/support/properties.ts';
import { actionRules } from './actions.ts';
import type { Action } from './actions.ts';
import { filterFor, may, mayAtAll } from './permissions.ts';
import { matches } from './conditions.ts';
import { nobody } from './schema.ts';
import type { Actor } from './schema.ts';
import { anActor, facts } from '#tests/support/actors.ts';

const actions = Object.keys(actionRules).filter((one): one is Action => one in actionRules);

const reviewer: Actor = {
  ...nobody,
  kind: 'staff',
  account: 'wang',
  name: '王审核',
  permissions: ['review'],
  department: '住建局',
};

const forWhoeverComes = [
  'session.open',
  'credential.look-up',
  'user-centre.read',
  'portal.read',
  'institution.enter',
  'registration.fill-in',
];

describe('may', () => {
  test('nobody who is not signed in may do anything but what is for whoever comes', () => {
    const open = actions.filter((action) => mayAtAll(nobody, action).allowed);
    expect(open).toEqual(forWhoeverComes);
  });

  test('answers for every actor, action and thing, and a list cut by its filter holds what it allows', () => {
    fc.assert(
      fc.property(anActor, fc.constantFrom(...actions), facts, (actor, action, thing) => {
        const answer = may(actor, action, thing);
        expect(matches(filterFor(actor, action), thing)).toBe(answer.allowed);
        if (answer.allowed) expect(mayAtAll(actor, action)).toEqual({ allowed: true });
      }),
      { numRuns: 10_000 },
    );
  });

  test('nobody does anything but choose a password while somebody else made it', () => {
    fc.assert(
      fc.property(anActor, fc.constantFrom(...actions), facts, (actor, action, thing) => {
        const allowed = may({ ...actor, kind: 'staff', mustChangePassword: true }, action, thing).allowed;
        if (allowed) expect([...forWhoeverComes, 'session.own']).toContain(action);
      }),
    );
  });

  test('whoever registered himself sees what is his number’s in his own programme, and nothing of another one', () => {
    const identity = { kind: 'organisation', scheme: 'credit-code', value: '91', name: '甲公司' } as const;
    const registrant: Actor = {
      ...{ ...nobody, kind: 'registrant', account: 'r', permissions: ['system:one'] },
      assurance: [{ way: 'password', level: 'password', identity, at: '2026-11-30T00:00:00.000Z' }],
    };
    const thing = { departments: '住建局', subject: 'credit-code:91', system: 'system:one' };
    expect(may(registrant, 'record.read', thing)).toEqual({ allowed: true });
    for (const other of [{ system: 'system:two' }, { subject: 'credit-code:92' }])
      expect(may(registrant, 'record.read', { ...thing, ...other })).toEqual({
        ...{ allowed: false, reason: 'NOT_FOUND' },
      });
  });

  test('a case of another department is not there, whatever the step says', () => {
    const thing = {
      department: '交通局',
      permission: 'review',
      subject: '',
      person: '',
      administered: '',
      system: '',
    };
    expect(may(reviewer, 'case.decide', thing)).toEqual({ allowed: false, reason: 'NOT_FOUND' });
    expect(may(reviewer, 'case.decide', { ...thing, department: '住建局' })).toEqual({ allowed: true });
    expect(may(reviewer, 'case.decide', { ...thing, department: '住建局', permission: 'sign' })).toEqual({
      allowed: false,
      reason: 'FORBIDDEN',
    });
  });

  test('somebody of no department sees no case, not even one of none', () => {
    const actor = { ...reviewer, department: '' };
    expect(
      may(actor, 'case.read', {
        department: '',
        permission: '',
        subject: '',
        person: '',
        administered: '',
        system: '',
      }).allowed,
    ).toBe(false);
    expect(filterFor(actor, 'case.list')).toBe(false);
  });

  test('an administrator of one organisation reaches no operator of another', () => {
    const organisation = { kind: 'organisation', scheme: 'credit-code', value: 'A', name: '甲' } as const;
    const main: Actor = { ...nobody, kind: 'main', account: 'a', name: '甲', organisation };
    const operator = { id: 'o', kind: 'operator', organisation: 'credit-code:A' };
    expect(may(main, 'operator.disable', operator)).toEqual({ allowed: true });
    expect(may(main, 'operator.disable', { ...operator, organisation: 'credit-code:B' })).toEqual({
      allowed: false,
      reason: 'NOT_FOUND',
    });
    expect(may(main, 'operator.disable', { ...operator, kind: 'main' }).allowed).toBe(false);
  });
});
