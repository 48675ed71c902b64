import { demoLicence } from './business-licence.ts';
import { draw, ruledTable, seal, text, whitePaper } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export const demoAccount = {
  companyName: demoLicence.companyName,
  accountNumber: '2110010400123456',
  bank: '中国农业银行股份有限公司沈阳沈北支行',
  legalRepresentative: demoLicence.legalRepresentative,
  accountCode: 'J2210012345602',
};
export type BasicDepositAccount = typeof demoAccount;

/** The sheet that banks hand out since the permit is no longer issued. */
export function drawBasicDepositAccount(values: BasicDepositAccount): Promise<DocumentPicture> {
  const cells: [string, string][] = [
    ['账户名称', values.companyName],
    ['账户号码', values.accountNumber],
    ['开户银行', values.bank],
    ['法定代表人', values.legalRepresentative],
    ['基本存款账户编号', values.accountCode],
  ];
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${text('基本存款账户信息', 105, 46, 10, { anchor: 'middle', weight: 700 })}
    ${ruledTable(cells, 25, 64, [46, 114], { rowMm: 14, size: 4.8 }).drawing}
    ${seal(150, 176, 17, values.bank)}`,
  );
}
