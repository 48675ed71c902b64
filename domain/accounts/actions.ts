/** Every action that somebody may ask for, which thing it is about, and what it demands. */
import type { Condition, Requirement } from './conditions.ts';
import type { AccountKind } from './schema.ts';

/** Permissions of the desk's accounts beside those of the workflows' steps: sees the cases of every department. */
export const allDepartments = 'all-departments';
/** May see all stations' health and change their settings. */
export const fleetPermission = 'fleet';
/** May add, change, disable and enable accounts and reset their passwords. */
export const accountsPermission = 'accounts';

/** What things say of themselves, by the kind of thing. */
export interface Things {
  /** The action is about nothing in particular. */
  none: never;
  /** `permission`: of the step that is asked about; `department`, `person`: those who decide some step of it. `administered`: companies whose administrator does. `subject`: `scheme:value` of the identity it belongs to. `system`: the right to enter its programme. */
  case: 'department' | 'permission' | 'subject' | 'person' | 'administered' | 'system';
  /** `departments`: of its cases. */
  record: 'departments' | 'subject' | 'system';
  account: 'id' | 'organisation' | 'kind';
  /** A key that a unit was given. */
  'unit-key': 'organisation';
  /** A programme, by the right to enter it. */
  system: 'system';
  /** `account`: whose it is. `organisation`: of that account. */
  session: 'account' | 'organisation';
  station: 'id';
  /** A line of it: the account that acted, and the organisation whose that is. */
  log: 'account' | 'organisation';
}
export type ThingKind = keyof Things;

interface Rule<K extends ThingKind> {
  about: K;
  requires: readonly Requirement<Things[K]>[];
}

const rule = <K extends ThingKind>(about: K, ...requires: readonly Requirement<Things[K]>[]): Rule<K> => ({
  about,
  requires,
});

const people = [
  'staff',
  'main',
  'handler',
  'operator',
  'person',
  'registrant',
] as const satisfies readonly AccountKind[];
const signedIn = { needs: { isOneOf: people }, otherwise: 'UNAUTHENTICATED' } as const;
const ownPassword = { needs: { settled: true }, otherwise: 'PASSWORD_CHANGE_REQUIRED' } as const;
const staffOnly = { needs: { isOneOf: ['staff'] }, otherwise: 'FORBIDDEN' } as const;
const registrantOnly = { needs: { isOneOf: ['registrant'] }, otherwise: 'FORBIDDEN' } as const;
/** The server itself and the command on its machine stand above the desk's permissions. */
const orServer = (condition: Condition<never>): Condition<never> => ({
  any: [{ isOneOf: ['server'] }, condition],
});
const administers = [
  { needs: orServer({ isOneOf: people }), otherwise: 'UNAUTHENTICATED' },
  ownPassword,
  {
    needs: orServer({ all: [{ isOneOf: ['staff'] }, { holds: accountsPermission }] }),
    otherwise: 'FORBIDDEN',
  },
] as const;
const watches = [
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
const seesCase = {
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
const seesRecord = {
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
const decidesStep = { needs: { holdsNamed: 'permission' }, otherwise: 'FORBIDDEN' } as const;
/** On the phone, for oneself. */
const forOneself = [
  signedIn,
  ownPassword,
  { needs: { isOneOf: ['person'] }, otherwise: 'FORBIDDEN' },
] as const;
/** Of the person whom the case names; whether a decision needs the face besides is the workflow's word. */
const ownTodo = [
  ...forOneself,
  { needs: { own: 'person', as: 'known-person' }, otherwise: 'TODO_UNKNOWN' },
] as const;
/** The main account of an organisation looks after its own operators, and nobody else does. */
const ownOperator = [
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

const leadsUnit = [signedIn, ownPassword, { needs: { isOneOf: ['main'] }, otherwise: 'FORBIDDEN' }] as const;
/** The main account of a unit looks after its own handlers, and nobody else does. */
const ownHandler = [
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
const entersSystem = [
  signedIn,
  ownPassword,
  { needs: { isOneOf: ['main', 'handler'] }, otherwise: 'FORBIDDEN' },
  { needs: { any: [{ isOneOf: ['main'] }, { holdsNamed: 'system' }] }, otherwise: 'SYSTEM_NOT_GRANTED' },
] as const;

/** The portal of a programme: whoever acts for a unit, a company or himself. A handler and an operator need the tick. */
const entersPortal = [
  signedIn,
  ownPassword,
  { needs: { isOneOf: ['main', 'handler', 'operator', 'person', 'registrant'] }, otherwise: 'FORBIDDEN' },
  {
    needs: { any: [{ isOneOf: ['main', 'person'] }, { holdsNamed: 'system' }] },
    otherwise: 'SYSTEM_NOT_GRANTED',
  },
] as const;

const ownAtPortal = [
  ...entersPortal,
  { needs: { own: 'subject', as: 'subject' }, otherwise: 'NOT_FOUND' },
] as const;

export const actionRules = {
  // for whoever comes
  'session.open': rule('none'),
  'credential.look-up': rule('none'),
  'user-centre.read': rule('none'),
  'portal.read': rule('none'),
  /** For whoever showed a unit's key a moment ago, in the browser that did. */
  'institution.enter': rule('none'),
  /** A registration belongs to whoever has its token. */
  'registration.fill-in': rule('none'),

  'session.own': rule('none', signedIn),
  'catalogue.read': rule('none', signedIn, ownPassword),
  'session.list': rule('session', signedIn, ownPassword, seesSession()),
  'session.end': rule('session', signedIn, ownPassword, seesSession()),

  'case.list': rule('case', signedIn, ownPassword, seesCase),
  'case.read': rule('case', signedIn, ownPassword, seesCase),
  'case.decide': rule('case', signedIn, ownPassword, staffOnly, seesCase, decidesStep),
  /** 确认 by the person whom the case names. */
  'case.confirm': rule('case', signedIn, ownPassword, seesCase, {
    needs: { own: 'person', as: 'person' },
    otherwise: 'FORBIDDEN',
  }),
  /** 认领, 释放. */
  'case.claim': rule('case', signedIn, ownPassword, staffOnly, seesCase, decidesStep),
  /** 投诉 against what was pushed and approved. */
  'case.complain': rule('case', signedIn, ownPassword, staffOnly, seesCase, decidesStep),
  'case.overrule': rule('case', signedIn, ownPassword, staffOnly, seesCase, decidesStep),
  /** One of its masked values, whole. */
  'case.unmask': rule('case', signedIn, ownPassword, staffOnly, seesCase),
  /** 待办事项 of a person. */
  'todo.list': rule('none', ...forOneself),
  'todo.read': rule('case', ...ownTodo),
  'todo.decide': rule('case', ...ownTodo),
  /** One's own entry on the phone: agreements, real name, notices, data, leaving. */
  'person.own': rule('none', ...forOneself),
  'record.read': rule('record', signedIn, ownPassword, seesRecord),
  /** What a register said of it when it was filed. */
  'record.compare': rule('record', signedIn, ownPassword, staffOnly, seesRecord),

  /** What is pushed to the own department's fields, and whether it counts there. */
  'record.list-usable': rule('none', signedIn, ownPassword, staffOnly),

  'station.list': rule('none', signedIn, ownPassword, staffOnly),
  'fleet.list': rule('none', ...watches),
  'fleet.read': rule('none', ...watches),
  'fleet.configure': rule('none', ...watches),
  'fleet.acknowledge': rule('none', ...watches),

  'account.list': rule('none', ...administers),
  'account.add': rule('none', ...administers),
  'account.change': rule('none', ...administers),
  'account.reset-password': rule('none', ...administers),
  'account.disable': rule('none', ...administers),
  'account.acknowledge': rule('none', ...administers),
  'account.operations': rule('none', ...administers),

  'account.search': rule('none', ...administers),
  'account.freeze': rule('none', ...administers),
  'account.thaw': rule('none', ...administers),
  'account.unmask': rule('none', ...administers),

  'log.read': rule('log', signedIn, ownPassword, seesLog()),
  /** Of the whole chain: what was checked last, what was signed last. */
  'log.state': rule('none', ...administers),

  /** 扫一扫: whoever is signed in on a phone, for himself. */
  'login-ticket.scan': rule('none', signedIn, ownPassword, {
    needs: { isOneOf: ['person'] },
    otherwise: 'FORBIDDEN',
  }),

  'organisation.open': rule('none', ...administers),

  /** Of those that name the person who asks. */
  'registration.take-up': rule('none', signedIn, ownPassword, {
    needs: { isOneOf: ['main', 'handler', 'person'] },
    otherwise: 'FORBIDDEN',
  }),

  /** A registrant's own account. What a password is chosen with goes before the password. */
  'registrant.read': rule('none', signedIn, registrantOnly),
  'registrant.choose-password': rule('none', signedIn, registrantOnly),
  'registrant.certificates': rule('none', signedIn, ownPassword, registrantOnly),
  'registrant.apply-for-key': rule('none', signedIn, ownPassword, registrantOnly),

  'operator.list': rule('none', signedIn, ownPassword, {
    needs: { isOneOf: ['main'] },
    otherwise: 'FORBIDDEN',
  }),
  'operator.add': rule('none', signedIn, ownPassword, {
    needs: { isOneOf: ['main'] },
    otherwise: 'FORBIDDEN',
  }),
  'operator.read': rule('account', ...ownOperator),
  'operator.change': rule('account', ...ownOperator),
  'operator.disable': rule('account', ...ownOperator),
  'operator.renew-password': rule('account', ...ownOperator),

  /** 实名认证申请: an operator hands one in and follows it; the company's administrator decides it, and nobody else. */
  'name-application.own': rule('none', signedIn, ownPassword, {
    needs: { isOneOf: ['operator'] },
    otherwise: 'FORBIDDEN',
  }),
  'name-application.list': rule('none', ...leadsUnit),
  'name-application.review': rule('case', ...leadsUnit, {
    needs: { own: 'administered', as: 'organisation' },
    otherwise: 'NOT_FOUND',
  }),

  /** Which systems there are for the account, whatever it is ticked for. */
  'system.list': rule('none', signedIn, ownPassword, {
    needs: { isOneOf: ['main', 'handler'] },
    otherwise: 'FORBIDDEN',
  }),
  'system.enter': rule('system', ...entersSystem),
  'portal.enter': rule('system', ...entersPortal),
  /** Records, and drafts of them, of whomever the visitor of a portal acts for. */
  'portal-record.read': rule('record', ...ownAtPortal),
  'portal-record.fill-in': rule('record', ...ownAtPortal),
  'portal-record.void': rule('record', ...ownAtPortal),
  /** 首页, 基本信息 of the unit's back end: what is done there. */
  'unit.read': rule('system', ...entersSystem),
  'handler.list': rule('none', ...leadsUnit),
  'handler.add': rule('none', ...leadsUnit),
  'handler.change': rule('account', ...ownHandler),
  'handler.authorise': rule('account', ...ownHandler),
  'handler.freeze': rule('account', ...ownHandler),
  'handler.thaw': rule('account', ...ownHandler),
  'unit-key.synchronise': rule('none', ...leadsUnit),
  'unit-key.complete': rule('unit-key', ...leadsUnit, {
    needs: { own: 'organisation', as: 'organisation' },
    otherwise: 'NOT_FOUND',
  }),
  'main-handler.change': rule('none', ...leadsUnit),
} satisfies Record<string, { about: ThingKind; requires: readonly unknown[] }>;

/** One's own lines, those of one's organisation for its main account, and all of them for whoever looks after accounts. */
function seesLog(): Requirement<Things['log']> {
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

export type Action = keyof typeof actionRules;
export type FactsOf<A extends Action> = Things[(typeof actionRules)[A]['about']];
export type ThingOf<A extends Action> = Readonly<Record<FactsOf<A>, string | readonly string[]>>;

function seesSession(): Requirement<Things['session']> {
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
