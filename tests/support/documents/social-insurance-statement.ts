import { demoAward } from './award-notice.ts';
import { demoLicence } from './business-licence.ts';
import { draw, ruledTable, seal, text, whitePaper } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export const demoInsurance = {
  name: demoAward.projectManager,
  idNumber: '210102198509230014',
  companyName: demoLicence.companyName,
  /** Insurance, months, number of months, base. */
  rows: [
    ['企业职工基本养老保险', '2023年01月至2024年06月', '18', '6500.00'],
    ['失业保险', '2023年01月至2024年06月', '18', '6500.00'],
    ['工伤保险', '2023年03月至2024年06月', '16', '6500.00'],
  ],
  office: '沈阳市社会保险事业服务中心',
  printedOn: '2024年07月05日',
  checkCode: 'A7K2M9X4',
};
export type SocialInsuranceStatement = typeof demoInsurance;

export function drawSocialInsuranceStatement(values: SocialInsuranceStatement): Promise<DocumentPicture> {
  const table = ruledTable(
    [['险种类型', '缴费起止时间', '缴费月数', '缴费基数'], ...values.rows],
    22,
    80,
    [54, 62, 24, 28],
  );
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${text('社会保险个人参保证明', 105, 40, 10, { anchor: 'middle', weight: 700 })}
    ${text(`姓名：${values.name}`, 24, 60, 4.8)}${text(`身份证号：${values.idNumber}`, 92, 60, 4.8)}
    ${text(`参保单位：${values.companyName}`, 24, 71, 4.8)}
    ${table.drawing}
    ${text(`校验码：${values.checkCode}`, 24, 150, 4.8)}
    ${text(`经办机构：${values.office}`, 92, 170, 4.8)}
    ${text(`打印日期：${values.printedOn}`, 92, 182, 4.8)}
    ${seal(142, 174, 18, values.office)}`,
  );
}
