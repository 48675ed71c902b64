import { knownPerson } from '#domain/accounts/conditions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { FaceWanted } from '#domain/contracts/mobile/todos.ts';
import type { PersonView } from '#domain/contracts/mobile/session.ts';
import type { Notice } from '#domain/contracts/mobile/todos.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { maskIdNumber, maskMobile } from '#domain/text/masking.ts';
import type { CaseRows } from '../../ports/case-rows.ts';
import type { LogRows } from '../../ports/log-rows.ts';
import type { PersonAccount, PersonNoticeRows, PersonRows } from '../../ports/person-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { PersonCases } from '../cases/person-cases.ts';
import type { Consents } from './consents.ts';
import type { FaceChecks } from './face-checks.ts';
import type { SmsCodes } from './sms-codes.ts';

export interface OwnEntryOptions {
  persons: PersonRows;
  notices: PersonNoticeRows;
  cases: Pick<CaseRows, 'find'>;
  personCases: Pick<PersonCases, 'list' | 'detail'>;
  consents: Consents;
  codes: SmsCodes;
  faces: Pick<FaceChecks, 'begin'>;
  sessions: Pick<Sessions, 'list'>;
  logRows: Pick<LogRows, 'append'>;
  clock: Pick<Clock, 'now' | 'nowMs'>;
  log: Pick<Log, 'info'>;
}

const maxNotices = 200;

/** 我的: what is kept of a person, what the person was told, a copy of it, and leaving. */
export function createOwnEntry(options: OwnEntryOptions) {
  const { persons, notices, cases, personCases, consents, codes, faces, sessions, logRows, clock, log } =
    options;

  async function own({ account }: Actor): Promise<PersonAccount> {
    const found = await persons.find(account);
    if (!found) throw new AppError('NOT_FOUND', { account });
    return found;
  }
  const audiencesOf = (actor: Actor): string[] => {
    const person = knownPerson(actor);
    return [`account:${actor.account}`, ...(person === undefined ? [] : [`person:${person}`])];
  };

  async function noticesOf(actor: Actor): Promise<Notice[]> {
    const rows = await notices.list(audiencesOf(actor), maxNotices);
    const list: Notice[] = [];
    for (const { caseId, ...notice } of rows) {
      const opinion = (await cases.find(caseId))?.case.decisions.findLast(
        (one) => one.at === notice.at,
      )?.opinion;
      list.push({ ...notice, ...(opinion === undefined || opinion === '' ? {} : { opinion }) });
    }
    return list;
  }

  /** Throws ERASURE_REFUSED with what has to be done first. */
  async function refuseWhileNeeded(actor: Actor): Promise<void> {
    const waiting = await personCases.list(actor, 'waiting');
    if (waiting.length > 0)
      throw new AppError('ERASURE_REFUSED', { reason: `还有 ${waiting.length} 条待办事项等您办理` });
    const [held] = await persons.heldFor(actor.account);
    if (held) {
      const role = held.kind === 'main' ? '主经办人' : '经办人';
      throw new AppError('ERASURE_REFUSED', { reason: `您是${held.unit}的${role}` });
    }
  }

  /** Whoever is known by name and face leaves by the face alone: a phone that was found is no person. Throws ASSURANCE_TOO_LOW. */
  async function ownWithoutName(actor: Actor): Promise<PersonAccount> {
    const found = await own(actor);
    if (found.realNameAt !== undefined) throw new AppError('ASSURANCE_TOO_LOW', { account: found.id });
    return found;
  }
  async function eraseNow(id: string): Promise<void> {
    await persons.erase(id, clock.now());
    log.info({ account: id }, 'person account erased');
  }

  return {
    async view(actor: Actor, programme: string): Promise<PersonView> {
      const { id, name, mobile, idNumber, realNameAt } = await own(actor);
      const checked = realNameAt === undefined ? await persons.checkOf(id, clock.nowMs()) : undefined;
      const earlier = checked && (await persons.mobileOf(checked.idNumber, id));
      const person = checked ?? (idNumber === undefined ? undefined : { name, idNumber });
      return {
        mobile: maskMobile(mobile),
        ...(person ? { name: person.name, idNumber: maskIdNumber(person.idNumber) } : {}),
        realName: realNameAt === undefined ? (checked ? 'checked' : 'none') : 'done',
        ...(realNameAt === undefined ? {} : { realNameAt }),
        ...(earlier === undefined ? {} : { takesOver: maskMobile(earlier) }),
        ...(await consents.view(id, programme)),
        todos: (await personCases.list(actor, 'waiting')).length,
        unread: await notices.unread(audiencesOf(actor)),
      };
    },

    notices: noticesOf,
    /** Throws NOT_FOUND for one of somebody else. */
    async readNotice(actor: Actor, id: string): Promise<void> {
      if (!(await notices.read(id, audiencesOf(actor), clock.now())))
        throw new AppError('NOT_FOUND', { notice: id });
    },

    /** Everything, nothing masked; that it was given is noted. */
    async copy(
      actor: Actor,
      { programme, session }: { programme: string; session: string },
    ): Promise<Uint8Array> {
      const { id, name, mobile, idNumber, realNameAt, createdAt } = await own(actor);
      const todos = [
        ...(await personCases.list(actor, 'waiting')),
        ...(await personCases.list(actor, 'done')),
      ];
      const data = {
        account: { id, createdAt },
        person: { name, mobile, idNumber, realNameAt },
        agreements: (await consents.view(id, programme)).consents,
        sessions: await sessions.list(actor, { own: session, account: id }),
        todos: await Promise.all(todos.map((one) => personCases.detail(actor, one.id))),
        notices: await noticesOf(actor),
      };
      const at = clock.now();
      await logRows.append({ at, kind: 'unmask', actor: id, action: 'person-data-copied', refId: id });
      return Buffer.from(JSON.stringify({ at, ...data }, undefined, 2));
    },

    /** Throws ERASURE_REFUSED and ASSURANCE_TOO_LOW before anything is sent, and what sending throws. */
    async sendErasureCode(actor: Actor, { programme, address }: { programme: string; address: string }) {
      await refuseWhileNeeded(actor);
      const { mobile } = await ownWithoutName(actor);
      const { mobileAppName } = consents.centreOf(programme);
      return codes.send(
        { purpose: 'erasure', mobile, address },
        {
          textOf: (code) =>
            `【${mobileAppName}】您正在注销账号，验证码：${code}，5分钟内有效。不是本人操作请勿告诉他人。`,
        },
      );
    },
    /** 账号注销. Throws ERASURE_REFUSED, ASSURANCE_TOO_LOW, SMS_CODE_WRONG, TOO_MANY_ATTEMPTS. */
    async erase(actor: Actor, { code, address }: { code: string; address: string }): Promise<void> {
      await refuseWhileNeeded(actor);
      const { id, mobile } = await ownWithoutName(actor);
      await codes.use({ purpose: 'erasure', mobile, address }, code);
      await eraseNow(id);
    },
    /** Throws ERASURE_REFUSED, REAL_NAME_MISSING, the consents that are missing, SERVICE_UNREACHABLE. */
    async beginErasureFace(
      actor: Actor,
      wanted: Extract<FaceWanted, { purpose: 'erasure' }>,
      returnUrlOf: (id: string) => string,
    ): Promise<{ id: string; url: string }> {
      await refuseWhileNeeded(actor);
      const { id, name, idNumber, realNameAt } = await own(actor);
      if (realNameAt === undefined || idNumber === undefined) throw new AppError('REAL_NAME_MISSING');
      await consents.demand(actor, wanted.programme, [...consents.general, 'face']);
      const purpose = `${consents.centreOf(wanted.programme).mobileAppName}账号注销`;
      const person = { name, idNumber };
      return faces.begin({ account: id, person, purpose, about: `erasure:${id}`, wanted, returnUrlOf });
    },
    /** The face has passed. Throws ERASURE_REFUSED. */
    async eraseWithFace(actor: Actor): Promise<void> {
      await refuseWhileNeeded(actor);
      await eraseNow((await own(actor)).id);
    },
  };
}
export type OwnEntry = ReturnType<typeof createOwnEntry>;
