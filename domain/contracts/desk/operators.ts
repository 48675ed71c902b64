/** 操作员管理 of an organisation, and whoever is signed in: their messages, once. */
import { z } from 'zod';
import {
  newOperatorSchema,
  newPasswordSchema,
  operatorChangeSchema,
  operatorSchema,
} from '../../accounts/operators.ts';
import { sessionViewSchema } from '../../accounts/schema.ts';
import { maxCount } from '../../limits.ts';
import type { ServerRoutes } from '../route.ts';

export const operatorListSchema = z.array(operatorSchema).max(maxCount.list);

export const sessionListSchema = z.array(sessionViewSchema).max(maxCount.parts);

const idParams = z.object({ id: z.string().min(1).max(64) });

export const operatorRoutes = {
  operators: {
    method: 'GET',
    path: '/api/operators',
    permission: 'operator.list',
    answer: operatorListSchema,
  },
  /** The first password goes to the operator's phone, and to nobody else. */
  addOperator: {
    method: 'POST',
    path: '/api/operators',
    permission: 'operator.add',
    body: newOperatorSchema,
    answer: operatorSchema,
  },
  operator: {
    method: 'GET',
    path: '/api/operators/:id',
    permission: 'operator.read',
    params: idParams,
    answer: operatorSchema,
  },
  changeOperator: {
    method: 'PUT',
    path: '/api/operators/:id',
    permission: 'operator.change',
    params: idParams,
    body: operatorChangeSchema,
    answer: operatorSchema,
  },
  /** 删除: the account cannot be used any more; the record stays. */
  removeOperator: {
    method: 'DELETE',
    path: '/api/operators/:id',
    permission: 'operator.disable',
    params: idParams,
    answer: operatorSchema,
  },
  /** Another first password, to the operator's phone; sessions of the account end. */
  renewOperatorPassword: {
    method: 'POST',
    path: '/api/operators/:id/password',
    permission: 'operator.renew-password',
    params: idParams,
    body: newPasswordSchema,
    answer: operatorSchema,
  },

  /** Of one's own account, newest first. */
  sessions: {
    method: 'GET',
    path: '/api/sessions',
    permission: 'session.list',
    answer: sessionListSchema,
  },
  /** Of an account that the actor looks after. */
  accountSessions: {
    method: 'GET',
    path: '/api/accounts/:id/sessions',
    permission: 'session.list',
    params: idParams,
    answer: sessionListSchema,
  },
  endSession: {
    method: 'DELETE',
    path: '/api/sessions/:id',
    permission: 'session.end',
    params: idParams,
    answer: z.object({}),
  },
} as const satisfies ServerRoutes;
