/** Port: persons of a unit, of whom one is chosen for a record. */
import type { Candidate } from '#domain/record/picks.ts';

export interface CandidateQuestion {
  /** 统一社会信用代码. */
  unit: string;
  among: 'locked' | 'appointed' | 'persons';
  /** Only these posts. */
  posts?: readonly string[];
  /** In the name. */
  text: string;
  limit: number;
}

export interface CandidateRows {
  /** By name; of one who holds several posts each stands once. */
  find(question: CandidateQuestion): Promise<Candidate[]>;
}
