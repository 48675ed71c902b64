/** 实名认证申请: an operator hands it in, the company's administrator decides it, both are told. */
import { z } from 'zod';
import { operatorStateSchema } from '../../accounts/operators.ts';
import type { AttachmentSlot } from '../../catalogue/record-kind.ts';
import type { Field } from '../../catalogue/field.ts';
import { maxCount, maxLength, tableOf } from '../../limits.ts';
import { instantSchema, sha256Schema, ulidSchema, valuesSchema } from '../../primitives.ts';
import { noticeSchema, todoDecisionSchema, todoDetailSchema } from '../mobile/todos.ts';
import { maxPictureBytes, registrationFileSchema } from '../public/registration.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);
const programme = z.string().min(1).max(64);

/** none: being filled in, or not begun. waits: handed in. */
export const applicationStateSchema = z.enum(['none', 'waits', 'approved', 'refused']);
export type ApplicationState = z.infer<typeof applicationStateSchema>;

const formSchema = z.custom<{ fields: readonly Field[]; attachments: readonly AttachmentSlot[] }>(
  (value) => typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, 'fields')),
);

export const ownApplicationSchema = z.object({
  /** Of the record kind. */
  title: name,
  /** As the administrator added the account. */
  name,
  mobile: name,
  state: applicationStateSchema,
  handedInAt: instantSchema.exactOptional(),
  decidedAt: instantSchema.exactOptional(),
  opinion: z.string().max(maxLength.text).exactOptional(),
  /** What is filled in, and which pictures belong to it, as it is configured. */
  form: formSchema,
  files: z.array(registrationFileSchema).max(maxCount.parts),
  notices: z.array(noticeSchema).max(maxCount.parts),
});
export type OwnApplication = z.infer<typeof ownApplicationSchema>;

/** `problems`: Chinese, by the id of the field or the attachment; empty where it was handed in. */
export const handInAnswerSchema = z.object({
  application: ownApplicationSchema,
  problems: tableOf(z.string().max(maxLength.text)),
});

export const applicationSummarySchema = z.object({
  id: ulidSchema,
  /** Of the operator. */
  name,
  mobile: name,
  operatorState: operatorStateSchema,
  /** How the case stands, in its workflow's words. */
  stateText: name,
  isWaiting: z.boolean(),
  handedInAt: instantSchema,
  decidedAt: instantSchema.exactOptional(),
  opinion: z.string().max(maxLength.text).exactOptional(),
});
export type ApplicationSummary = z.infer<typeof applicationSummarySchema>;

export const applicationDetailSchema = applicationSummarySchema.extend({
  fields: todoDetailSchema.shape.fields,
  attachments: todoDetailSchema.shape.attachments,
  step: name.exactOptional(),
  decisions: z.array(todoDetailSchema.shape.decisions.element.omit({ needsFace: true })).max(maxCount.parts),
});
export type ApplicationDetail = z.infer<typeof applicationDetailSchema>;

const ownQuery = z.object({ programme });
const slotParams = z.object({ attachment: z.string().min(1).max(64) });
const fileParams = slotParams.extend({ sha: sha256Schema });
const idParams = z.object({ id: z.string().min(1).max(64) });
const own = '/api/name-applications/own';

export const nameApplicationRoutes = {
  ownNameApplication: {
    method: 'GET',
    path: own,
    permission: 'name-application.own',
    query: ownQuery,
    answer: ownApplicationSchema,
  },
  /** In place of the one before, where there is room for one alone. */
  addApplicationPicture: {
    method: 'POST',
    path: `${own}/attachments/:attachment`,
    permission: 'name-application.own',
    params: slotParams,
    query: ownQuery.extend({ name: z.string().min(1).max(200) }),
    body: { file: true, maxBytes: maxPictureBytes },
    answer: ownApplicationSchema,
  },
  ownApplicationPicture: {
    method: 'GET',
    path: `${own}/attachments/:attachment/:sha`,
    permission: 'name-application.own',
    params: fileParams,
    answer: { bytes: 'image/jpeg' },
  },
  /** 提交申请. */
  handInNameApplication: {
    method: 'POST',
    path: `${own}/filing`,
    permission: 'name-application.own',
    body: z.strictObject({ programme, values: valuesSchema }),
    answer: handInAnswerSchema,
  },
  /** 用户审核: of the own company, newest first, with what its administrator was told. */
  nameApplications: {
    method: 'GET',
    path: '/api/name-applications',
    permission: 'name-application.list',
    answer: z.object({
      applications: z.array(applicationSummarySchema).max(maxCount.parts),
      notices: z.array(noticeSchema).max(maxCount.parts),
    }),
  },
  nameApplication: {
    method: 'GET',
    path: '/api/name-applications/:id',
    permission: 'name-application.review',
    params: idParams,
    answer: applicationDetailSchema,
  },
  applicationPicture: {
    method: 'GET',
    path: '/api/name-applications/:id/attachments/:index',
    permission: 'name-application.review',
    params: idParams.extend({ index: z.coerce.number<string | number>().int().min(0).max(maxCount.parts) }),
    answer: { bytes: 'image/jpeg' },
  },
  decideNameApplication: {
    method: 'POST',
    path: '/api/name-applications/:id/decisions',
    permission: 'name-application.review',
    params: idParams,
    body: todoDecisionSchema,
    answer: applicationDetailSchema,
  },
} as const satisfies ServerRoutes;
