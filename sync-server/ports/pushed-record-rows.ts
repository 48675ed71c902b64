/** Port: which records were pushed to which fields. */
import type { Things } from '#domain/accounts/things.ts';
import type { Filter } from '#domain/accounts/conditions.ts';

export interface PushedRecordRow {
  recordId: string;
  programme: string;
  field: string;
}

export interface PushedRecordRows {
  /** A row for each record and field whose case whoever asks may see, those pushed last first. */
  list(query: {
    visible: Filter<Things['case']>;
    /** In the unit's name, the kind's title or the unique code. */
    search: string;
    page: number;
    pageSize: number;
  }): Promise<{ rows: PushedRecordRow[]; total: number }>;
  /** Whether a record with that unique code was stored, whoever may see it. */
  isStored(uniqueCode: string): Promise<boolean>;
}
