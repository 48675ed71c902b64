/** Port: what files say of the registers that stood before the server did. */
import type { ImportLine, ImportedAppointment } from '#domain/registers/import/lines.ts';
import type { Judgement, KnownRows } from '#domain/registers/import/judge.ts';

export interface RegisterImportRows {
  /** One for one appointment, however often it is imported. */
  appointmentId(line: ImportedAppointment): string;
  /** Whatever these lines may be judged by. */
  known(lines: readonly ImportLine[]): Promise<KnownRows>;
  /** The lines judged, of one kind all of them, and what may be taken written: one transaction. Repeated, it changes nothing. */
  take(lines: readonly ImportLine[], note: { at: string; by: string }): Promise<Judgement[]>;
}
