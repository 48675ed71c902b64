import { chinaTimeWithSeconds } from '#domain/primitives.ts';
import { outsideServiceIds, outsideServices } from '#domain/contracts/outside/services.ts';
import type { OutsideOperation } from '#domain/contracts/outside/service.ts';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import type { Sandbox } from '../open-state.ts';
import { forgeryNames, modeNames } from '../schemas.ts';
import type { SandboxMessage, SandboxRequest } from '../schemas.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { choice, page } from './layout.ts';

export function overviewPage(sandbox: Sandbox): Html {
  return page(
    '/',
    '服务器向外部服务提出的请求都到了这里。每项服务可以设为故障、变慢或拒绝，看看各个页面怎样说明。',
    html`<div class="cards">${outsideServiceIds.map((id) => serviceCard(id, sandbox))}</div>
      <div class="columns">
        <section>
          <h2>最近的短信</h2>
          <div data-live="messages">${messageList(sandbox.messages().slice(0, 4))}</div>
          <p><a href="/messages">全部短信</a></p>
        </section>
        <section>
          <h2>最近的请求</h2>
          <div data-live="requests">${requestTable(sandbox.requests().slice(0, 8))}</div>
          <p><a href="/requests">全部请求</a></p>
        </section>
      </div>`,
  );
}

function serviceCard(id: OutsideServiceId, sandbox: Sandbox): Html {
  const { mode, delayMs, forgery } = sandbox.behaviourOf(id);
  const asked = sandbox.requests().filter(({ service }) => service === id).length;
  const isNormal = mode === 'normal' && forgery === undefined;
  const said = [
    mode === 'slow' ? `${modeNames.slow} ${delayMs / 1000} 秒` : modeNames[mode],
    ...(forgery === undefined ? [] : [`伪造结果：${forgeryNames[forgery]}`]),
  ].join('，');
  return html`<section class="card service" aria-labelledby="service-${id}">
    <header>
      <h2 id="service-${id}">${outsideServices[id].name}</h2>
      <span data-live="state-${id}"
        ><span class="chip ${isNormal ? 'chip-good' : 'chip-bad'}"
          >${isNormal ? '✓' : '!'} ${said}</span
        ></span
      >
    </header>
    <p class="muted" data-live="count-${id}">启动以来收到 ${asked} 次请求</p>
    <form method="post" action="/behaviour">
      <input type="hidden" name="service" value="${id}" />
      ${choice('表现', 'mode', { value: mode, names: modeNames })}
      <label class="field field-short"
        ><span>延迟（秒）</span
        ><input name="delaySeconds" type="number" min="0" max="120" value="${delayMs / 1000}" required
      /></label>
      ${
        id === 'face' &&
        choice('结果', 'forgery', { value: forgery, names: { '': '如实签名', ...forgeryNames } })
      }
      <button class="btn">设置</button>
    </form>
  </section>`;
}

export function messagesPage(sandbox: Sandbox): Html {
  return page(
    '/messages',
    '服务器要发送的短信，最新的在前。真实的服务会发到手机上，这里只显示出来。',
    html`<div data-live="messages">${messageList(sandbox.messages())}</div>`,
  );
}

function messageList(messages: readonly SandboxMessage[]): Html {
  if (messages.length === 0) return html`<p class="empty">还没有短信。</p>`;
  return html`<ol class="messages">
    ${messages.map(
      ({ at, mobile, text, code }) =>
        html`<li class="card">
          <p class="row">
            <strong>${mobile}</strong><time class="muted">${chinaTimeWithSeconds(at)}</time>${
              code !== undefined && html`<span class="code"><span class="muted">验证码</span> ${code}</span>`
            }
          </p>
          <p class="bubble">${text}</p>
        </li>`,
    )}
  </ol>`;
}

export function requestsPage(sandbox: Sandbox): Html {
  return page(
    '/requests',
    '启动以来收到的请求（最多 500 次），最新的在前。令牌不显示。',
    html`<div data-live="requests">${requestTable(sandbox.requests())}</div>`,
  );
}

const summaryOf = (service: OutsideServiceId, operation: string): string =>
  new Map(Object.entries<OutsideOperation>(outsideServices[service].operations)).get(operation)?.summary ??
  operation;

function requestTable(requests: readonly SandboxRequest[]): Html {
  if (requests.length === 0) return html`<p class="empty">还没有请求。</p>`;
  return html`<table class="table requests">
    <thead>
      <tr>
        <th>时间</th>
        <th>服务</th>
        <th>结果</th>
        <th>内容</th>
      </tr>
    </thead>
    <tbody>
      ${requests.map(
        ({ at, service, operation, status, body }) =>
          html`<tr>
            <td>${chinaTimeWithSeconds(at).slice(11)}</td>
            <td>
              ${outsideServices[service].name}<br /><span class="muted"
                >${summaryOf(service, operation)}</span
              >
            </td>
            <td>
              <span class="chip ${status === 200 ? 'chip-good' : 'chip-bad'}"
                >${status === 200 ? '✓' : '!'} ${status}</span
              >
            </td>
            <td class="body">${JSON.stringify(body)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
