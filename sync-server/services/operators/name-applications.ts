import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Operator } from '#domain/accounts/operators.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { waitingStep } from '#domain/cases/engine.ts';
import { getProgramme, getRecordKind } from '#domain/catalogue/lookup.ts';
import type { AttachmentSlot } from '#domain/catalogue/record-kind.ts';
import type { OperatorsOfProgramme } from '#domain/catalogue/operators.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import type { ApplicationState, OwnApplication } from '#domain/contracts/unit/name-applications.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { parseValues } from '#domain/fields/field-rules.ts';
import { dayMs } from '#domain/primitives.ts';
import type { Values } from '#domain/primitives.ts';
import { acceptedType, missingAttachments } from '#domain/record/attachments.ts';
import { subjectOfIdentity } from '#domain/record/subject-id.ts';
import { maskMobile } from '#domain/text/masking.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { CaseRows } from '../../ports/case-rows.ts';
import type { NameApplicationRows, StoredApplication } from '../../ports/name-application-rows.ts';
import type { OperatorRows } from '../../ports/operator-rows.ts';
import type { PersonNoticeRows } from '../../ports/person-rows.ts';
import type { Clock, MakeId } from '../../ports/surroundings.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import type { FindCase } from '../cases/found-case.ts';
import { sha256 } from '../hashing.ts';
import type { FileRecord } from '../records/file-record.ts';
import type { DraftFiles } from '../registrations/draft-files.ts';
import { registrationProblems } from '../texts.ts';

/** Pictures of a draft that nobody touches go after so long; what was filed stays for as long as one may want to see it. */
const keepDraftDays = 7;
const keepFiledDays = 180;
/** Of one account within an hour, before the next one waits. */
const freeUploads = 60;
const maxNotices = 20;

export interface NameApplicationsOptions {
  rows: NameApplicationRows;
  operators: Pick<OperatorRows, 'find'>;
  cases: Pick<CaseRows, 'ofRecord'>;
  finding: Pick<FindCase, 'pin'>;
  notices: Pick<PersonNoticeRows, 'list'>;
  files: DraftFiles;
  blobs: Pick<BlobStore, 'put' | 'isShort'>;
  attempts: Pick<AttemptLimit, 'take'>;
  fileRecord: FileRecord;
  catalogue: Catalogue;
  clock: Clock;
  makeId: MakeId;
}

interface Place {
  kind: RecordKind;
  realName: OperatorsOfProgramme['realName'];
}
interface Standing {
  state: ApplicationState;
  decidedAt?: string;
  opinion?: string;
}

/** An operator's own application for the real name. Every method asks whether the account is an operator's. */
export function createNameApplications(options: NameApplicationsOptions) {
  const { rows, operators, cases, finding, notices, files, blobs, attempts, fileRecord } = options;
  const { catalogue, clock, makeId } = options;

  /** Throws NOT_FOUND where operators apply for nothing in the programme. */
  function placeOf(programme: string): Place {
    const { operators: known } = getProgramme(catalogue, programme);
    if (!known) throw new AppError('NOT_FOUND', { programme });
    return {
      kind: getRecordKind(catalogue, programme, known.realName.recordKind),
      realName: known.realName,
    };
  }

  async function operatorOf(actor: Actor): Promise<Operator> {
    demandAtAll(actor, 'name-application.own');
    const found = await operators.find(actor.account);
    if (!found) throw new AppError('FORBIDDEN');
    return found.operator;
  }

  async function standingOf(
    { realNameAt }: Operator,
    stored: StoredApplication | undefined,
  ): Promise<Standing> {
    if (realNameAt !== undefined) return { state: 'approved', decidedAt: realNameAt };
    if (stored?.recordId === undefined) return { state: 'none' };
    const [opened] = await cases.ofRecord(stored.recordId);
    const pinned = opened && (await finding.pin(opened));
    if (!pinned || waitingStep(opened.case, pinned.workflow)) return { state: 'waits' };
    const last = opened.case.decisions.at(-1);
    return {
      state: 'refused',
      ...(last ? { decidedAt: last.at, opinion: last.opinion } : {}),
    };
  }

  async function view(operator: Operator, programme: string): Promise<OwnApplication> {
    const { kind, realName } = placeOf(programme);
    const stored = await rows.find(operator.id);
    const told = await notices.list([`account:${operator.id}`], maxNotices);
    const filled = new Set<string>([realName.name, realName.account]);
    return {
      ...{ title: kind.title, name: operator.name, mobile: maskMobile(operator.mobile) },
      ...(await standingOf(operator, stored)),
      form: {
        fields: kind.form.filter(({ id }) => !filled.has(id)),
        attachments: kind.attachments ?? [],
      },
      files: (stored?.files ?? []).map(({ blob: _blob, key: _key, ...file }) => file),
      notices: told.map(({ caseId: _case, ...notice }) => notice),
    };
  }

  /** What was refused is a draft again, its pictures as they were. Throws APPLICATION_WAITS. */
  async function reopen(operator: Operator): Promise<void> {
    const stored = await rows.find(operator.id);
    const { state } = await standingOf(operator, stored);
    if (state === 'waits' || state === 'approved') throw new AppError('APPLICATION_WAITS');
    if (stored?.recordId === undefined) return;
    await rows.release({ account: operator.id, recordId: stored.recordId, ...moment(keepDraftDays) });
  }

  const moment = (days: number) => ({ at: clock.now(), expiresAtMs: clock.nowMs() + days * dayMs });

  function slotOf(programme: string, attachment: string): AttachmentSlot {
    const slot = placeOf(programme).kind.attachments?.find(({ id }) => id === attachment);
    if (!slot) throw new AppError('NOT_FOUND', { attachment });
    return slot;
  }

  return {
    own: async (actor: Actor, programme: string): Promise<OwnApplication> =>
      view(await operatorOf(actor), programme),

    /** Throws ATTACHMENT_NOT_PICTURE, APPLICATION_WAITS, TOO_MANY_ATTEMPTS, SERVER_BUSY. */
    async addPicture(
      actor: Actor,
      programme: string,
      { attachment, name, bytes }: { attachment: string; name: string; bytes: Uint8Array },
    ): Promise<OwnApplication> {
      const operator = await operatorOf(actor);
      const slot = slotOf(programme, attachment);
      const mime = acceptedType(slot, bytes);
      await reopen(operator);
      await attempts.take([{ name: `name-application-upload ${operator.id}`, free: freeUploads }]);
      if (await blobs.isShort()) throw new AppError('SERVER_BUSY', { retryAfterMs: 60_000 });
      const kept = await files.keep(bytes);
      const file = { attachment, sha: sha256(bytes), size: bytes.length, mime, name, addedAt: clock.now() };
      const gone: string[] = [];
      const changed = await rows.change(
        { account: operator.id, programme, ...moment(keepDraftDays) },
        (before) => {
          const own = before.filter((one) => one.attachment === attachment);
          const stay = own.slice(Math.max(0, own.length - slot.maxFiles + 1));
          gone.push(...own.filter((one) => !stay.includes(one)).map(({ blob }) => blob));
          const others = before.filter((one) => one.attachment !== attachment);
          return [...others, ...stay, { ...file, ...kept }];
        },
      );
      for (const blob of changed ? gone : [kept.blob]) await files.remove(blob);
      if (!changed) throw new AppError('APPLICATION_WAITS');
      return view(operator, programme);
    },

    /** Throws NOT_FOUND. */
    async picture(
      actor: Actor,
      { attachment, sha }: { attachment: string; sha: string },
    ): Promise<{ mime: string; bytes: Uint8Array }> {
      const { id } = await operatorOf(actor);
      const file = (await rows.find(id))?.files.find(
        (one) => one.attachment === attachment && one.sha === sha,
      );
      if (!file) throw new AppError('NOT_FOUND', { attachment });
      return { mime: file.mime, bytes: await files.read(file) };
    },

    /** Problems by field, nothing lost of what was entered; else the administrator has it. Throws APPLICATION_WAITS. */
    async handIn(
      actor: Actor,
      { programme, values }: { programme: string; values: Values },
    ): Promise<{ application: OwnApplication; problems: Record<string, string> }> {
      const operator = await operatorOf(actor);
      const { organisation } = actor;
      const subject = organisation && subjectOfIdentity(organisation);
      if (!subject) throw new AppError('FORBIDDEN');
      const { kind, realName } = placeOf(programme);
      await reopen(operator);
      const { files: kept = [] } = (await rows.find(operator.id)) ?? {};
      const entered = { ...values, [realName.name]: operator.name, [realName.account]: operator.id };
      const { values: form, problems } = parseValues(kind.form, entered);
      for (const { id, title } of missingAttachments({ attachments: [...kept] }, kind.attachments ?? []))
        problems[id] = registrationProblems.attachmentMissing(title);
      if (Object.keys(problems).length > 0) return { application: await view(operator, programme), problems };
      const recordId = makeId();
      if (!(await rows.claim({ account: operator.id, recordId, ...moment(keepFiledDays) })))
        throw new AppError('APPLICATION_WAITS');
      try {
        await fileRecord({
          ...{ id: recordId, programme, kind: kind.id, role: actor.roles[0] ?? '', subject, form, actor },
          attachments: kept.map(({ look: _look, blob: _blob, key: _key, ...file }) => file),
          bringFiles: async () => {
            for (const file of kept) await blobs.put(file.sha, await files.read(file));
          },
        });
      } catch (error) {
        await rows.release({ account: operator.id, recordId, ...moment(keepDraftDays) });
        throw error;
      }
      return { application: await view(operator, programme), problems: {} };
    },

    /** What nobody touched for so long goes, with its pictures. */
    async dropExpired(): Promise<number> {
      const accounts = await rows.expired(clock.nowMs(), 200);
      for (const account of accounts) for (const blob of await rows.drop(account)) await files.remove(blob);
      return accounts.length;
    },
  };
}
export type NameApplications = ReturnType<typeof createNameApplications>;
