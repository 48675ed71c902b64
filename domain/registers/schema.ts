/**
 * Registers: what is known of persons, works, appointments and locks beyond single records. The server writes them in the
 * transaction of the decision that changes them; a station may hold a copy, with the moment at which it was true.
 */
import { z } from 'zod';
import { maxLength, maxCount } from '../limits.ts';
import { instantSchema, valuesSchema } from '../primitives.ts';

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
/** A unit that takes part in a work (参建单位), by what it does there. */
export const unitOfWorkSchema = z.object({
  /** One of the programme's `works.unitRoles`. */
  role: code,
  code,
  name: text,
});
export type UnitOfWork = z.infer<typeof unitOfWorkSchema>;

export const registeredWorkSchema = z.object({
  id: code,
  name: text,
  state: z.enum(workStates),
  /** 合同登记编号; works of one contract count once. */
  contractNumber: code.exactOptional(),
  /** 施工许可证编号; no two works have one. */
  permitNumber: code.exactOptional(),
  /** Whose work it is: it asked for its supervision. */
  unit: code,
  /** 主管部门 and 监督机构, by their names at the desk. */
  authority: text,
  supervisor: text,
  units: z.array(unitOfWorkSchema).max(maxCount.parts).exactOptional(),
  /** What else the programme's `works.fields` say of it. */
  details: valuesSchema.exactOptional(),
});
export type RegisteredWork = z.infer<typeof registeredWorkSchema>;

/** What altered a work: the approval system, an import, or a decision about a record. */
export const workChangeSources = ['approval-system', 'import', 'record'] as const;
export const workChangeSchema = z.object({
  at: instantSchema,
  by: text,
  source: z.enum(workChangeSources),
  recordId: text.exactOptional(),
  /** `what`: name, state, contractNumber, permitNumber, a field of the programme, `unit:<role>`, `post:<post>`. */
  changes: z
    .array(z.object({ what: text, before: z.string().max(5000), after: z.string().max(5000) }))
    .max(maxCount.parts),
});
export type WorkChange = z.infer<typeof workChangeSchema>;

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

/** Where a qualification is known from: a paper that was checked green, or the register of qualifications. */
export const qualificationSources = ['paper', 'register'] as const;
export const heldQualificationSchema = z.object({
  /** One of the programme's `qualifications`. */
  kind: code,
  number: text,
  /** A day; absent where it does not end. */
  validUntil: z.iso.date().exactOptional(),
  source: z.enum(qualificationSources),
});
export type HeldQualification = z.infer<typeof heldQualificationSchema>;

/** What is known of a person's qualifications. */
export const qualificationsOfPersonSchema = z.object({
  /** Id number. */
  person: code,
  held: z.array(heldQualificationSchema).max(maxCount.parts),
  /** When the register of qualifications last answered about the person; absent: never. */
  askedAt: instantSchema.exactOptional(),
});
export type QualificationsOfPerson = z.infer<typeof qualificationsOfPersonSchema>;

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
  qualifications: copyOf(qualificationsOfPersonSchema).exactOptional(),
});
export type Registers = z.infer<typeof registersSchema>;
export type RegisterId = keyof Registers;
