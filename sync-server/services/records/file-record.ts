import { actorName } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { textOf } from '#domain/cases/guards.ts';
import { getProgramme, getRecordKind } from '#domain/catalogue/lookup.ts';
import type { AttachmentSlot } from '#domain/catalogue/record-kind.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import { logLinesOf } from '#domain/catalogue/log-lines.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { chinaYear } from '#domain/primitives.ts';
import type { Subject, Values } from '#domain/primitives.ts';
import { misplacedAttachment, missingAttachments } from '#domain/record/attachments.ts';
import { slotsInBrowser, withEntries } from '#domain/record/in-browser.ts';
import type { BrowserEntries } from '#domain/record/in-browser.ts';
import { afterEdit, createRecord, missingForSubmit } from '#domain/record/rules.ts';
import { applyEvent } from '#domain/record/lifecycle.ts';
import type { AttachedFile, LudengRecord } from '#domain/record/schema.ts';
import { makeUniqueCode } from '#domain/record/unique-code.ts';
import { receiptText } from '#domain/sync/manifest.ts';
import type { StoredRecord } from '../../ports/case-rows.ts';
import type { FiledRecordRows } from '../../ports/filed-record-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { CaseOpening } from '../cases/case-opening.ts';

export interface FileRecordOptions {
  rows: FiledRecordRows;
  catalogue: Catalogue;
  opening: Pick<CaseOpening, 'judge'>;
  serverKey: { sign: (text: string) => string };
  makeId: MakeId;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
  /** Its case is opened at once. */
  onFiled: () => void;
}

export interface RecordToFile {
  programme: string;
  kind: string;
  role: string;
  subject: Subject;
  form: Values;
  /** Their bytes are in the blob store, durable, and are what they say they are; else `bringFiles` brings them. */
  attachments?: readonly AttachedFile[];
  actor: Actor;
  /** A name that the caller has noted for it beforehand; one of its own if left out. */
  id?: string;
  /** Called once its guards hold, before it is stored: brings the bytes of its attachments where they are not there yet. */
  bringFiles?: () => Promise<void>;
  /** Of a kind that is entered at a portal: all of it, held against its kind by the caller; then `form` counts for nothing. */
  entries?: BrowserEntries;
  /** What it takes the place of. */
  supersedes?: LudengRecord;
  /** What was given back and is corrected by this: it stays the same record. */
  corrects?: Pick<StoredRecord, 'record' | 'state'>;
}

/**
 * A record that comes about in a browser: filled in, held against its kind and its guards, stored, its case opened. A kind of
 * papers that are sealed and checked is the counter's, not the browser's.
 */
export function createFileRecord(options: FileRecordOptions) {
  const { rows, catalogue, opening, serverKey, makeId, clock, log, onFiled } = options;

  /**
   * Throws FIELD_INVALID (details.fields: problem by field), ATTACHMENT_MISSING (details.attachments: their ids), BAD_REQUEST,
   * GUARD_REFUSED (details.text: the guards' words).
   */
  return async function fileRecord(wanted: RecordToFile): Promise<{ recordId: string; uniqueCode: string }> {
    const at = clock.now();
    const { codePrefix: prefix } = getProgramme(catalogue, wanted.programme);
    const kind = getRecordKind(catalogue, wanted.programme, wanted.kind);
    const record = draftOf(wanted, kind, at);
    if (wanted.entries) checkPlaces(record, slotsInBrowser(kind));
    else checkComplete(record, kind);
    const submit = kind.actions?.submit;
    const question = { record, catalogue, actor: wanted.actor, at };
    const answer = await opening.judge(submit?.guards ?? [], question);
    // the registers are whole here: what they cannot tell is refused like a no
    if (answer.verdict !== 'allowed') throw new AppError('GUARD_REFUSED', { text: textOf(answer.answers) });
    await wanted.bringFiles?.();
    const year = chinaYear(at);
    const { uniqueCode } = await rows.file({
      record,
      isCorrection: wanted.corrects !== undefined,
      title: kind.title,
      blobs: (record.attachments ?? []).map(({ sha, size, mime }) => ({ sha, size, mime })),
      counter: `unique-code:${prefix}-${year}`,
      makeUniqueCode: (serial) => makeUniqueCode({ prefix, year, serial }),
      opens: submit?.opens,
      renames: renamingOf(record, wanted.actor),
      actor: wanted.actor.account,
      at,
      sign: (receipt) => serverKey.sign(receiptText(receipt)),
    });
    log.info({ recordId: record.id, kind: kind.id }, 'record filed');
    onFiled();
    return { recordId: record.id, uniqueCode };
  };

  /** A form that says how a registrant is called: what it says is the name of the account from then on. */
  function renamingOf({ programme, kind, form }: LudengRecord, { kind: of, account }: Actor) {
    if (of !== 'registrant') return undefined;
    const { portal } = getProgramme(catalogue, programme);
    const field = portal?.registration?.kinds.find(({ renamedBy }) => renamedBy?.recordKind === kind)
      ?.renamedBy?.field;
    const name = field === undefined ? undefined : form[field];
    return name === undefined ? undefined : { account, name };
  }

  function draftOf(wanted: RecordToFile, kind: RecordKind, at: string): LudengRecord {
    const { subject, attachments = [], actor, entries } = wanted;
    const by = actor.name === '' ? subject.name : actorName(actor);
    const lines = logLinesOf(catalogue, wanted.programme);
    const begun = beginning(wanted, kind, { at, by });
    const content: LudengRecord = entries
      ? withEntries(begun, entries, attachments)
      : {
          ...begun,
          form: canonicalForm(wanted.form, kind),
          ...(attachments.length > 0 ? { attachments: [...attachments] } : {}),
        };
    const { assurance, onBehalfOf } = actor;
    const filled: LudengRecord = {
      ...content,
      catalogueHash: catalogue.hash,
      submittedAt: at,
      ...(entries
        ? { handedIn: { by, assurance: [...assurance], ...(onBehalfOf ? { onBehalfOf } : {}) } }
        : {}),
    };
    return applyEvent(filled, 'submit', { at, by, lines });
  }

  /** Empty, or as it was given back. */
  function beginning(wanted: RecordToFile, kind: RecordKind, { at, by }: { at: string; by: string }) {
    const { programme, role, subject, supersedes, corrects } = wanted;
    if (corrects) return afterEdit({ ...corrects.record, state: corrects.state }, { at });
    return createRecord({
      ...{ id: wanted.id ?? makeId(), catalogue, programme, kind, role, subject, answers: {}, at, by },
      ...(supersedes ? { supersedes } : {}),
    });
  }
}
export type FileRecord = ReturnType<typeof createFileRecord>;

/** Values in the form that their kind gives them. Throws FIELD_INVALID, also for a field that the kind does not have. */
function canonicalForm(form: Values, kind: RecordKind): Values {
  const fields: Record<string, string> = {};
  const values: Values = {};
  for (const id of Object.keys(form))
    if (!kind.form.some((field) => field.id === id)) fields[id] = '没有这一项';
  for (const field of kind.form) {
    const raw = form[field.id]?.trim() ?? '';
    if (raw === '') {
      if (field.required) fields[field.id] = '必填';
      continue;
    }
    const parsed = fieldRules[field.kind].parse(raw, field);
    if (parsed.ok) values[field.id] = parsed.value;
    else fields[field.id] = parsed.problem;
  }
  if (Object.keys(fields).length > 0) throw new AppError('FIELD_INVALID', { fields });
  return values;
}

function checkPlaces(record: LudengRecord, slots: readonly AttachmentSlot[]): void {
  const misplaced = misplacedAttachment(record, slots);
  if (misplaced) throw new AppError('BAD_REQUEST', { attachment: misplaced.attachment });
}

function checkComplete(record: LudengRecord, kind: RecordKind): void {
  const slots = kind.attachments ?? [];
  const missing = missingAttachments(record, slots).map(({ id }) => id);
  if (missing.length > 0) throw new AppError('ATTACHMENT_MISSING', { attachments: missing });
  checkPlaces(record, slots);
  const [other] = missingForSubmit(record, kind);
  if (other) throw new AppError(other.code, { title: other.title });
}
