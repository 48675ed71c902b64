import type { Sandbox } from '../open-state.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { field, notice, page } from './layout.ts';
import type { Failed } from './registers.ts';

export function qualificationsPage(sandbox: Sandbox, failed?: Failed): Html {
  const { typed } = failed ?? {};
  const text = (label: string, name: string): Html => field(label, name, { value: typed?.[name] });
  return page(
    '/qualifications',
    '人员的注册和考核证书。同一人员的同一种资格，保存后改为新的内容；有效期留空为长期。',
    notice(failed?.problem),
    html`<form method="post" class="card form">
        ${text('身份证号码', 'idNumber')} ${text('资格名称', 'kind')} ${text('证书编号', 'number')}
        ${field('有效期至', 'validUntil', { value: typed?.['validUntil'], placeholder: '2030-01-01', isOptional: true })}
        <button class="btn btn-main">保存</button>
      </form>
      <table class="table">
        <thead>
          <tr>
            <th>身份证号码</th>
            <th>资格名称</th>
            <th>证书编号</th>
            <th>有效期至</th>
          </tr>
        </thead>
        <tbody>
          ${sandbox.qualifications().map(
            ({ idNumber, kind, number, validUntil }) =>
              html`<tr>
                <td class="number">${idNumber}</td>
                <td>${kind}</td>
                <td class="number">${number}</td>
                <td>${validUntil ?? '长期'}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  );
}
