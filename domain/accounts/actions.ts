/** Every action that somebody may ask for, which thing it is about, and what it demands. */
import type { Requirement } from './conditions.ts';
import {
  signedIn,
  ownPassword,
  staffOnly,
  registrantOnly,
  administers,
  watches,
  seesCase,
  seesRecord,
  decidesStep,
  forOneself,
  ownTodo,
  ownOperator,
  leadsUnit,
  ownHandler,
  entersSystem,
  entersPortal,
  ownAtPortal,
  seesLog,
  seesSession,
} from './requirements.ts';
import type { ThingKind, Things } from './things.ts';

interface Rule<K extends ThingKind> {
  about: K;
  requires: readonly Requirement<Things[K]>[];
}

const rule = <K extends ThingKind>(about: K, ...requires: readonly Requirement<Things[K]>[]): Rule<K> => ({
  about,
  requires,
});

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

export type Action = keyof typeof actionRules;
export type FactsOf<A extends Action> = Things[(typeof actionRules)[A]['about']];
export type ThingOf<A extends Action> = Readonly<Record<FactsOf<A>, string | readonly string[]>>;
