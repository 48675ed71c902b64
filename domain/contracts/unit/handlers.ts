/** 账号管理 of a unit: its handlers, its keys, its main handler. */
import { z } from 'zod';
import {
  freezingReasonSchema,
  handlerChangeSchema,
  handlerSchema,
  newHandlerSchema,
  newMainHandlerSchema,
  unitKeySchema,
} from '../../accounts/handlers.ts';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);
const idParams = z.object({ id: z.string().min(1).max(64) });
const filedSchema = z.object({ recordId: name });

export const handlerListSchema = z.object({
  handlers: z.array(handlerSchema).max(maxCount.list),
  /** Those that no account is tied to. */
  keys: z.array(unitKeySchema).max(maxCount.parts),
});
export type HandlerList = z.infer<typeof handlerListSchema>;

export const synchronisedKeysSchema = z.object({
  known: z.int().nonnegative(),
  added: z.int().nonnegative(),
});
export type SynchronisedKeys = z.infer<typeof synchronisedKeysSchema>;

export const mainHandlerSchema = z.object({
  /** Masked. */
  current: z.object({ name, idNumber: name, mobile: name }),
  /** 更换主经办人 that was filed last. */
  last: z
    .object({
      name,
      filedAt: instantSchema,
      outcome: z.enum(['waiting', 'approved', 'refused']),
    })
    .exactOptional(),
});
export type MainHandler = z.infer<typeof mainHandlerSchema>;

export const handlerRoutes = {
  handlers: {
    method: 'GET',
    path: '/api/unit/handlers',
    permission: 'handler.list',
    answer: handlerListSchema,
  },
  /** 添加经办人账号: the account waits until the person who answers for the unit has confirmed it. */
  addHandler: {
    method: 'POST',
    path: '/api/unit/handlers',
    permission: 'handler.add',
    body: newHandlerSchema,
    answer: filedSchema,
  },
  changeHandler: {
    method: 'PUT',
    path: '/api/unit/handlers/:id',
    permission: 'handler.change',
    params: idParams,
    body: handlerChangeSchema,
    answer: handlerSchema,
  },
  /** 授权: all that it is ticked for. */
  authoriseHandler: {
    method: 'PUT',
    path: '/api/unit/handlers/:id/systems',
    permission: 'handler.authorise',
    params: idParams,
    body: z.strictObject({ systems: z.array(z.string().min(1).max(64)).max(50) }),
    answer: handlerSchema,
  },
  freezeHandler: {
    method: 'POST',
    path: '/api/unit/handlers/:id/freeze',
    permission: 'handler.freeze',
    params: idParams,
    body: freezingReasonSchema,
    answer: handlerSchema,
  },
  thawHandler: {
    method: 'POST',
    path: '/api/unit/handlers/:id/thaw',
    permission: 'handler.thaw',
    params: idParams,
    body: freezingReasonSchema,
    answer: handlerSchema,
  },
  /** 获取CA信息, by whoever has just shown the unit's key. */
  synchroniseKeys: {
    method: 'POST',
    path: '/api/unit/keys',
    permission: 'unit-key.synchronise',
    answer: synchronisedKeysSchema,
  },
  /** 编辑 of a key: its holder's account, which waits for its confirmation as any other. */
  completeKey: {
    method: 'POST',
    path: '/api/unit/keys/:id/holder',
    permission: 'unit-key.complete',
    params: idParams,
    body: newHandlerSchema,
    answer: filedSchema,
  },
  mainHandler: {
    method: 'GET',
    path: '/api/unit/main-handler',
    permission: 'main-handler.change',
    answer: mainHandlerSchema,
  },
  changeMainHandler: {
    method: 'POST',
    path: '/api/unit/main-handler',
    permission: 'main-handler.change',
    body: newMainHandlerSchema,
    answer: filedSchema,
  },
} as const satisfies ServerRoutes;
