/**
 * What an outside service speaks, JSON over HTTP: once for the server that asks, the sandbox that answers in its place, and the
 * OpenAPI page that its maker reads. What goes wrong is told by the status alone (`refusals`); nobody reads the body of a refusal.
 */
import type { z } from 'zod';

export interface OutsideOperation {
  readonly method: 'GET' | 'POST';
  /** After the service's address. Nothing of a person stands in it: addresses end up in logs. */
  readonly path: '' | `/${string}`;
  readonly summary: string;
  /** Of the `:names` in the path. */
  readonly params?: z.ZodObject;
  readonly request?: z.ZodType;
  readonly answer: z.ZodType;
}

export interface OutsideService {
  /** As people are told of it. */
  readonly name: string;
  readonly about: string;
  readonly operations: Readonly<Record<string, OutsideOperation>>;
}

/** The statuses that a service may answer with besides 200; to the server each of them says that there is no answer. */
export const refusals = {
  400: '请求不符合约定',
  401: '令牌不正确',
  403: '拒绝办理',
  404: '没有这项内容',
  429: '请求过多，请稍后再试',
  500: '服务内部错误',
  503: '服务暂停',
} as const;
