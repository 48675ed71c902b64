/**
 * The records of the subject at the counter: open, edit, drop. Every edit names the revision it saw, clears what rested
 * on the old content (seal, check), and is durable before it is answered.
 */
import { actingName } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { findRecordKind, getRecordKind, getSlot, documentTypeOfSlot } from '#domain/catalogue/lookup.ts';
import {
  afterEdit,
  enteredAnew,
  lockedFields,
  mayDelete,
  mayEdit,
  mayEnterAnew,
} from '#domain/record/rules.ts';
import { applyEvent } from '#domain/record/lifecycle.ts';
import type { Occasion } from '#domain/record/lifecycle.ts';
import { logLinesOf } from '#domain/catalogue/log-lines.ts';
import type { LogLineKey } from '#domain/catalogue/log-lines.ts';
import { proposeMarks } from '#domain/reading/propose-marks.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Session } from '#domain/contracts/kiosk/session.ts';
import type { Marks } from '#domain/reading/schema.ts';
import { holderOf } from '#domain/record/form-subject.ts';
import { refuseTooEarly } from '#domain/record/demanded-papers.ts';
import { fitPapers } from '#domain/record/fit-papers.ts';
import { isSameHolder } from '#domain/record/same-name.ts';
import type { Subject, Values } from '#domain/primitives.ts';
import { refuseTooManyFiles } from '#domain/record/size.ts';
import type { LudengRecord, Material, Page } from '#domain/record/schema.ts';
import { summarise } from '#domain/record/summary.ts';
import type { RecordSummary } from '#domain/record/summary.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BlobStore, StationStore } from '../../ports/store.ts';
import type { Sessions } from '../login/session.ts';
import { canonical, refuseLocked, refuseLong } from './entered-values.ts';
import { createReleased } from './released.ts';
import { createNewRecord } from './new-record.ts';
import type { NewRecord } from './new-record.ts';

export interface RecordService {
  list(kind?: string): RecordSummary[];
  /** The record, if it is the subject's own. Throws NOT_FOUND, UNAUTHENTICATED. */
  get(id: string): LudengRecord;
  /** The same, for work that ends in an edit: refused before it costs a person time. Also throws CONFLICT, RECORD_NOT_EDITABLE. */
  getEditable(id: string, revision?: number): LudengRecord;
  /**
   * `partOf`: whose file is open, for a kind whose records are parts of one. Throws FILE_NOT_NAMED where its paper does not say
   * yet whose it is, BAD_REQUEST without a file.
   */
  create(options: NewRecord): LudengRecord;
  /** Throws RECORD_REPEATED where another stands that says the same of what is had once. */
  refuseRepeated(record: LudengRecord): void;
  /** Drafts of the parts of a file that was released. */
  dropDraftsOf(file: LudengRecord): void;
  /** 重新录入 of a paper that was taken over from the record that this one replaces. Throws RECORD_NOT_EDITABLE. */
  enterAnew(id: string, slot: string, revision: number): LudengRecord;
  remove(id: string): void;
  editForm(id: string, revision: number, form: Values): LudengRecord;
  /** Changes an editable record in one durable step. `change` is a rule of domain/record; `line` stands in 操作记录, with its `outcome`. */
  edit(options: {
    id: string;
    revision: number;
    change: (record: LudengRecord, occasion: Occasion) => LudengRecord;
    line?: LogLineKey;
    outcome?: string;
  }): LudengRecord;
  /** Changes what a material says or shows; its seal and check, which rested on the old content, go. */
  editMaterial(options: {
    id: string;
    slot: string;
    revision: number;
    edit: (material: Material, record: LudengRecord) => Material;
    line?: LogLineKey;
  }): LudengRecord;
  editValues(options: {
    id: string;
    slot: string;
    revision: number;
    values: Values;
    mode?: Material['mode'] | undefined;
    confirmed?: boolean | undefined;
  }): LudengRecord;
  editMarks(id: string, slot: string, revision: number, marks: Marks): LudengRecord;
}

export interface RecordServiceDeps {
  store: StationStore;
  blobs: Pick<BlobStore, 'has'>;
  sessions: Sessions;
  catalogue: Catalogue;
  clock: Clock;
  createId: () => string;
}

export function createRecordService(deps: RecordServiceDeps): RecordService {
  const { store, sessions, catalogue, clock } = deps;

  function requireRole(): Session & { role: string } {
    const session = sessions.require();
    if (!session.role) throw new AppError('FORBIDDEN', { missing: 'role' });
    return { ...session, role: session.role };
  }

  function get(id: string): LudengRecord {
    const session = sessions.require();
    const record = store.getRecord(id);
    const isOwn =
      record &&
      holderOf(record).creditCode === session.subject.creditCode &&
      record.programme === session.programme;
    if (!isOwn) throw new AppError('NOT_FOUND', { record: id });
    if (released.isHidden(record)) throw new AppError('RECORD_RELEASED', { record: id });
    const kind = findRecordKind(catalogue, record.programme, record.kind);
    return kind && mayEdit(record) ? fitPapers(record, kind, catalogue) : record;
  }

  function getEditable(id: string, revision?: number): LudengRecord {
    const record = get(id);
    if (revision !== undefined && record.revision !== revision)
      throw new AppError('CONFLICT', { revision: record.revision });
    if (!mayEdit(record)) throw new AppError('RECORD_NOT_EDITABLE', { state: record.state });
    return underName(record, sessions.require().subject, clock.now());
  }

  const edit: RecordService['edit'] = ({ id, revision, change, line, outcome }) => {
    const by = actingName(sessions.require());
    const record = getEditable(id, revision);
    const action = line && logLinesOf(catalogue, record.programme)[line];
    const next = change(record, {
      at: clock.now(),
      // an edit of values or marks, one of hundreds, is no line of the log
      ...(action === undefined ? {} : { by }),
      action: outcome === undefined ? action : `${action}：${outcome}`,
    });
    refuseTooManyFiles(next, record);
    store.updateRecord(next);
    return next;
  };

  const editMaterial: RecordService['editMaterial'] = ({ id, slot, revision, line, edit: editOne }) =>
    edit({
      id,
      revision,
      ...(line === undefined ? {} : { line }),
      change: (record, occasion) => {
        refuseTooEarly(getRecordKind(catalogue, record.programme, record.kind), slot, record);
        return afterEdit(replaceMaterial(record, editOne(materialOf(record, slot), record)), {
          ...occasion,
          slot,
        });
      },
    });

  const released = createReleased({ store, catalogue });
  const fresh = createNewRecord({ ...deps, get });

  return {
    get,
    getEditable,
    edit,
    editMaterial,
    list(kind) {
      const session = requireRole();
      const records = store.listRecords({
        creditCode: session.subject.creditCode,
        programme: session.programme,
        ...(kind === undefined ? {} : { kind }),
      });
      const own = records.filter((record) => {
        const { sharedByRoles } = getRecordKind(catalogue, record.programme, record.kind);
        return sharedByRoles || record.role === session.role;
      });
      return released.shown(own).map(summarise);
    },
    create: (wanted) => fresh.begin(requireRole(), wanted),
    dropDraftsOf: (file) => released.dropDraftsOf(file),
    refuseRepeated: (record) => fresh.refuseRepeated(record, sessions.require()),
    remove(id) {
      const record = get(id);
      if (!mayDelete(record)) throw new AppError('RECORD_NOT_EDITABLE', { state: record.state });
      store.deleteDraft(id);
    },
    editForm(id, revision, form) {
      return edit({
        id,
        revision,
        change: (record, occasion) => {
          const kind = getRecordKind(catalogue, record.programme, record.kind);
          refuseLong(kind.form, form);
          return afterEdit({ ...record, form: { ...record.form, ...canonical(kind.form, form) } }, occasion);
        },
      });
    },
    editValues({ id, slot, revision, values, mode, confirmed }) {
      return editMaterial({
        id,
        slot,
        revision,
        edit: (material, record) => {
          const kind = getRecordKind(catalogue, record.programme, record.kind);
          const documentType = documentTypeOfSlot(catalogue, kind, getSlot(kind, slot).id);
          const { fields } = documentType;
          refuseLong(fields, values);
          refuseLocked(lockedFields(catalogue, record, slot), material.values, canonical(fields, values));
          const entered = { ...material.values, ...canonical(fields, values) };
          return {
            ...material,
            values: entered,
            // 确认信息 fills fields that were empty before; where they were read, their marks are proposed with them.
            marks: confirmed
              ? {
                  ...proposeMarks(documentType, material.readings, entered, material.guesses),
                  ...material.marks,
                }
              : material.marks,
            mode: mode ?? material.mode,
            confirmed: confirmed ?? material.confirmed,
          };
        },
      });
    },
    enterAnew(id, slot, revision) {
      return editMaterial({
        ...{ id, slot, revision },
        edit: (material, record) => {
          const kind = getRecordKind(catalogue, record.programme, record.kind);
          if (!mayEnterAnew(record, kind, slot)) throw new AppError('RECORD_NOT_EDITABLE', { slot });
          return enteredAnew(material);
        },
      });
    },
    editMarks(id, slot, revision, marks) {
      return editMaterial({
        id,
        slot,
        revision,
        edit: (material) => {
          for (const places of Object.values(marks)) {
            if (places.some(({ page }) => page >= material.pages.length))
              throw new AppError('BAD_REQUEST', { marks: 'page' });
          }
          return { ...material, marks };
        },
      });
    },
  };
}

/** Throws NOT_FOUND. */
export function materialOf(record: LudengRecord, slot: string): Material {
  const material = record.materials.find((candidate) => candidate.slot === slot);
  if (!material) throw new AppError('NOT_FOUND', { slot });
  return material;
}

export function pageOf(material: Material, index: number): Page {
  const page = material.pages[index];
  if (!page) throw new AppError('NOT_FOUND', { page: index });
  return page;
}

export function replaceMaterial(record: LudengRecord, material: Material): LudengRecord {
  return {
    ...record,
    materials: record.materials.map((old) => (old.slot === material.slot ? material : old)),
  };
}

/**
 * A company that was renamed comes with a new certificate: what it still edits goes under the new name, and seals that said
 * the old one go.
 */
function underName(record: LudengRecord, subject: Subject, at: string): LudengRecord {
  if (record.applicant || isSameHolder(record.subject.name, subject.name)) return record;
  // no change of its own: it is kept with the edit that it comes before
  return { ...applyEvent(record, 'rename', { at }), revision: record.revision, subject };
}
