/**
 * Registers: what is known of persons, works, appointments and locks beyond single records. The server writes them in the
 * transaction of the decision that changes them; a station may hold a copy, with the moment at which it was true.
 */
import { z } from 'zod';
import { maxLength, maxCount } from '../limits.ts';
import { instantSchema } from '../primitives.ts';

const text = z.string().max(maxLength.name);
const code = z.string().min(1).max(64);

export const registeredPersonSchema = z.object({
  /** Id number. */
  id: code,
  name: text,
  /** 统一社会信用代码 of the unit that the person belongs to. */
  unit: code,
});
export type RegisteredPerson = z.infer<typeof registeredPersonSchema>;

export const workStates = ['under-construction', 'finished'] as const;
export const registeredWorkSchema = z.object({
  id: code,
  name: text,
  state: z.enum(workStates),
  /** 合同登记编号; works of one contract count once. */
  contractNumber: code.exactOptional(),
  /** The unit that builds it. */
  unit: code,
  /** 主管部门 and 监督机构, by their names at the desk. */
  authority: text,
  supervisor: text,
});
export type RegisteredWork = z.infer<typeof registeredWorkSchema>;

export const appointmentSchema = z.object({
  id: code,
  person: code,
  work: code,
  post: code,
  from: instantSchema,
  until: instantSchema.exactOptional(),
});
export type Appointment = z.infer<typeof appointmentSchema>;

/** A decision by which what locked a person counts no longer. */
export const lockReleaseSchema = z.object({
  person: code,
  post: code,
  /** Contracts or works that count no longer for this person in this post. */
  counted: z.array(code).max(maxCount.parts),
  at: instantSchema,
});
export type LockRelease = z.infer<typeof lockReleaseSchema>;

export const lockSchema = z.object({
  person: code,
  post: code,
  since: instantSchema,
  /** The work that reached the limit: its bodies decide on an unlock. */
  work: code,
  /** Contracts or works that count. */
  counted: z.array(code).max(maxCount.parts),
});
export type Lock = z.infer<typeof lockSchema>;

export const unitSchema = z.object({
  code,
  name: text,
  /** Id number of the person who answers for it. */
  representative: code,
  since: instantSchema,
});
export type RegisteredUnit = z.infer<typeof unitSchema>;

/** Somebody whose name, id number and mobile number were found to be one person's, by the service that knows. */
export const realNameSchema = z.object({
  /** Id number. */
  person: code,
  name: text,
  since: instantSchema,
});
export type RealName = z.infer<typeof realNameSchema>;

/** An account through which a person acts for a unit. */
export const heldAccountSchema = z.object({
  person: code,
  unit: code,
  kind: z.enum(['main', 'handler']),
  /** One of the programme's account types. */
  type: text,
  /** The record by which it was opened. */
  recordId: text.exactOptional(),
});
export type HeldAccount = z.infer<typeof heldAccountSchema>;

const copyOf = <T extends z.ZodType>(row: T) =>
  z.object({
    /** The rows are what the server knew at this moment. */
    asOf: instantSchema,
    rows: z.array(row).max(maxCount.list),
  });
/** What somebody knows of the registers; one that is absent is not known at all. */
export const registersSchema = z.object({
  persons: copyOf(registeredPersonSchema).exactOptional(),
  works: copyOf(registeredWorkSchema).exactOptional(),
  appointments: copyOf(appointmentSchema).exactOptional(),
  locks: copyOf(lockSchema).exactOptional(),
  realNames: copyOf(realNameSchema).exactOptional(),
  units: copyOf(unitSchema).exactOptional(),
  accounts: copyOf(heldAccountSchema).exactOptional(),
});
export type Registers = z.infer<typeof registersSchema>;
export type RegisterId = keyof Registers;
