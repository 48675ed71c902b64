import { html } from './html.ts';
import type { Html } from './html.ts';
import { field, notice, page } from './layout.ts';

interface SentAnswer {
  status: number;
  body: Readonly<Record<string, unknown>>;
}

export const approvalWorksPath = '/approval-works';

/** `sent`: what the server answered to the work that was sent last. */
export function approvalWorksPage({
  typed,
  problem,
  sent,
}: { typed?: Readonly<Record<string, string>>; problem?: string; sent?: SentAnswer } = {}): Html {
  const text = (label: string, name: string, value = ''): Html =>
    field(label, name, { value: typed?.[name] ?? value });
  const optional = (label: string, name: string): Html =>
    field(label, name, { value: typed?.[name], isOptional: true });
  return page(
    approvalWorksPath,
    '工改系统的报监工程。“推送”把工程送到服务器；同一工程再次推送，版本号须更大。人员须已在人员库中。',
    notice(problem),
    sent !== undefined && html`<p class="notice" role="status">${saidOf(sent)}</p>`,
    html`<form method="post" class="card form">
      ${text('服务器地址', 'server', 'http://127.0.0.1:8720')}
      ${text('业务', 'programme', 'yunnan-quality-safety')} ${text('版本号', 'version', '1')}
      ${text('工程编号', 'id')} ${text('工程名称', 'name')} ${text('建设单位统一社会信用代码', 'unit')}
      ${text('主管部门', 'authority')} ${text('监督机构', 'supervisor')}
      ${optional('合同登记编号', 'contractNumber')} ${optional('施工许可证编号', 'permitNumber')}
      ${optional('人员身份证号', 'person')} ${optional('人员姓名', 'personName')}
      ${optional('人员岗位（如 safety-officer）', 'post')}
      <button class="btn btn-main">推送</button>
    </form>`,
  );
}

function saidOf({ status, body }: SentAnswer): string {
  if (status === 200) return `服务器已接收：${String(body['result'])}，版本 ${String(body['version'])}`;
  const details = body['details'];
  return `服务器没有接收（${status}）：${String(body['message'])} ${details === undefined ? '' : JSON.stringify(details)}`;
}

/** The message that the fields come to. */
export const pushOf = (typed: Readonly<Record<string, string>>): unknown => {
  const { id, name, unit, authority, supervisor, contractNumber, permitNumber, person, post } = typed;
  return {
    version: Number(typed['version']),
    work: {
      ...{ id, name, unit, authority, supervisor, units: [], details: {} },
      ...(contractNumber ? { contractNumber } : {}),
      ...(permitNumber ? { permitNumber } : {}),
    },
    staff: person ? [{ person, name: typed['personName'], post }] : [],
  };
};
