/** The OpenAPI of a service as people read it: a table for what is asked and one for what is answered. */
import { z } from 'zod';
import { outsideServiceIds, outsideServices } from '#domain/contracts/outside/services.ts';
import { openApiOf } from '#domain/contracts/outside/openapi.ts';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import { html } from './html.ts';
import type { Html, Part } from './html.ts';
import { page } from './layout.ts';

export function openApiIndexPage(): Html {
  return page(
    '/openapi',
    '真实的服务按这些约定提供接口，服务器就能使用。请求和回答都是 JSON；令牌放在 Authorization: Bearer 中。',
    html`<div class="cards">
      ${outsideServiceIds.map(
        (id) =>
          html`<section class="card">
            <h2><a href="/openapi/${id}">${outsideServices[id].name}</a></h2>
            <p>${outsideServices[id].about}</p>
            <p><a href="/openapi/${id}.json">OpenAPI 3.1（JSON）</a></p>
          </section>`,
      )}
    </div>`,
  );
}

/** The parts of JSON Schema that the contracts use. */
interface Schema {
  type?: string | undefined;
  description?: string | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  pattern?: string | undefined;
  format?: string | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  maxItems?: number | undefined;
}
const schemaSchema: z.ZodType<Schema> = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  required: z.array(z.string()).optional(),
  get items() {
    return schemaSchema.optional();
  },
  get anyOf() {
    return z.array(schemaSchema).optional();
  },
  get oneOf() {
    return z.array(schemaSchema).optional();
  },
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  maxItems: z.number().optional(),
});
const contentSchema = z.object({
  content: z.object({ 'application/json': z.object({ schema: schemaSchema }) }),
});
const operationSchema = z.object({
  summary: z.string(),
  parameters: z.array(z.object({ name: z.string(), schema: schemaSchema })).default([]),
  requestBody: contentSchema.optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: contentSchema.shape.content.optional() }),
  ),
});

export function openApiPage(id: OutsideServiceId, address: string): Html {
  const { info, servers, paths } = openApiOf(id, address);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ path, method, ...operationSchema.parse(one) })),
  );
  return page(
    '/openapi',
    outsideServices[id].name,
    html`<p class="lead">${info.description}</p>
      <p><a href="/openapi/${id}.json">OpenAPI 3.1（JSON）</a>　<a href="/openapi">全部接口</a></p>
      ${operations.map(
        ({ path, method, summary, parameters, requestBody, responses }) =>
          html`<section class="card operation">
            <h2>${summary}</h2>
            <p class="address"><strong>${method.toUpperCase()}</strong> ${servers[0]?.url}${path}</p>
            ${
              parameters.length > 0 &&
              html`<h3>地址中的参数</h3>
                ${fieldTable(parameters.map(({ name, schema }) => ({ name, schema, isRequired: true })))}`
            }
            ${
              requestBody &&
              html`<h3>请求</h3>
                ${fieldTable(fieldsOf(requestBody.content['application/json'].schema))}`
            }
            <h3>回答</h3>
            ${answersOf(responses['200']?.content?.['application/json'].schema)}
            <h3>其他状态</h3>
            <p>
              ${Object.entries(responses)
                .filter(([status]) => status !== '200')
                .map(
                  ([status, { description }]) => html`<span class="status">${status} ${description}</span>`,
                )}
            </p>
          </section>`,
      )}`,
  );
}

/** Where an answer has several forms, a table for each. */
function answersOf(schema: Schema | undefined): Part {
  if (!schema) return undefined;
  const forms = schema.oneOf ?? [schema];
  return forms.map(
    (form, index) => html`${index > 0 && html`<p class="muted or">或</p>`}${fieldTable(fieldsOf(form))}`,
  );
}

interface Field {
  name: string;
  schema: Schema;
  isRequired: boolean;
}

/** Flat: what stands inside is named with its whole path. */
function fieldsOf(schema: Schema, before = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const inner = part.items ?? part.anyOf?.find(({ properties }) => properties) ?? part;
    const path = `${before}${name}${part.items ? '[]' : ''}`;
    return [
      { name: path, schema: part, isRequired: schema.required?.includes(name) ?? false },
      ...fieldsOf(inner, `${path}.`),
    ];
  });
}

function fieldTable(fields: readonly Field[]): Html {
  return html`<table class="table fields">
    <thead>
      <tr>
        <th>名称</th>
        <th>类型</th>
        <th>说明</th>
      </tr>
    </thead>
    <tbody>
      ${fields.map(
        ({ name, schema, isRequired }) =>
          html`<tr>
            <td class="number">${name}${!isRequired && html`<br /><span class="muted">可省略</span>`}</td>
            <td>${typeOf(schema)}</td>
            <td>${schema.description} ${limitOf(schema)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: '文本',
  boolean: '是或否',
  array: '列表',
  object: '对象',
  number: '数',
  integer: '整数',
};

function typeOf({ type, anyOf }: Schema): string {
  if (anyOf) return anyOf.map((one) => (one.type === 'null' ? 'null' : typeOf(one))).join(' 或 ');
  return typeNames[type ?? ''] ?? type ?? '';
}

function limitOf(schema: Schema): Html {
  const { minLength, maxLength, maxItems, pattern, format } = schema;
  const said = [
    schema.const !== undefined && `固定为 ${JSON.stringify(schema.const)}`,
    schema.enum && schema.enum.map((value) => JSON.stringify(value)).join('、'),
    minLength !== undefined && minLength > 1 && `至少 ${minLength} 字`,
    maxLength !== undefined && `最多 ${maxLength} 字`,
    maxItems !== undefined && `最多 ${maxItems} 项`,
    format,
    // the pattern of a moment is longer than what it says
    format === undefined && pattern,
  ].filter(Boolean);
  return html`${said.length > 0 && html`<span class="limit">${said.join('；')}</span>`}`;
}
