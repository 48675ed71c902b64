/** What several actions demand alike. */
import type { Condition, Requirement } from './conditions.ts';
import { allDepartments, fleetPermission, accountsPermission } from './desk-permissions.ts';
import type { AccountKind } from './schema.ts';
import type { Things } from './things.ts';

const people = [
  'staff',
  'main',
  'handler',
  'operator',
  'person',
  'registrant',
] as const satisfies readonly AccountKind[];
export const signedIn = { needs: { isOneOf: people }, otherwise: 'UNAUTHENTICATED' } as const;
export const ownPassword = { needs: { settled: true }, otherwise: 'PASSWORD_CHANGE_REQUIRED' } as const;
export const staffOnly = { needs: { isOneOf: ['staff'] }, otherwise: 'FORBIDDEN' } as const;
export const registrantOnly = { needs: { isOneOf: ['registrant'] }, otherwise: 'FORBIDDEN' } as const;
/** The server itself and the command on its machine stand above the desk's permissions. */
const orServer = (condition: Condition<never>): Condition<never> => ({
  any: [{ isOneOf: ['server'] }, condition],
});
export const administers = [
  { needs: orServer({ isOneOf: people }), otherwise: 'UNAUTHENTICATED' },
  ownPassword,
  {
    needs: orServer({ all: [{ isOneOf: ['staff'] }, { holds: accountsPermission }] }),
    otherwise: 'FORBIDDEN',
  },
] as const;
export const watches = [
  signedIn,
  ownPassword,
  staffOnly,
  { needs: { holds: fleetPermission }, otherwise: 'FORBIDDEN' },
] as const;

/** Of the own unit or oneself; a handler and a registrant need the tick of its programme besides. */
const ownSubject = {
  any: [
    { all: [{ isOneOf: ['main', 'person'] }, { own: 'subject', as: 'subject' }] },
    {
      all: [
        { isOneOf: ['handler', 'registrant'] },
        { holdsNamed: 'system' },
        { own: 'subject', as: 'subject' },
      ],
    },
  ],
} as const;
export const seesCase = {
  needs: {
    any: [
      {
        all: [
          { isOneOf: ['staff'] },
          { any: [{ holds: allDepartments }, { own: 'department', as: 'department' }] },
        ],
      },
      ownSubject,
      { own: 'person', as: 'person' },
    ],
  },
  // that a case of another department is there is nobody's business
  otherwise: 'NOT_FOUND',
} as const;
export const seesRecord = {
  needs: {
    any: [
      {
        all: [
          { isOneOf: ['staff'] },
          { any: [{ holds: allDepartments }, { own: 'departments', as: 'department' }] },
        ],
      },
      ownSubject,
    ],
  },
  otherwise: 'NOT_FOUND',
} as const;
export const decidesStep = { needs: { holdsNamed: 'permission' }, otherwise: 'FORBIDDEN' } as const;
/** On the phone, for oneself. */
export const forOneself = [
  signedIn,
  ownPassword,
  { needs: { isOneOf: ['person'] }, otherwise: 'FORBIDDEN' },
] as const;
/** Of the person whom the case names; whether a decision needs the face besides is the workflow's word. */
export const ownTodo = [
  ...forOneself,
  { needs: { own: 'person', as: 'known-person' }, otherwise: 'TODO_UNKNOWN' },
] as const;
/** The main account of an organisation looks after its own operators, and nobody else does. */
export const ownOperator = [
  signedIn,
  ownPassword,
  { needs: { isOneOf: ['main'] }, otherwise: 'FORBIDDEN' },
  {
    needs: {
      all: [
        { fact: 'kind', is: 'operator' },
        { own: 'organisation', as: 'organisation' },
      ],
    },
    otherwise: 'NOT_FOUND',
  },
] as const;

export const leadsUnit = [
  signedIn,
  ownPassword,
  { needs: { isOneOf: ['main'] }, otherwise: 'FORBIDDEN' },
] as const;
/** The main account of a unit looks after its own handlers, and nobody else does. */
export const ownHandler = [
  ...leadsUnit,
  {
    needs: {
      all: [
        { fact: 'kind', is: 'handler' },
        { own: 'organisation', as: 'organisation' },
      ],
    },
    otherwise: 'NOT_FOUND',
  },
] as const;
/** Whoever acts for a unit, where the account is ticked for the programme: the main account is for all of them. */
export const entersSystem = [
  signedIn,
  ownPassword,
  { needs: { isOneOf: ['main', 'handler'] }, otherwise: 'FORBIDDEN' },
  { needs: { any: [{ isOneOf: ['main'] }, { holdsNamed: 'system' }] }, otherwise: 'SYSTEM_NOT_GRANTED' },
] as const;

/** The portal of a programme: whoever acts for a unit, a company or himself. A handler and an operator need the tick. */
export const entersPortal = [
  signedIn,
  ownPassword,
  { needs: { isOneOf: ['main', 'handler', 'operator', 'person', 'registrant'] }, otherwise: 'FORBIDDEN' },
  {
    needs: { any: [{ isOneOf: ['main', 'person'] }, { holdsNamed: 'system' }] },
    otherwise: 'SYSTEM_NOT_GRANTED',
  },
] as const;

export const ownAtPortal = [
  ...entersPortal,
  { needs: { own: 'subject', as: 'subject' }, otherwise: 'NOT_FOUND' },
] as const;

/** One's own lines, those of one's organisation for its main account, and all of them for whoever looks after accounts. */
export function seesLog(): Requirement<Things['log']> {
  return {
    needs: {
      any: [
        { own: 'account', as: 'account' },
        { all: [{ isOneOf: ['staff'] }, { holds: accountsPermission }] },
        { all: [{ isOneOf: ['main'] }, { own: 'organisation', as: 'organisation' }] },
      ],
    },
    otherwise: 'NOT_FOUND',
  };
}

export function seesSession(): Requirement<Things['session']> {
  return {
    needs: {
      any: [
        { own: 'account', as: 'account' },
        { all: [{ isOneOf: ['staff'] }, { holds: accountsPermission }] },
        { all: [{ isOneOf: ['main'] }, { own: 'organisation', as: 'organisation' }] },
      ],
    },
    otherwise: 'NOT_FOUND',
  };
}
