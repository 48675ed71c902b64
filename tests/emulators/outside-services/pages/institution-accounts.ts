/** The accounts of institutions in business systems, with the code that each one's token shows now. */
import { oneTimeCode } from '../one-time-codes.ts';
import type { Sandbox } from '../open-state.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { field, notice, page } from './layout.ts';
import type { Failed } from './registers.ts';

export function institutionAccountsPage(sandbox: Sandbox, failed?: Failed): Html {
  const typed = failed?.typed ?? {};
  const text = (label: string, name: string): Html => field(label, name, { value: typed[name] });
  return page(
    '/institution-accounts',
    '机构在业务系统中已有的账号。动态口令每 30 秒更换一次，用过即失效；刷新本页看当前的口令。账号已有的，保存后改为新的内容。',
    notice(failed?.problem),
    html`<form method="post" class="card form">
        ${text('业务系统', 'system')} ${text('账号', 'account')} ${text('单位名称', 'name')}
        ${text('机构类型', 'kind')} ${text('统一社会信用代码或组织机构代码', 'code')}
        ${field('密钥的证书序列号（可不填）', 'keySerial', { value: typed['keySerial'], isOptional: true })}
        <button class="btn btn-main">保存</button>
      </form>
      <table class="table">
        <thead>
          <tr>
            <th>账号</th>
            <th>单位</th>
            <th>机构类型</th>
            <th>当前动态口令</th>
          </tr>
        </thead>
        <tbody>
          ${sandbox.institutionAccounts().map(
            ({ system, account, name, kind, code, otpSecret }) =>
              html`<tr>
                <td class="number">${account}<br /><span class="muted">${system}</span></td>
                <td>${name}<br /><span class="number muted">${code}</span></td>
                <td>${kind}</td>
                <td class="number">${oneTimeCode(otpSecret, Date.now()) ?? '没有令牌'}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  );
}
