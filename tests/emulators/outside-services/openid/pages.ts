/** Who has an identity there, and the page on which one of them comes in. */
import type { Sandbox } from '../open-state.ts';
import { html } from '../pages/html.ts';
import type { Html } from '../pages/html.ts';
import { choice, field, notice, page, phonePage } from '../pages/layout.ts';
import type { Failed } from '../pages/registers.ts';
import { openidForgeryNames, openidModeNames } from '../schemas.ts';
import type { SandboxOpenidUser } from '../schemas.ts';

export function openidUsersPage(sandbox: Sandbox, failed?: Failed): Html {
  const { name, users, redirectUris } = sandbox.openid();
  const { mode, forgery } = sandbox.openidBehaviour();
  const { typed } = failed ?? {};
  const text = (label: string, key: string) =>
    field(label, key, { value: typed?.[key], isOptional: key !== 'login' });
  return page(
    '/openid-users',
    `“${name}”由这里的 OpenID Connect 服务代替。登录时在它的页面上选择下面的一个用户。`,
    notice(failed?.problem),
    html`<section class="card">
        <h2>表现</h2>
        <form method="post" action="/openid-users/behaviour" class="form">
          ${choice('服务', 'mode', { value: mode, names: openidModeNames })}
          ${choice('登录结果', 'forgery', { value: forgery, names: { '': '如实签名', ...openidForgeryNames } })}
          <button class="btn">设置</button>
        </form>
        <p class="muted">登记的返回地址：${redirectUris.join('，') || '还没有'}</p>
      </section>
      <details class="card" ${failed ? 'open' : ''}>
        <summary>登记一个用户</summary>
        <form method="post" class="form">
          ${text('登录名', 'login')} ${text('单位名称', 'unitName')} ${text('统一社会信用代码', 'creditCode')}
          ${text('姓名', 'name')} ${text('身份证号码', 'idNumber')}
          <button class="btn btn-main">保存</button>
        </form>
      </details>
      <table class="table">
        <thead>
          <tr>
            <th>登录名</th>
            <th>单位</th>
            <th>本人</th>
          </tr>
        </thead>
        <tbody>
          ${users.map(
            (user) =>
              html`<tr>
                <td>${user.login}</td>
                <td>
                  ${user.unitName ?? '—'}<br /><span class="number muted">${user.creditCode ?? ''}</span>
                </td>
                <td>${user.name ?? '—'}<br /><span class="number muted">${user.idNumber ?? ''}</span></td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  );
}

/** Of two that come for one unit each is told by the own name. */
const titleOf = ({ unitName, name, login }: SandboxOpenidUser): string =>
  unitName !== undefined && name !== undefined ? `${name}（${unitName}）` : (unitName ?? name ?? login);

/** `undefined`: nobody is signing in under this address. */
export function openidSignInPage(sandbox: Sandbox | undefined): Html {
  if (!sandbox)
    return phonePage(
      '登录',
      html`<h1>没有这次登录</h1>
        <p>登录已经完成或已过期。请回到办理页面重新开始。</p>`,
    );
  const { name, users } = sandbox.openid();
  return phonePage(
    name,
    html`<h1>${name}登录，沙箱</h1>
      <p class="muted">这里不核对密码。请选择以谁的身份登录，登录即同意把单位和本人的信息告诉办理页面。</p>
      <form method="post" class="answers">
        ${users.map(
          (user) =>
            html`<button class="btn btn-main" name="login" value="${user.login}">${titleOf(user)}</button>`,
        )}
        <button class="btn btn-danger">取消登录</button>
      </form>`,
  );
}
