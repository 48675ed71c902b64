/** 待办事项 of a person, the face that confirms one, and what the person is told. */
import { z } from 'zod';
import { caseEntryOutcomeSchema, caseStateSchema } from '../../cases/schema.ts';
import { outcomeSchema } from '../../catalogue/workflow.ts';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema, ulidSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';
import { proseSchema } from '../../text/written.ts';

const name = z.string().max(maxLength.name);
const text = z.string().max(maxLength.text);

export const todoSchema = z.object({
  id: ulidSchema,
  /** Of the workflow: what is asked for. */
  title: name,
  kindTitle: name,
  subjectName: name,
  openedAt: instantSchema,
  state: caseStateSchema,
  /** The step that waits, of whomever; of the last one when none does. */
  stepTitle: name,
  /** It waits for this person. */
  isWaiting: z.boolean(),
});
export type Todo = z.infer<typeof todoSchema>;

export const todoDetailSchema = todoSchema.extend({
  programme: name,
  /** Who handed it in, from where and with what, as far as that is known. */
  submitted: z.object({ by: name, at: instantSchema, place: name, device: name, isStation: z.boolean() }),
  /** As it was filled in; numbers of persons are masked. */
  fields: z.array(z.object({ label: name, value: text })).max(maxCount.parts),
  attachments: z.array(z.object({ index: z.int(), title: name, name, mime: name })).max(maxCount.parts),
  /** Id of the step that waits for this person. */
  step: name.exactOptional(),
  decisions: z
    .array(
      z.object({
        id: name,
        label: name,
        opinion: z.enum(['required', 'optional']),
        outcome: outcomeSchema,
        /** It counts with the face of this person alone. */
        needsFace: z.boolean(),
      }),
    )
    .max(maxCount.parts),
  history: z
    .array(
      z.object({
        stepTitle: name,
        label: name,
        outcome: caseEntryOutcomeSchema,
        opinion: text,
        at: instantSchema,
      }),
    )
    .max(maxCount.parts),
});
export type TodoDetail = z.infer<typeof todoDetailSchema>;

export const noticeSchema = z.object({
  id: name,
  text,
  at: instantSchema,
  isRead: z.boolean(),
  /** What it is about. */
  kindTitle: name,
  subjectName: name,
  /** Why, where whoever decided said so. */
  opinion: text.exactOptional(),
});
export type Notice = z.infer<typeof noticeSchema>;

const programme = z.string().min(1).max(64);
const todoParams = z.object({ id: z.string().max(64) });
export const todoDecisionSchema = z.strictObject({
  step: z.string().max(maxLength.name),
  decision: z.string().max(maxLength.name),
  opinion: proseSchema(500),
});
export type TodoDecision = z.infer<typeof todoDecisionSchema>;

/** What a face is for: it counts for that alone. */
export const faceWantedSchema = z.discriminatedUnion('purpose', [
  z.strictObject({ purpose: z.literal('real-name'), programme }),
  /** 账号注销 of a person whose real name is proved. */
  z.strictObject({ purpose: z.literal('erasure'), programme }),
  z.strictObject({ purpose: z.literal('decision'), todo: z.string().max(64), ...todoDecisionSchema.shape }),
]);
export type FaceWanted = z.infer<typeof faceWantedSchema>;

/** `todo`: of a decision, which was taken with it. */
export const faceOutcomeSchema = z.object({
  state: z.enum(['pending', 'real-name', 'erased', 'decision']),
  todo: ulidSchema.exactOptional(),
});

export const mobileEventSchema = z.object({ type: z.literal('todos-changed') });

export const todoRoutes = {
  todos: {
    method: 'GET',
    path: '/api/mobile/todos',
    permission: 'todo.list',
    /** waiting: for this person. done: this person decided in it. Newest first. */
    query: z.object({ state: z.enum(['waiting', 'done']).default('waiting') }),
    answer: z.array(todoSchema).max(maxCount.parts),
  },
  todo: {
    method: 'GET',
    path: '/api/mobile/todos/:id',
    permission: 'todo.read',
    params: todoParams,
    answer: todoDetailSchema,
  },
  /** A picture, or a file, of those that were handed in. */
  todoAttachment: {
    method: 'GET',
    path: '/api/mobile/todos/:id/attachments/:index',
    permission: 'todo.read',
    params: todoParams.extend({ index: z.coerce.number<string | number>().int().min(0).max(maxCount.parts) }),
    answer: { bytes: 'image/jpeg' },
  },
  /** A decision that needs no face; ASSURANCE_TOO_LOW for one that does. */
  decideTodo: {
    method: 'POST',
    path: '/api/mobile/todos/:id/decisions',
    permission: 'todo.decide',
    params: todoParams,
    body: todoDecisionSchema,
    answer: todoDetailSchema,
  },
  /** `url`: the service's page, which leads back to the phone's pages. */
  beginFace: {
    method: 'POST',
    path: '/api/mobile/faces',
    permission: 'person.own',
    body: faceWantedSchema,
    answer: z.object({ id: ulidSchema, url: z.string().max(2_000) }),
  },
  /** Asks the service what came of it and does, once, what it was for. */
  finishFace: {
    method: 'POST',
    path: '/api/mobile/faces/:id/result',
    permission: 'person.own',
    params: todoParams,
    answer: faceOutcomeSchema,
  },
  notices: {
    method: 'GET',
    path: '/api/mobile/notices',
    permission: 'person.own',
    answer: z.array(noticeSchema).max(maxCount.parts),
  },
  readNotice: {
    method: 'POST',
    path: '/api/mobile/notices/:id/reading',
    permission: 'person.own',
    params: todoParams,
    answer: z.object({}),
  },
  mobileEvents: {
    method: 'GET',
    path: '/api/mobile/events',
    permission: 'person.own',
    answer: { events: mobileEventSchema },
  },
} as const satisfies ServerRoutes;
