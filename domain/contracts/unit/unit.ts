/** A unit's back end (用户中心后台): who is signed in, 首页, 基本信息. */
import { z } from 'zod';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);
const text = z.string().max(maxLength.text);

export const unitAccountSchema = z.object({
  account: z.object({
    id: name,
    name,
    kind: z.enum(['main', 'handler']),
    /** As the user centre calls its type. */
    typeTitle: name,
  }),
  /** `code` is masked where it is the number of somebody's ID card. */
  unit: z.object({ name, code: name }),
  /** The user centre whose the unit is. */
  programme: name,
});
export type UnitAccount = z.infer<typeof unitAccountSchema>;

export const unitTodoSchema = z.object({
  id: name,
  /** 添加账号确认 and the like. */
  title: name,
  /** Whom or what it is about. */
  about: name,
  /** The step that waits, as the workflow calls it. */
  state: name,
  /** Who decides it. */
  waitsFor: name,
  openedAt: instantSchema,
});
export const unitLoginSchema = z.object({ at: instantSchema, name, way: name, place: name, device: name });

export const unitHomeSchema = z.object({
  /** Handlers' accounts by state; absent for whoever does not look after them. */
  accounts: z
    .object({ enabled: z.int().nonnegative(), pending: z.int().nonnegative(), frozen: z.int().nonnegative() })
    .exactOptional(),
  /** Newest first. */
  todos: z.array(unitTodoSchema).max(maxCount.parts),
  todoCount: z.int().nonnegative(),
  logins: z.array(unitLoginSchema).max(maxCount.parts),
});
export type UnitHome = z.infer<typeof unitHomeSchema>;

/** As it was registered; personal numbers are masked. */
export const unitInformationSchema = z.object({
  typeTitle: name,
  registeredAt: instantSchema,
  uniqueCode: name.exactOptional(),
  fields: z.array(z.object({ id: name, label: name, value: text })).max(maxCount.parts),
});
export type UnitInformation = z.infer<typeof unitInformationSchema>;

/** A hint to look again: something of the unit came or went on. */
export const unitEventSchema = z.object({ type: z.literal('unit-changed') });

export const unitRoutes = {
  unitAccount: {
    method: 'GET',
    path: '/api/unit/account',
    permission: 'system.list',
    answer: unitAccountSchema,
  },
  unitHome: { method: 'GET', path: '/api/unit/home', permission: 'unit.read', answer: unitHomeSchema },
  unitInformation: {
    method: 'GET',
    path: '/api/unit/information',
    permission: 'unit.read',
    answer: unitInformationSchema,
  },
  unitEvents: {
    method: 'GET',
    path: '/api/unit/events',
    permission: 'system.list',
    answer: { events: unitEventSchema },
  },
} as const satisfies ServerRoutes;
