import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { isFileBody, isSchema } from './route.ts';
import type { Request, Route } from './route.ts';

/**
 * What came, as the route has it. Throws BAD_REQUEST with the path of the first fault, VALUE_TOO_LONG with the limit,
 * FILE_UNSUPPORTED for a body that is no file, FILE_EMPTY.
 */
export function readRequest<R extends Route>(
  route: R,
  raw: { params: unknown; query: unknown; body: unknown },
): Request<R> {
  const part = (schema: Route['body'], input: unknown): unknown =>
    isSchema(schema) ? parseInput(schema, input) : undefined;
  const params = readParams(route, raw.params);
  // the types are those of the same schemas: TypeScript cannot follow a schema through a condition on its route
  return {
    params,
    query: part(route.query, raw.query),
    body: isFileBody(route.body) ? readFile(raw.body) : part(route.body, raw.body),
  } as Request<R>;
}

export function readParams<R extends Route>({ params }: R, raw: unknown): Request<R>['params'] {
  return (params ? parseInput(params, raw) : undefined) as Request<R>['params'];
}

/** Throws BAD_REQUEST with the path of the first fault, VALUE_TOO_LONG and PIN_FORMAT where a person typed too much. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.join('.') ?? '';
  if (issue?.code === 'too_big' && issue.origin === 'string') {
    if (at === 'pin') throw new AppError('PIN_FORMAT', { reason: 'length' });
    throw new AppError('VALUE_TOO_LONG', { at, field: issue.path.at(-1), maxLength: issue.maximum });
  }
  throw new AppError('BAD_REQUEST', { at, problem: issue?.message ?? '' });
}

function readFile(body: unknown): Uint8Array {
  if (!(body instanceof Uint8Array)) throw new AppError('FILE_UNSUPPORTED');
  if (body.length === 0) throw new AppError('FILE_EMPTY');
  return body;
}
