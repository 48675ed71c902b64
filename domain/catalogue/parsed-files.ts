/** What building a catalogue passes between its steps. */
import type { Certificate, Programme, RecordKind, Workflow } from './schema.ts';

export interface Problem {
  file: string;
  path: string;
  message: string;
}

/** A parsed file with the place it came from, so that later checks can name it. */
export interface Parsed<T> {
  file: string;
  value: T;
}
export interface ParsedFiles {
  programmes: (Parsed<Programme> & { folder: string })[];
  recordKinds: (Parsed<RecordKind> & { folder: string })[];
  certificates: Parsed<Certificate>[];
  workflows: Parsed<Workflow>[];
}
