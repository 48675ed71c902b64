/** The rows that the sandbox knows, each with its form: what is typed under a number that is known changes that row. */
import { chinaDay } from '#domain/primitives.ts';
import type { Sandbox } from '../open-state.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { choice, field, notice, page } from './layout.ts';

/** What did not go, with what had been typed. */
export interface Failed {
  problem: string;
  typed: Readonly<Record<string, string>>;
}

const businessStates = { active: '存续', revoked: '吊销', cancelled: '注销' } as const;
const keyStates = { valid: '有效', revoked: '已吊销' } as const;

export function personsPage(sandbox: Sandbox, failed?: Failed): Html {
  const { typed } = failed ?? {};
  return page(
    '/persons',
    '实名核验和手机二要素校验所依据的人员。身份证号码已有的，保存后改为新的姓名和手机号码。',
    notice(failed?.problem),
    html`<form method="post" class="card form">
        ${field('姓名', 'name', { value: typed?.['name'] })}
        ${field('身份证号码', 'idNumber', { value: typed?.['idNumber'], pattern: '[0-9]{17}[0-9X]' })}
        ${field('手机号码', 'mobile', { value: typed?.['mobile'], pattern: '1[3-9][0-9]{9}' })}
        <button class="btn btn-main">保存</button>
      </form>
      <table class="table">
        <thead>
          <tr>
            <th>姓名</th>
            <th>身份证号码</th>
            <th>手机号码</th>
          </tr>
        </thead>
        <tbody>
          ${sandbox.persons().map(
            ({ name, idNumber, mobile }) =>
              html`<tr>
                <td>${name}</td>
                <td class="number">${idNumber}</td>
                <td class="number">${mobile}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  );
}

export function businessesPage(sandbox: Sandbox, failed?: Failed): Html {
  return page(
    '/businesses',
    '工商备案登记的单位。填写的各项信息要与这里一致；改名、换法定代表人、吊销、注销都可以在这里试。',
    notice(failed?.problem),
    html`<details class="card" ${failed ? 'open' : ''}>
        <summary>登记一个单位</summary>
        ${businessForm(failed?.typed ?? {})}
      </details>
      ${sandbox.businesses().map(
        (business) =>
          html`<details class="card">
            <summary>
              <strong>${business.name}</strong>
              <span class="number">${business.creditCode}</span>
              <span>${business.legalRepresentative}</span>
              <span class="chip ${business.state === 'active' ? 'chip-good' : 'chip-bad'}"
                >${business.state === 'active' ? '✓' : '!'} ${businessStates[business.state]}</span
              >
            </summary>
            ${businessForm(business)}
          </details>`,
      )}`,
  );
}

function businessForm(values: Readonly<Record<string, string>>): Html {
  const text = (label: string, name: string): Html => field(label, name, { value: values[name] });
  return html`<form method="post" class="form">
    ${text('统一社会信用代码', 'creditCode')} ${text('名称', 'name')}
    ${text('法定代表人（负责人）', 'legalRepresentative')} ${text('类型', 'type')} ${text('住所', 'address')}
    ${text('注册资本', 'registeredCapital')}
    ${field('成立日期', 'establishedOn', {
      value: values['establishedOn'],
      pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2}',
      placeholder: '2020-01-31',
    })}
    ${choice('状态', 'state', { value: values['state'], names: businessStates })}
    <label class="field field-wide"
      ><span>经营范围</span
      ><textarea name="businessScope" rows="3" required>${values['businessScope'] ?? ''}</textarea>
    </label>
    <button class="btn btn-main">保存</button>
  </form>`;
}

export function keysPage(sandbox: Sandbox, failed?: Failed): Html {
  const { typed } = failed ?? {};
  return page(
    '/keys',
    'CA公司向单位签发的 UKey。序列号已有的，保存后改为新的内容。',
    notice(failed?.problem),
    html`<form method="post" class="card form">
        ${field('统一社会信用代码', 'creditCode', { value: typed?.['creditCode'] })}
        ${field('证书序列号', 'serial', { value: typed?.['serial'], pattern: '[0-9A-Fa-f]{2,64}' })}
        ${field('证书上的名称', 'holderName', { value: typed?.['holderName'] })}
        ${field('有效期起', 'validFrom', { value: typed?.['validFrom'], pattern: day, placeholder: '2025-01-01' })}
        ${field('有效期止', 'validUntil', { value: typed?.['validUntil'], pattern: day, placeholder: '2030-01-01' })}
        ${choice('状态', 'state', { value: typed?.['state'], names: keyStates })}
        <button class="btn btn-main">保存</button>
      </form>
      <table class="table">
        <thead>
          <tr>
            <th>单位</th>
            <th>证书序列号</th>
            <th>有效期</th>
            <th>状态</th>
          </tr>
        </thead>
        <tbody>
          ${sandbox.keys().map(
            (key) =>
              html`<tr>
                <td>${key.holderName}<br /><span class="number muted">${key.creditCode}</span></td>
                <td class="number">${key.serial}</td>
                <td>${chinaDay(key.validFrom)} 至 ${chinaDay(key.validUntil)}</td>
                <td>
                  <span class="chip ${key.state === 'valid' ? 'chip-good' : 'chip-bad'}"
                    >${key.state === 'valid' ? '✓' : '!'} ${keyStates[key.state]}</span
                  >
                </td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  );
}

const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
