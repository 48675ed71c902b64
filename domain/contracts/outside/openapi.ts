/** The OpenAPI page of an outside service, made of its contract: what its maker reads, and what a test holds the server's questions to. */
import { z } from 'zod';
import { paramNamesOf } from '../route.ts';
import { refusals } from './service.ts';
import type { OutsideOperation } from './service.ts';
import { outsideServices } from './services.ts';
import type { OutsideServiceId } from './services.ts';

/** `address`: of the service; its last part stands in the paths. */
export function openApiOf(id: OutsideServiceId, address: string) {
  const { name, about, operations } = outsideServices[id];
  const cut = address.lastIndexOf('/');
  const paths: Record<string, Record<string, object>> = {};
  for (const [operationId, operation] of Object.entries<OutsideOperation>(operations)) {
    const path = `${address.slice(cut)}${operation.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: describeOperation(operationId, operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: `绿灯站外部服务：${name}`, version: '1', description: about },
    servers: [{ url: address.slice(0, cut) }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths,
  };
}

function describeOperation(
  operationId: string,
  { path, summary, params, request, answer }: OutsideOperation,
): object {
  const refused = Object.entries(refusals).map(([status, description]) => [status, { description }] as const);
  return {
    operationId,
    summary,
    ...(params && {
      parameters: paramNamesOf({ path: path || '/' }).map((name) => ({
        ...{ name, in: 'path', required: true },
        schema: schemaOf(params.shape[name] as z.ZodType),
      })),
    }),
    ...(request && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(request) } } },
    }),
    responses: {
      200: { description: '成功', content: { 'application/json': { schema: schemaOf(answer) } } },
      ...Object.fromEntries(refused),
    },
  };
}

/** OpenAPI 3.1 has JSON Schema of 2020-12. What comes in is described, so that an answer may hold more than we know of. */
function schemaOf(schema: z.ZodType): object {
  const described = z.toJSONSchema(schema, { io: 'input' });
  return Object.fromEntries(Object.entries(described).filter(([key]) => key !== '$schema'));
}
