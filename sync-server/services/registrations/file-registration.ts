import { nobody } from '#domain/accounts/schema.ts';
import type { RecordKind } from '#domain/catalogue/schema.ts';
import type { MainAccountType } from '#domain/catalogue/user-centre.ts';
import type { FilingAnswer } from '#domain/contracts/public/registration.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { canonicalOf, parseValues } from '#domain/fields/field-rules.ts';
import { dayMs } from '#domain/primitives.ts';
import type { Values } from '#domain/primitives.ts';
import { missingAttachments } from '#domain/record/attachments.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { BusinessRegister, RegisteredBusiness } from '../../ports/outside/business-register.ts';
import type { RegisterAnswer, RegistrationRows, StoredRegistration } from '../../ports/registration-rows.ts';
import type { Clock, MakeId } from '../../ports/surroundings.ts';
import type { FileRecord } from '../records/file-record.ts';
import { registrationProblems } from '../texts.ts';
import type { DraftFiles } from './draft-files.ts';
import type { RegistrationLimits } from './registration-limits.ts';
import type { RegistrationView } from './registration-view.ts';
import { keepDraftDays } from './registrations.ts';
import { codeField, registerProblems } from './register-problems.ts';
import type { Registrations } from './registrations.ts';

/** What was filed stays for as long as its applicant may want to see what became of it. */
const keepFiledDays = 180;

export interface FileRegistrationOptions {
  rows: Pick<RegistrationRows, 'claim' | 'release' | 'find'>;
  registrations: Pick<Registrations, 'find' | 'typeOf'>;
  businessRegister: BusinessRegister;
  limits: Pick<RegistrationLimits, 'askRegister'>;
  files: Pick<DraftFiles, 'read'>;
  blobs: Pick<BlobStore, 'put'>;
  fileRecord: FileRecord;
  views: Pick<RegistrationView, 'view'>;
  clock: Clock;
  makeId: MakeId;
}

interface Filled {
  type: MainAccountType;
  kind: RecordKind;
  form: Values;
}

/**
 * 提交: the form is complete, agrees with the business register, and its guards hold. What a person has to correct is answered,
 * field by field, and nothing is lost of what was entered.
 */
export function createFileRegistration(options: FileRegistrationOptions) {
  const { rows, registrations, businessRegister, limits, files, blobs, fileRecord, views, clock, makeId } =
    options;

  /**
   * Throws REGISTRATION_GONE, REGISTRATION_FILED, GUARD_REFUSED with the guard's words, SERVICE_UNREACHABLE, SERVICE_MISSING,
   * REGISTER_ASKED_TOO_OFTEN.
   */
  return async function file(
    token: string | undefined,
    { address }: { address: string },
  ): Promise<FilingAnswer> {
    const draft = await registrations.find(token);
    if (draft.recordId !== undefined) throw new AppError('REGISTRATION_FILED');
    const { type, kind } = registrations.typeOf(draft);
    const { values, problems } = parseValues(kind.form, draft.values);
    for (const { id, title } of missingAttachments({ attachments: draft.files }, kind.attachments ?? []))
      problems[id] = registrationProblems.attachmentMissing(title);
    const corrections = async (found: Record<string, string>): Promise<FilingAnswer> => ({
      registration: await views.view(draft),
      problems: found,
    });
    if (Object.keys(problems).length > 0) return corrections(problems);
    const filled = { type, kind, form: values };
    const asked = await askRegister(draft, filled, address);
    if (asked && Object.keys(asked.problems).length > 0) return corrections(asked.problems);
    await store(draft, filled, asked?.answer);
    return { registration: await views.view((await rows.find(draft.id)) ?? draft), problems: {} };
  };

  /** Undefined where the kind compares nothing. What the register says is answered to nobody: only which fields differ. */
  async function askRegister(
    draft: StoredRegistration,
    { kind, form }: Filled,
    address: string,
  ): Promise<{ problems: Record<string, string>; answer?: RegisterAnswer } | undefined> {
    const code = codeField(kind);
    if (!code) return undefined;
    const unit = canonicalOf(form[code.id] ?? '', code);
    const counted = await limits.askRegister({ address, unit, draft: draft.id });
    let found: RegisteredBusiness | undefined;
    try {
      found = await businessRegister.find(unit);
    } catch (error) {
      // nothing was learnt of the unit
      await counted.giveBack();
      throw error;
    }
    const problems = registerProblems(kind, { code, form, found });
    if (!found || Object.keys(problems).length > 0) return { problems };
    await counted.giveBack();
    const { state, ...entry } = found;
    return { problems, answer: { entry: { ...entry }, state, askedAt: clock.now() } };
  }

  /** The draft is this record's before the record is: of two who press at once one files, and a server that dies leaves one. */
  async function store(
    draft: StoredRegistration,
    { type, kind, form }: Filled,
    answer: RegisterAnswer | undefined,
  ): Promise<void> {
    const recordId = makeId();
    const slots = new Set(kind.attachments?.map(({ id }) => id));
    const kept = draft.files.filter(({ attachment }) => slots.has(attachment));
    const claim = {
      ...{ id: draft.id, recordId, at: clock.now() },
      expiresAtMs: clock.nowMs() + keepFiledDays * dayMs,
    };
    if (!(await rows.claim({ ...claim, answer }))) throw new AppError('REGISTRATION_FILED');
    try {
      await fileRecord({
        ...{ id: recordId, programme: draft.programme, kind: kind.id, role: type.role, form, actor: nobody },
        subject: {
          ...{ name: form[type.subject.name] ?? '', creditCode: form[type.subject.code] ?? '' },
          ...(type.subject.kind === 'person' ? { kind: 'person' } : {}),
        },
        attachments: kept.map(({ look: _look, blob: _blob, key: _key, ...one }) => one),
        bringFiles: async () => {
          for (const one of kept) await blobs.put(one.sha, await files.read(one));
        },
      });
    } catch (error) {
      await rows.release({
        ...{ id: draft.id, recordId, at: clock.now() },
        expiresAtMs: clock.nowMs() + keepDraftDays * dayMs,
      });
      throw error;
    }
  }
}
export type FileRegistration = ReturnType<typeof createFileRegistration>;
