/** Port: works as the project approval system sends them. */
import type { RegisteredWork } from '#domain/registers/schema.ts';

export interface PushedWork {
  programme: string;
  version: number;
  /** Hash of all that was sent. */
  digest: string;
  work: RegisteredWork;
  staff: readonly { person: string; name: string; post: string }[];
  by: string;
  at: string;
}
/** Why a person cannot be appointed: the register does not know him, or not by that name, or a lock stands on him. */
export type StaffProblem = { person: string; because: 'unknown' | 'other-name' | 'locked' };
export type PushResult =
  | { result: 'accepted' | 'repeated' | 'superseded'; version: number }
  | { result: 'differs' }
  | { result: 'refused'; staff: StaffProblem[] };

export interface WorkPushRows {
  /** One transaction; nothing is written but for `accepted`. Throws WORK_PERMIT_TAKEN. */
  receive(pushed: PushedWork): Promise<PushResult>;
}
