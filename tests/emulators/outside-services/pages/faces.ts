import { chinaTimeWithSeconds } from '#domain/primitives.ts';
import type { Sandbox } from '../open-state.ts';
import type { SandboxFaceCheck } from '../schemas.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { page, phonePage } from './layout.ts';

export function facesPage(sandbox: Sandbox): Html {
  const checks = sandbox.checks();
  return page(
    '/faces',
    '服务器请本人做的人脸识别，最新的在前。打开页面，代替本人选择通过或不通过；结果由沙箱的密钥签名。',
    html`<div data-live="faces">
      ${
        checks.length === 0
          ? html`<p class="empty">还没有人脸识别。</p>`
          : html`<table class="table">
              <thead>
                <tr>
                  <th>时间</th>
                  <th>本人</th>
                  <th>用途</th>
                  <th>结果</th>
                  <th>本人的页面</th>
                </tr>
              </thead>
              <tbody>
                ${checks.map(
                  (check) =>
                    html`<tr>
                      <td>${chinaTimeWithSeconds(check.at)}</td>
                      <td>${check.request.name}<br /><span class="muted">${check.request.idNumber}</span></td>
                      <td>${check.request.purpose}</td>
                      <td>${outcomeChip(check)}</td>
                      <td><a href="/face/${check.checkId}">打开</a></td>
                    </tr>`,
                )}
              </tbody>
            </table>`
      }
    </div>`,
  );
}

function outcomeChip({ done }: SandboxFaceCheck): Html {
  if (!done) return html`<span class="chip chip-wait">… 等待本人</span>`;
  return done.statement.outcome === 'passed'
    ? html`<span class="chip chip-good">✓ 通过</span>`
    : html`<span class="chip chip-bad">✗ 不通过</span>`;
}

/** What the person sees on the phone. */
export function facePage(check: SandboxFaceCheck | undefined, isKnown: boolean): Html {
  if (!check)
    return phonePage(
      '人脸识别',
      html`<h1>没有这次人脸识别</h1>
        <p>链接不完整，或沙箱的数据已清空。请回到办理页面重新开始。</p>`,
    );
  const { name, idNumber, purpose, returnUrl } = check.request;
  return phonePage(
    '人脸识别',
    html`<h1>模拟人脸识别，沙箱</h1>
      <div class="face" aria-hidden="true"><span></span></div>
      <dl class="facts">
        <div>
          <dt>本人</dt>
          <dd>${maskName(name)}</dd>
        </div>
        <div>
          <dt>身份证号码</dt>
          <dd>${idNumber.slice(0, 4)}**********${idNumber.slice(-4)}</dd>
        </div>
        <div>
          <dt>用途</dt>
          <dd>${purpose}</dd>
        </div>
      </dl>
      ${
        check.done
          ? html`<p class="done" role="status">${outcomeChip(check)}</p>
              <a class="btn btn-main" href="${returnUrl}">返回办理页面</a>`
          : html`<p class="muted">
                这里没有摄像头画面。${!isKnown && '沙箱的实名信息中没有此人，真实的服务不会通过。'}请选择真实的服务会给出的结果：
              </p>
              <form method="post" class="answers">
                <button class="btn btn-go" name="outcome" value="passed">通过</button>
                <button class="btn btn-danger" name="outcome" value="failed">不通过</button>
              </form>`
      }`,
  );
}

/** All but the last character: enough for the person, not for whoever looks over the shoulder. */
const maskName = (name: string): string => {
  const characters = [...name];
  return `${'*'.repeat(Math.max(characters.length - 1, 1))}${characters.at(-1) ?? ''}`;
};
