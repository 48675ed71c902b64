/** Port: works as their units see them. */
import type { RegisteredWork, WorkChange } from '#domain/registers/schema.ts';

/** Who holds a post at a work now. */
export interface WorkStaff {
  person: string;
  /** Empty where the register does not know the person. */
  name: string;
  post: string;
  from: string;
}

export interface WorkRows {
  /** Whose work it is, or, with `participant`, who takes part in it; `text`: in its name or one of its numbers. By name. */
  ofUnit(question: {
    unit: string;
    as: 'owner' | 'participant';
    text: string;
    limit: number;
  }): Promise<RegisteredWork[]>;
  find(id: string): Promise<RegisteredWork | undefined>;
  staffOf(id: string): Promise<WorkStaff[]>;
  /** Newest first. */
  changesOf(id: string, limit: number): Promise<WorkChange[]>;
}
