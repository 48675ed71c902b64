import type { Sandbox } from '../open-state.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { field, notice, page } from './layout.ts';
import type { Failed } from './registers.ts';

export function marketPage(sandbox: Sandbox, failed?: Failed): Html {
  const { typed } = failed ?? {};
  const text = (label: string, name: string): Html => field(label, name, { value: typed?.[name] });
  const optional = (label: string, name: string): Html =>
    field(`${label}（可不填）`, name, { value: typed?.[name], isOptional: true });
  return page(
    '/market',
    '全国建筑市场监管公共服务平台上企业的资质；填了身份证号码的，是该人员注册在企业的资格。编号已有的，保存后改为新的内容。',
    notice(failed?.problem),
    html`<form method="post" class="card form">
        ${text('统一社会信用代码', 'creditCode')} ${text('平台编号', 'id')} ${text('资质或证书名称', 'name')}
        ${text('证书编号', 'number')} ${optional('等级', 'grade')} ${optional('资质类别及等级', 'lines')}
        ${optional('发证机关', 'authority')} ${optional('有效期至', 'validUntil')}
        ${optional('适用范围', 'scope')} ${optional('人员身份证号码', 'idNumber')}
        ${optional('人员姓名', 'person')} ${optional('注册专业', 'speciality')}
        <button class="btn btn-main">保存</button>
      </form>
      <table class="table">
        <thead>
          <tr>
            <th>企业</th>
            <th>人员</th>
            <th>名称</th>
            <th>证书编号</th>
            <th>有效期至</th>
          </tr>
        </thead>
        <tbody>
          ${sandbox.market().map(
            ({ creditCode, idNumber, person, name, grade, number, validUntil }) =>
              html`<tr>
                <td class="number">${creditCode}</td>
                <td>${person ?? '—'}<br /><span class="number muted">${idNumber ?? ''}</span></td>
                <td>${name} ${grade ?? ''}</td>
                <td class="number">${number}</td>
                <td>${validUntil ?? '长期'}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  );
}
