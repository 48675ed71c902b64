/** Actors and things at random, of few values each, so that they often meet. */
import { actorKindSchema } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { assuranceLevels, identityKindSchema, identitySchemeSchema } from '#domain/accounts/identity.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import type { Proof } from '#domain/accounts/assurance.ts';
import { loginWayIds } from '#domain/accounts/login-way-ids.ts';
import fc from './properties.ts';

const word = fc.constantFrom('', 'a', 'b', 'c');
const permission = fc.constantFrom('review', 'sign', 'all-departments', 'fleet', 'accounts', 'system:p');

export const anIdentity: fc.Arbitrary<Identity> = fc.record({
  kind: fc.constantFrom(...identityKindSchema.options),
  scheme: fc.constantFrom(...identitySchemeSchema.options),
  value: fc.constantFrom('a', 'b', 'c'),
  name: word,
});

export const aProof: fc.Arbitrary<Proof> = fc.record({
  way: fc.constantFrom(...loginWayIds),
  level: fc.constantFrom(...assuranceLevels),
  identity: anIdentity,
  at: fc.constant('2026-11-30T00:00:00.000Z'),
});

export const anActor: fc.Arbitrary<Actor> = fc.record(
  {
    kind: fc.constantFrom(...actorKindSchema.options),
    account: word,
    name: word,
    roles: fc.array(word, { maxLength: 2 }),
    permissions: fc.array(permission, { maxLength: 3 }),
    department: word,
    organisation: anIdentity,
    onBehalfOf: anIdentity,
    assurance: fc.array(aProof, { maxLength: 3 }),
    mustChangePassword: fc.boolean(),
  },
  {
    requiredKeys: [
      'kind',
      'account',
      'name',
      'roles',
      'permissions',
      'department',
      'assurance',
      'mustChangePassword',
    ],
  },
);

const reference = fc.oneof(
  word,
  fc
    .tuple(fc.constantFrom('credit-code', 'id-number'), fc.constantFrom('a', 'b', 'c'))
    .map(([scheme, value]) => `${scheme}:${value}`),
);

/** Everything that any thing says of itself. */
export const facts = fc.record({
  department: word,
  departments: fc.array(word, { maxLength: 3 }),
  permission: fc.oneof(permission, fc.constant('')),
  system: fc.constantFrom('', 'system:p', 'system:q'),
  subject: reference,
  person: word,
  administered: reference,
  organisation: reference,
  account: word,
  id: word,
  kind: fc.constantFrom('operator', 'main', 'handler'),
});
