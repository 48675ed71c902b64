import { demoLicence } from './business-licence.ts';
import { draw, frame, seal, text, wrap } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export interface ConstructionQualification {
  companyName: string;
  address: string;
  creditCode: string;
  legalRepresentative: string;
  registeredCapital: string;
  economicNature: string;
  certificateNumber: string;
  validUntil: string;
  qualificationCategoryAndGrade: string;
  issuingAuthority: string;
  issuedOn: string;
}

export const demoQualification: ConstructionQualification = {
  companyName: demoLicence.companyName,
  address: demoLicence.address,
  creditCode: demoLicence.creditCode,
  legalRepresentative: demoLicence.legalRepresentative,
  registeredCapital: '5000万元人民币',
  economicNature: '有限责任公司',
  certificateNumber: 'D221047365',
  validUntil: '2030年12月31日',
  qualificationCategoryAndGrade: '建筑工程施工总承包壹级',
  issuingAuthority: '辽宁省住房和城乡建设厅',
  issuedOn: '2025年12月31日',
};

export async function drawConstructionQualification(
  values: ConstructionQualification,
): Promise<DocumentPicture> {
  const table: [string, string][] = [
    ['企业名称', values.companyName],
    ['详细地址', values.address],
    ['统一社会信用代码', values.creditCode],
    ['法定代表人', values.legalRepresentative],
    ['注册资本', values.registeredCapital],
    ['经济性质', values.economicNature],
    ['证书编号', values.certificateNumber],
    ['有效期', values.validUntil],
    ['资质类别及等级', values.qualificationCategoryAndGrade],
  ];
  return draw(
    210,
    297,
    `${frame(210, 297, '#3f7f6f')}
    ${text('建筑业企业资质证书', 105, 62, 13, { anchor: 'middle', weight: 700 })}
    ${text('（副本）', 105, 72, 5.5, { anchor: 'middle' })}
    ${table
      .map(([label, value], index) => {
        const y = 96 + index * 14;
        return `${text(`${label}：`, 26, y, 5)}${wrap(value, 20)
          .map((line, row) => text(line, 76, y + row * 6.5, 5))
          .join('')}`;
      })
      .join('')}
    ${text('发证机关：', 100, 244, 5)}${text(values.issuingAuthority, 126, 244, 5)}
    ${text(values.issuedOn, 140, 256, 5)}
    ${seal(152, 245, 20, values.issuingAuthority)}`,
  );
}
