/**
 * What a guard IS: one rule over actor, record and registers, with the exact words that a person reads where it does not hold.
 * domain/cases/guards.ts says what each rule answers.
 */
import { z } from 'zod';
import { fieldIdSchema, idOrFieldSchema, idSchema } from './ids.ts';

/** The id number of a person stands in this field of the record's form. */
const personField = fieldIdSchema.default('person');
/** So does the id of a work in this one. */
const workField = fieldIdSchema.default('work');

/** Something to compare. Where the record, the actor or the register does not have it, the comparison is unknown. */
export const operandSchema = z.union([
  z.string().max(200),
  z.number(),
  z.boolean(),
  z.strictObject({ form: fieldIdSchema }),
  z.strictObject({ answer: fieldIdSchema }),
  z.strictObject({ record: z.enum(['kind', 'programme', 'role', 'light']) }),
  z.strictObject({ subject: z.enum(['name', 'creditCode']) }),
  z.strictObject({ actor: z.enum(['id', 'name', 'code']) }),
  /** Of the person whose id number stands in `in`, as the register knows him. */
  z.strictObject({ person: z.enum(['name', 'unit']), in: personField }),
  /** Of the work whose id stands in `in`. */
  z.strictObject({
    work: z.enum(['name', 'state', 'contractNumber', 'permitNumber', 'unit']),
    in: fieldIdSchema.default('work'),
  }),
  /** China's day on which the question is asked. */
  z.strictObject({ today: z.literal(true) }),
]);
export type Operand = z.infer<typeof operandSchema>;

const namedRules = {
  /**
   * Fewer works under construction than `limit` in that post; several with one value of `distinctBy` count once, and those
   * that count with the work of the field `besides` do not count.
   */
  'appointments-below': z.strictObject({
    rule: z.literal('appointments-below'),
    person: personField,
    post: idSchema,
    limit: z.int().min(1).max(100),
    distinctBy: z.enum(['contractNumber']).exactOptional(),
    besides: fieldIdSchema.exactOptional(),
  }),
  /** A lock stands on the person; in that post, where the record names one. */
  'is-locked': z.strictObject({
    rule: z.literal('is-locked'),
    person: personField,
    post: idOrFieldSchema.exactOptional(),
  }),
  /** No lock stands on the person, but for one that counts with the work of the field `besides`. */
  'is-not-locked': z.strictObject({
    rule: z.literal('is-not-locked'),
    person: personField,
    besides: fieldIdSchema.exactOptional(),
  }),
  /** The person belongs to the unit that the record is about. */
  'own-person': z.strictObject({ rule: z.literal('own-person'), person: personField }),
  /** Whoever acts has proved to be the person whose id number stands in that field. */
  'is-named-person': z.strictObject({ rule: z.literal('is-named-person'), person: fieldIdSchema }),
  'light-is': z.strictObject({
    rule: z.literal('light-is'),
    lights: z.array(z.enum(['green', 'yellow', 'red'])).min(1),
  }),
  /** The person has finished the real-name authentication, under the name that stands in `name`. */
  'has-real-name': z.strictObject({
    rule: z.literal('has-real-name'),
    person: personField,
    name: fieldIdSchema,
  }),
  /** No unit is registered under the code that stands there. */
  'unit-is-new': z.strictObject({ rule: z.literal('unit-is-new'), code: fieldIdSchema }),
  /** The person has no account of this kind and type yet, at whatever unit. */
  'holds-no-account': z.strictObject({
    rule: z.literal('holds-no-account'),
    person: personField,
    kind: z.enum(['main', 'handler']),
    /** One of the programme's account types, or the field of the form that names one. */
    type: idOrFieldSchema.exactOptional(),
  }),
  /** The person is not the one whose the main account of the record's unit is. */
  'is-not-main-handler': z.strictObject({ rule: z.literal('is-not-main-handler'), person: personField }),
  /** The work is the record's unit's own, or, with `as: participant`, one that it takes part in. */
  'own-work': z.strictObject({
    rule: z.literal('own-work'),
    work: workField,
    as: z.enum(['owner', 'participant']).default('owner'),
  }),
  /** No other work has the permit number that stands there. */
  'permit-is-new': z.strictObject({
    rule: z.literal('permit-is-new'),
    permit: fieldIdSchema,
    work: workField,
  }),
  /** The person holds no post at that work. */
  'not-at-work': z.strictObject({ rule: z.literal('not-at-work'), person: personField, work: workField }),
  /** The person holds that post at that work; nobody does where the field is empty, and then it holds. */
  'at-work': z.strictObject({
    rule: z.literal('at-work'),
    person: personField,
    work: workField,
    /** One of the programme's posts, or the field of the form that names one. */
    post: idOrFieldSchema,
  }),
  /** The person holds one of these qualifications, by a green paper or by the word of the register of qualifications. */
  'holds-qualification': z.strictObject({
    rule: z.literal('holds-qualification'),
    person: personField,
    anyOf: z.array(idSchema).min(1).max(20),
  }),
} as const;
export type NamedRuleId = keyof typeof namedRules;

const namedRuleSchema = z.discriminatedUnion('rule', [
  namedRules['appointments-below'],
  namedRules['is-locked'],
  namedRules['is-not-locked'],
  namedRules['own-person'],
  namedRules['is-named-person'],
  namedRules['light-is'],
  namedRules['has-real-name'],
  namedRules['unit-is-new'],
  namedRules['holds-no-account'],
  namedRules['is-not-main-handler'],
  namedRules['own-work'],
  namedRules['permit-is-new'],
  namedRules['not-at-work'],
  namedRules['at-work'],
  namedRules['holds-qualification'],
]);
export type NamedRule = z.infer<typeof namedRuleSchema>;

/** Data alone: what no code need know of. Three-valued (Kleene): unknown passes through `not`, and decides `all` and `any` only where it must. */
export type Expression =
  | { all: Expression[] }
  | { any: Expression[] }
  | { not: Expression }
  | { equals: [Operand, Operand] }
  | { in: [Operand, (string | number | boolean)[]] }
  | { before: [Operand, Operand] }
  | { atMost: [Operand, number] }
  | { matches: [Operand, string] }
  | { present: Operand }
  | NamedRule;
export const expressionSchema: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(expressionSchema).min(1).max(50) }),
    z.strictObject({ any: z.array(expressionSchema).min(1).max(50) }),
    z.strictObject({ not: expressionSchema }),
    z.strictObject({ equals: z.tuple([operandSchema, operandSchema]) }),
    z.strictObject({
      in: z.tuple([operandSchema, z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)]),
    }),
    /** Days, YYYY-MM-DD. */
    z.strictObject({ before: z.tuple([operandSchema, operandSchema]) }),
    z.strictObject({ atMost: z.tuple([operandSchema, z.number()]) }),
    /** A regular expression over the whole value. */
    z.strictObject({ matches: z.tuple([operandSchema, z.string().min(1).max(200)]) }),
    z.strictObject({ present: operandSchema }),
    namedRuleSchema,
  ]),
);

const ownShape = {
  id: idSchema,
  /** What a person reads where the guard answers no: word for word as the province has it. */
  text: z.string().min(1).max(200),
};
export const guardSchema = z.discriminatedUnion('rule', [
  z.strictObject({ ...ownShape, rule: z.literal('expression'), when: expressionSchema }),
  namedRules['appointments-below'].extend(ownShape),
  namedRules['is-locked'].extend(ownShape),
  namedRules['is-not-locked'].extend(ownShape),
  namedRules['own-person'].extend(ownShape),
  namedRules['is-named-person'].extend(ownShape),
  namedRules['light-is'].extend(ownShape),
  namedRules['has-real-name'].extend(ownShape),
  namedRules['unit-is-new'].extend(ownShape),
  namedRules['holds-no-account'].extend(ownShape),
  namedRules['is-not-main-handler'].extend(ownShape),
  namedRules['own-work'].extend(ownShape),
  namedRules['permit-is-new'].extend(ownShape),
  namedRules['not-at-work'].extend(ownShape),
  namedRules['at-work'].extend(ownShape),
  namedRules['holds-qualification'].extend(ownShape),
]);
export type Guard = z.infer<typeof guardSchema>;
