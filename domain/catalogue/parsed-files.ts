/** What building a catalogue passes between its steps. */
import type { Guard } from './guard.ts';
import type { DocumentType, Programme, RecordKind } from './schema.ts';
import type { Workflow } from './workflow.ts';

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
  documentTypes: Parsed<DocumentType>[];
  workflows: Parsed<Workflow>[];
  guards: Parsed<Guard>[];
}
