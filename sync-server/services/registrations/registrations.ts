import { randomBytes } from 'node:crypto';
import type { AttachmentSlot } from '#domain/catalogue/record-kind.ts';
import type { RecordKind } from '#domain/catalogue/schema.ts';
import type { MainAccountType } from '#domain/catalogue/user-centre.ts';
import type { Registration } from '#domain/contracts/public/registration.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { parseValues } from '#domain/fields/field-rules.ts';
import { dayMs } from '#domain/primitives.ts';
import type { Values } from '#domain/primitives.ts';
import { acceptedType } from '#domain/record/attachments.ts';
import { fillIn } from '#domain/record/fill-in.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { RegistrationRows, StoredRegistration } from '../../ports/registration-rows.ts';
import type { Clock, MakeId } from '../../ports/surroundings.ts';
import type { UserCentres } from '../accounts/user-centres.ts';
import { limitKeyOf } from '../accounts/limit-key.ts';
import { sha256 } from '../hashing.ts';
import type { DraftFiles } from './draft-files.ts';
import type { ReadPictures } from './read-pictures.ts';
import type { RegistrationLimits } from './registration-limits.ts';
import type { RegistrationView } from './registration-view.ts';

/** A draft that nobody touches for so long is removed. */
export const keepDraftDays = 7;

export interface RegistrationsOptions {
  rows: RegistrationRows;
  files: DraftFiles;
  blobs: Pick<BlobStore, 'isShort'>;
  centres: Pick<UserCentres, 'find'>;
  readPicture: ReadPictures;
  limits: RegistrationLimits;
  views: Pick<RegistrationView, 'view'>;
  clock: Clock;
  makeId: MakeId;
}

export interface TypeInUse {
  type: MainAccountType;
  kind: RecordKind;
}

/** Registrations while they are filled in. `token`: what the browser's cookie holds. */
export function createRegistrations(options: RegistrationsOptions) {
  const { rows, files, blobs, centres, readPicture, limits, views, clock, makeId } = options;

  /** Throws NOT_FOUND. */
  function typeOf({ programme, type: id }: { programme: string; type: string }): TypeInUse {
    const centre = centres.find(programme);
    const type = centre.userCentre.accountTypes.find((one) => one.id === id);
    const kind = centre.recordKinds.find((one) => one.id === type?.recordKind);
    if (!type || !kind) throw new AppError('NOT_FOUND', { type: id });
    return { type, kind };
  }

  /** Throws REGISTRATION_GONE. */
  async function find(token: string | undefined): Promise<StoredRegistration> {
    const found = token === undefined ? undefined : await rows.findByToken(sha256(token), clock.nowMs());
    if (!found) throw new AppError('REGISTRATION_GONE');
    return found;
  }

  /** Throws REGISTRATION_FILED where it is no draft any more. */
  async function change(
    { id }: StoredRegistration,
    make: (before: StoredRegistration) => StoredRegistration,
  ): Promise<StoredRegistration> {
    const changed = await rows.change(id, (before) => ({
      ...make(before),
      updatedAt: clock.now(),
      expiresAtMs: clock.nowMs() + keepDraftDays * dayMs,
    }));
    if (!changed) throw new AppError('REGISTRATION_FILED');
    return changed;
  }

  /** Throws REGISTRATION_GONE, REGISTRATION_FILED. */
  async function findDraft(token: string | undefined): Promise<StoredRegistration> {
    const found = await find(token);
    if (found.recordId !== undefined) throw new AppError('REGISTRATION_FILED');
    return found;
  }

  function slotOf(draft: StoredRegistration, attachment: string): { slot: AttachmentSlot; kind: RecordKind } {
    const { kind } = typeOf(draft);
    const slot = kind.attachments?.find(({ id }) => id === attachment);
    if (!slot) throw new AppError('NOT_FOUND', { attachment });
    return { slot, kind };
  }

  const filesIn = (draft: StoredRegistration, slot: string) =>
    draft.files.filter(({ attachment }) => attachment === slot);

  return {
    find,
    typeOf,

    /** Throws NOT_FOUND, REQUESTS_TOO_MANY. */
    async begin(
      wanted: { programme: string; type: string },
      { address }: { address: string },
    ): Promise<{ token: string; registration: Registration }> {
      typeOf(wanted);
      await limits.begin(address);
      const token = randomBytes(32).toString('base64url');
      const row: StoredRegistration = {
        ...wanted,
        ...{ id: makeId(), handlerId: '', values: {}, filled: {}, files: [], updatedAt: clock.now() },
        expiresAtMs: clock.nowMs() + keepDraftDays * dayMs,
      };
      await rows.begin({ ...row, tokenSha: sha256(token) });
      return { token, registration: await views.view(row) };
    },

    async own(token: string | undefined): Promise<{ registration?: Registration }> {
      const found = token === undefined ? undefined : await rows.findByToken(sha256(token), clock.nowMs());
      return found ? { registration: await views.view(found) } : {};
    },

    /** The type may change; entries whose fields the other type has as well stay, and so do the rest for going back. */
    async save(
      token: string | undefined,
      { type, values }: { type: string; values: Values },
    ): Promise<Registration> {
      const draft = await findDraft(token);
      const { kind, type: chosen } = typeOf({ programme: draft.programme, type });
      const handlerId = handlerOf(kind, chosen, values);
      const known = new Set(kind.form.map(({ id }) => id));
      const kept = Object.fromEntries(Object.entries(draft.values).filter(([id]) => !known.has(id)));
      const entered = Object.fromEntries(Object.entries(values).filter(([id]) => known.has(id)));
      return views.view(
        await change(draft, (before) => ({
          ...before,
          ...{ type, handlerId, values: { ...kept, ...entered } },
        })),
      );
    },

    async drop(token: string | undefined): Promise<void> {
      const draft = await findDraft(token);
      for (const blob of await rows.drop(draft.id, clock.now())) await files.remove(blob);
    },

    /**
     * The picture is kept, then looked at, and what stands on it fills the form. Throws ATTACHMENT_FULL,
     * ATTACHMENT_NOT_PICTURE, REQUESTS_TOO_MANY, SERVER_BUSY, and what a picture is refused for.
     */
    async addFile(
      token: string | undefined,
      { attachment, name, bytes }: { attachment: string; name: string; bytes: Uint8Array },
      { address }: { address: string },
    ): Promise<Registration> {
      const draft = await findDraft(token);
      const { slot, kind } = slotOf(draft, attachment);
      if (filesIn(draft, attachment).length >= slot.maxFiles)
        throw new AppError('ATTACHMENT_FULL', { attachment: slot.title, maxFiles: slot.maxFiles });
      const mime = acceptedType(slot, bytes);
      await limits.upload(address);
      if (await blobs.isShort()) throw new AppError('SERVER_BUSY', { retryAfterMs: 60_000 });
      const sha = sha256(bytes);
      if (filesIn(draft, attachment).some((file) => file.sha === sha)) return views.view(draft);
      const kept = await files.keep(bytes);
      const file = {
        ...{ attachment, sha, size: bytes.length, mime, name, addedAt: clock.now() },
        ...kept,
      };
      await change(draft, (before) => {
        if (filesIn(before, attachment).length >= slot.maxFiles)
          throw new AppError('ATTACHMENT_FULL', { attachment: slot.title, maxFiles: slot.maxFiles });
        return { ...before, files: [...before.files, file] };
      });
      const isThis = (one: (typeof draft.files)[number]) => one.blob === kept.blob;
      try {
        const key = limitKeyOf(address);
        const { look, readings } = await readPicture({ bytes, slot, form: kind.form, address: key });
        return await views.view(
          await change(draft, (before) => ({
            ...before,
            ...fillIn(before, readings),
            files: before.files.map((one) => (isThis(one) ? { ...one, look } : one)),
          })),
        );
      } catch (error) {
        // refused for what it is: nothing of it stays
        await change(draft, (before) => ({ ...before, files: before.files.filter((one) => !isThis(one)) }));
        await files.remove(kept.blob);
        throw error;
      }
    },

    /** Throws NOT_FOUND. */
    async removeFile(
      token: string | undefined,
      { attachment, sha }: { attachment: string; sha: string },
    ): Promise<Registration> {
      const draft = await findDraft(token);
      const gone = filesIn(draft, attachment).find((file) => file.sha === sha);
      if (!gone) throw new AppError('NOT_FOUND', { attachment });
      const changed = await change(draft, (before) => ({
        ...before,
        files: before.files.filter(({ blob }) => blob !== gone.blob),
      }));
      await files.remove(gone.blob);
      return views.view(changed);
    },

    /** Throws NOT_FOUND. */
    async readFile(
      token: string | undefined,
      { attachment, sha }: { attachment: string; sha: string },
    ): Promise<{ mime: string; bytes: Uint8Array }> {
      const file = filesIn(await find(token), attachment).find((one) => one.sha === sha);
      if (!file) throw new AppError('NOT_FOUND', { attachment });
      return { mime: file.mime, bytes: await files.read(file) };
    },

    /** What nobody touched for so long goes, with its pictures. */
    async dropExpired(): Promise<number> {
      const ids = await rows.expired(clock.nowMs(), 200);
      for (const id of ids) for (const blob of await rows.drop(id, clock.now())) await files.remove(blob);
      return ids.length;
    },
  };
}
/** As a person shows it who proves to be that one; empty where it is no number. */
function handlerOf(kind: RecordKind, { handlerIdNumber }: MainAccountType, values: Values): string {
  const field = kind.form.find(({ id }) => id === handlerIdNumber);
  return field ? (parseValues([field], values).values[handlerIdNumber] ?? '').slice(0, 64) : '';
}

export type Registrations = ReturnType<typeof createRegistrations>;
