/** How a record begins at the counter: whose part it is, what it replaces, and what may not stand twice. */
import { actingName } from '#domain/accounts/schema.ts';
import { getProgramme, getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Session } from '#domain/contracts/kiosk/session.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Values } from '#domain/primitives.ts';
import { accountTypeOf } from '#domain/record/form-subject.ts';
import { applyEvent } from '#domain/record/lifecycle.ts';
import { findRepeated } from '#domain/record/once.ts';
import { createRecord, mayEdit, replacingOf } from '#domain/record/rules.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BlobStore, StationStore } from '../../ports/store.ts';
import { chosenRecords } from './chosen-records.ts';
import { checkedValues } from './entered-values.ts';
import { answersOfFile } from './of-file.ts';

export interface NewRecord {
  kind: string;
  answers: Values;
  supersedes?: string | undefined;
  partOf?: string | undefined;
}

export interface NewRecordDeps {
  store: StationStore;
  blobs: Pick<BlobStore, 'has'>;
  catalogue: Catalogue;
  clock: Clock;
  createId: () => string;
  /** The subject's own, else NOT_FOUND. */
  get: (id: string) => LudengRecord;
}

export function createNewRecord({ store, blobs, catalogue, clock, createId, get }: NewRecordDeps) {
  function othersOf(session: Session, kind: string): LudengRecord[] {
    const { creditCode } = session.subject;
    return store.listRecords({ creditCode, programme: session.programme, kind });
  }

  return {
    /**
     * Throws RECORD_REPEATED where one stands of what is had once, RECORD_NOT_EDITABLE where the other may not be replaced,
     * FIELD_INVALID, FILE_NOT_NAMED, BAD_REQUEST.
     */
    begin(
      session: Session & { role: string },
      { kind: kindId, answers, supersedes, partOf }: NewRecord,
    ): LudengRecord {
      const kind = getRecordKind(catalogue, session.programme, kindId);
      const others = othersOf(session, kindId);
      const draft =
        kind.cardinality === 'one' || supersedes !== undefined
          ? others.find(
              (one) => mayEdit(one) && (kind.cardinality === 'one' || one.supersedes === supersedes),
            )
          : undefined;
      // what was begun goes on; a draft of before the other was stored is taken along below
      if (draft && (supersedes === undefined || draft.supersedes === supersedes)) return draft;
      const old = supersedes === undefined ? undefined : get(supersedes);
      const replacing = old && replacingOf(old, kind);
      if (old?.voided) throw new AppError('RECORD_VOID', { record: old.id });
      if (old && !replacing) throw new AppError('RECORD_NOT_EDITABLE', { state: old.state });
      const said = checkedValues(kind.asked, {
        ...(old && replacing === 'revise' ? old.answers : {}),
        ...answers,
        // whose part it is, the file says and not whoever asks; what replaces a part stays in its file
        ...(kind.partOf && old ? old.answers : answersOfFile(kind, partOf, get).answers),
      });
      const made = createRecord({
        ...{ id: draft?.id ?? createId(), catalogue, kind, role: session.role, subject: session.subject },
        programme: session.programme,
        ...{ answers: said, sources: chosenRecords(kind, said, (from) => othersOf(session, from)) },
        at: clock.now(),
        by: actingName(session),
        hasPage: blobs.has,
        ...(old ? { supersedes: old } : {}),
        ...(replacing ? { replacing } : {}),
      });
      // whose it is the form will say: until then it is a draft of whoever enters it
      const type = accountTypeOf(getProgramme(catalogue, session.programme), kind.id);
      if (type && type.role !== session.role) throw new AppError('BAD_REQUEST', { kind: kind.id });
      const begun: LudengRecord = type ? { ...made, applicant: session.subject } : made;
      const repeated = findRepeated(catalogue, kind, { record: begun, others });
      if (repeated && repeated.other.id !== draft?.id)
        throw new AppError('RECORD_REPEATED', { title: repeated.once.title, record: repeated.other.id });
      if (draft) return intoDraft(draft, begun);
      store.insertRecord(begun);
      return begun;
    },

    /** Throws RECORD_REPEATED: another counter's record, or one begun since, says the same. */
    refuseRepeated(record: LudengRecord, session: Session): void {
      const kind = getRecordKind(catalogue, record.programme, record.kind);
      const others = othersOf(session, record.kind).filter((one) => !mayEdit(one));
      const repeated = findRepeated(catalogue, kind, { record, others });
      if (repeated)
        throw new AppError('RECORD_REPEATED', { title: repeated.once.title, record: repeated.other.id });
    },
  };

  /** A draft that was begun without what it replaces: what was typed in it stands, the rest is taken over. */
  function intoDraft(draft: LudengRecord, begun: LudengRecord): LudengRecord {
    const typed = Object.fromEntries(Object.entries(draft.form).filter(([, value]) => value.trim() !== ''));
    const line = begun.operations.at(-1);
    const next: LudengRecord = {
      ...applyEvent(draft, 'edit', { at: clock.now(), by: line?.by, action: line?.action }),
      ...(begun.supersedes === undefined ? {} : { supersedes: begun.supersedes }),
      form: { ...begun.form, ...typed },
      materials: begun.materials.map((material) => {
        const own = draft.materials.find(({ slot }) => slot === material.slot);
        return own && own.pages.length > 0 ? { ...own, anew: true } : material;
      }),
    };
    store.updateRecord(next);
    return next;
  }
}
