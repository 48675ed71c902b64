/** Port: what is known of persons, works and appointments. Locks are made of them and are never written from outside. */
import type {
  Appointment,
  RegisteredPerson,
  RegisteredUnit,
  RegisteredWork,
  Registers,
  WorkChange,
} from '#domain/registers/schema.ts';

/** Rows from outside: those that are here already are replaced, none is removed. */
export interface RegisterImport {
  persons: readonly RegisteredPerson[];
  works: readonly RegisteredWork[];
  appointments: readonly Appointment[];
}

export interface RegisterRows {
  /** One transaction, with the locks that follow; `note`: what the history of each work says of it. */
  put(rows: RegisterImport, note?: Omit<WorkChange, 'changes'>): Promise<void>;
  /** Everything that a rule may ask about these persons and works, by their ids; true at `at`. */
  about(ids: readonly string[], at: string): Promise<Registers>;
  findUnit(code: string): Promise<RegisteredUnit | undefined>;
}

export interface NoticeRows {
  /** What a case told whom, oldest first. */
  ofCase(caseId: string): Promise<{ to: string; text: string; at: string }[]>;
}
