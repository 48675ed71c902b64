/** What every page of the sandbox has: its banner, and the way to the others. */
import { html } from './html.ts';
import type { Html, Part } from './html.ts';

export const sections = [
  { path: '/', title: '总览' },
  { path: '/messages', title: '短信' },
  { path: '/faces', title: '人脸识别' },
  { path: '/persons', title: '实名信息' },
  { path: '/businesses', title: '工商备案' },
  { path: '/qualifications', title: '执业资格' },
  { path: '/approval-works', title: '工改系统' },
  { path: '/market', title: '建筑市场平台' },
  { path: '/keys', title: 'UKey' },
  { path: '/institution-accounts', title: '业务系统账号' },
  { path: '/openid-users', title: '统一身份认证' },
  { path: '/requests', title: '请求记录' },
  { path: '/openapi', title: '接口文档' },
] as const;

const banner = (said: string): Html => html`<p class="banner"><strong>沙箱</strong><span>${said}</span></p>`;

const head = (title: string): Html =>
  html`<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title} · 外部服务沙箱</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/assets/tokens.css" />
    <link rel="stylesheet" href="/assets/base.css" />
    <link rel="stylesheet" href="/assets/sandbox.css" />`;

/** `about`: one sentence under the title. Parts with `data-live` are renewed as they change, the rest stays as it was typed. */
export function page(path: (typeof sections)[number]['path'], about: string, ...content: Part[]): Html {
  const title = sections.find((one) => one.path === path)?.title ?? '';
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        ${head(title)}
        <script src="/assets/live.js" defer></script>
      </head>
      <body>
        ${banner('这里的短信、核验、人脸识别和登记信息都是模拟的，不联系任何真实的服务，也不会发出任何短信。')}
        <div class="frame">
          <nav aria-label="页面">
            <p class="product">外部服务沙箱</p>
            ${sections.map(
              (one) =>
                html`<a href="${one.path}" ${one.path === path ? html`aria-current="page"` : ''}
                  >${one.title}</a
                >`,
            )}
          </nav>
          <main>
            <h1>${title}</h1>
            <p class="muted about">${about}</p>
            ${content}
          </main>
        </div>
      </body>
    </html>`;
}

/** For the phone of the person: nothing leads away from it. */
export function phonePage(title: string, ...content: Part[]): Html {
  return html`<!doctype html>
    <html lang="zh-CN" class="phone">
      <head>
        ${head(title)}
      </head>
      <body>
        ${banner('这是模拟的页面，不做真实的识别。')}
        <main class="phone-page">${content}</main>
      </body>
    </html>`;
}

export const notice = (problem: string | undefined): Part =>
  problem !== undefined && html`<p class="notice" role="alert">${problem}</p>`;

export function field(
  label: string,
  name: string,
  {
    value = '',
    isOptional = false,
    ...rest
  }: {
    value?: string | undefined;
    isOptional?: boolean;
    pattern?: string;
    placeholder?: string;
  } = {},
): Html {
  return html`<label class="field"
    ><span>${label}</span
    ><input
      name="${name}"
      value="${value}"
      ${rest.pattern === undefined ? '' : html`pattern="${rest.pattern}"`}
      ${rest.placeholder === undefined ? '' : html`placeholder="${rest.placeholder}"`}
      autocomplete="off"
      ${isOptional ? '' : 'required'}
  /></label>`;
}

export function choice(
  label: string,
  name: string,
  { value, names }: { value?: string | undefined; names: Readonly<Record<string, string>> },
): Html {
  return html`<label class="field"
    ><span>${label}</span
    ><select name="${name}">
      ${Object.entries(names).map(
        ([id, text]) => html`<option value="${id}" ${id === value ? 'selected' : ''}>${text}</option>`,
      )}
    </select></label
  >`;
}
