/**
 * What a station hands over: an actor's action on a record, with what that action needs. Up to version 2 of the protocol each
 * action was a kind of item of its own; those that still wait in a queue, or lie in the server's store, are read as actions.
 */
import { z } from 'zod';
import { maxLength } from '../limits.ts';
import { instantSchema, ulidSchema } from '../primitives.ts';
import { sentRecordSchema } from './sent-record.ts';

export const itemKindSchema = z.enum(['action', 'submission', 'push']);
export type ItemKind = z.infer<typeof itemKindSchema>;

export const submissionPayloadSchema = z.object({
  record: sentRecordSchema,
  stationId: z.string().max(maxLength.name),
});
export const pushPayloadSchema = z.object({
  id: ulidSchema,
  recordId: ulidSchema,
  field: z.string().max(maxLength.name),
  requestedAt: instantSchema,
  requestedBy: z.string().max(maxLength.name),
});

/** 撤回 of the case that the record's 提交 opened. */
export const withdrawPayloadSchema = z.object({
  id: ulidSchema,
  recordId: ulidSchema,
  caseId: ulidSchema,
  requestedAt: instantSchema,
  requestedBy: z.string().max(maxLength.name),
});

/** 解绑 of the person whose file the record opens. */
export const releasePayloadSchema = z.object({
  id: ulidSchema,
  recordId: ulidSchema,
  requestedAt: instantSchema,
  requestedBy: z.string().max(maxLength.name),
});

/** `record`: which one the action is about; the payload must be of the same. */
export const actionSchema = z
  .discriminatedUnion('action', [
    z.object({ record: ulidSchema, action: z.literal('submit'), payload: submissionPayloadSchema }),
    z.object({ record: ulidSchema, action: z.literal('push'), payload: pushPayloadSchema }),
    z.object({ record: ulidSchema, action: z.literal('withdraw'), payload: withdrawPayloadSchema }),
    z.object({ record: ulidSchema, action: z.literal('release'), payload: releasePayloadSchema }),
  ])
  .refine((action) => action.record === recordOf(action), { path: ['record'] });
export type RecordAction = z.infer<typeof actionSchema>;
export type ActionId = RecordAction['action'];
export const actionIdSchema = z.enum(['submit', 'push', 'withdraw', 'release']) satisfies z.ZodType<ActionId>;

function recordOf(
  action:
    | { action: 'submit'; payload: z.infer<typeof submissionPayloadSchema> }
    | { action: 'push'; payload: z.infer<typeof pushPayloadSchema> }
    | { action: 'withdraw'; payload: z.infer<typeof withdrawPayloadSchema> }
    | { action: 'release'; payload: z.infer<typeof releasePayloadSchema> },
): string {
  return action.action === 'submit' ? action.payload.record.id : action.payload.recordId;
}

/** By the kind of the item that brings it. */
const readers = {
  action: actionSchema,
  submission: submissionPayloadSchema.transform((payload): RecordAction => ({
    record: payload.record.id,
    action: 'submit',
    payload,
  })),
  push: pushPayloadSchema.transform((payload): RecordAction => ({
    record: payload.recordId,
    action: 'push',
    payload,
  })),
} as const satisfies Record<ItemKind, z.ZodType<RecordAction>>;

/** The action that an item brings, whatever form it was queued in. */
export const parseAction = (kind: ItemKind, payload: unknown): z.ZodSafeParseResult<RecordAction> =>
  readers[kind].safeParse(payload);
