/** What a way in is: whom it proves, how surely, and where it can be gone. A way that is added answers every question here. */
import { z } from 'zod';
import { assuranceLevelSchema, canReach, rankOf } from './identity.ts';
import type { AssuranceLevel, IdentityKind } from './identity.ts';
import { loginWaySchema } from './login-way-ids.ts';
import type { LoginWayId } from './login-way-ids.ts';

export interface LoginWay {
  /** As it stands on the door. */
  label: string;
  /** Whom it proves. `holder`: the person or the organisation whose the account is. */
  proves: 'holder' | 'organisation' | 'certificate-holder' | 'person' | 'station' | 'nobody';
  /** The most that it proves by itself. */
  level: AssuranceLevel;
  /** Where it can be gone: at the counter's station, in a browser against the server, by a program. */
  at: readonly ('station' | 'server' | 'program')[];
  /** It works with no connection: what it proves is proved where it is gone. */
  worksOffline: boolean;
  /** Devices of the station that it needs. */
  needs: readonly ('signing-token' | 'card-reader' | 'camera')[];
}

export const loginWays = {
  ukey: {
    label: 'UKey登录',
    proves: 'certificate-holder',
    level: 'signed',
    at: ['station', 'server'],
    worksOffline: true,
    needs: ['signing-token'],
  },
  password: {
    label: '账号密码登录',
    proves: 'holder',
    level: 'password',
    at: ['server', 'station'],
    worksOffline: false,
    needs: [],
  },
  'password-sms': {
    label: '账号密码和短信验证码登录',
    proves: 'holder',
    level: 'two-factors',
    at: ['server', 'station'],
    worksOffline: false,
    needs: [],
  },
  'mobile-sms': {
    label: '手机号登录',
    proves: 'holder',
    level: 'password',
    at: ['server', 'station'],
    worksOffline: false,
    needs: [],
  },
  'phone-scan': {
    label: '扫码登录',
    proves: 'person',
    level: 'face',
    at: ['server', 'station'],
    worksOffline: false,
    needs: [],
  },
  face: {
    label: '人脸识别',
    proves: 'person',
    level: 'face',
    at: ['server', 'station'],
    worksOffline: false,
    needs: ['camera'],
  },
  'id-card-chip': {
    label: '刷身份证',
    proves: 'person',
    // whoever holds the card: the chip asks for nothing
    level: 'password',
    at: ['station'],
    worksOffline: true,
    needs: ['card-reader'],
  },
  openid: {
    label: '统一身份认证登录',
    proves: 'holder',
    level: 'two-factors',
    at: ['server'],
    worksOffline: false,
    needs: [],
  },
  'station-enrolment': {
    label: '采集站登记',
    proves: 'station',
    level: 'signed',
    at: ['program'],
    worksOffline: false,
    needs: [],
  },
  'server-command': {
    label: '服务器命令',
    // whoever may run it has the server's files already; no name is proved by it
    proves: 'nobody',
    level: 'none',
    at: ['program'],
    worksOffline: true,
    needs: [],
  },
} as const satisfies Record<LoginWayId, LoginWay>;

/** Kinds of identity that a way can prove. */
export const provenKinds = {
  holder: ['person', 'organisation'],
  organisation: ['organisation'],
  'certificate-holder': ['organisation', 'person'],
  person: ['person'],
  station: ['station'],
  nobody: [],
} as const satisfies Record<LoginWay['proves'], readonly IdentityKind[]>;

/** What a way proves of an identity of that kind: `none` where it proves nothing of it. */
export function provenLevel(way: LoginWayId, kind: IdentityKind): AssuranceLevel {
  const { proves, level } = loginWays[way];
  const isProved = provenKinds[proves].some((one: IdentityKind) => one === kind);
  return isProved && canReach(kind, level) ? level : 'none';
}

/** A way that a programme offers, and the level that it counts for there: never more than the way proves. */
export const offeredWaySchema = z
  .strictObject({ way: loginWaySchema, assurance: assuranceLevelSchema })
  .refine(({ way, assurance }) => rankOf(assurance) <= rankOf(loginWays[way].level), {
    error: 'this way proves less than the assurance that is said',
    path: ['assurance'],
  });
export type OfferedWay = z.infer<typeof offeredWaySchema>;

/** As a programme's `loginWays` has them: a way with its assurance, or the way alone, which counts for all that it proves. */
export const loginWaysSchema = z
  .array(z.union([loginWaySchema, offeredWaySchema]))
  .min(1)
  .max(20);

/** What a programme offers, in its order. */
export const offeredBy = (ways: readonly (LoginWayId | OfferedWay)[]): OfferedWay[] =>
  ways.map((one) => (typeof one === 'string' ? offeredWay(one) : one));

/** `ukey` alone, as catalogues of before have it, counts for all that the way proves. */
export const offeredWay = (way: LoginWayId): OfferedWay => ({ way, assurance: loginWays[way].level });
