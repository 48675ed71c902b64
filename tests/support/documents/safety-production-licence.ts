import { demoLicence } from './business-licence.ts';
import { draw, frame, seal, text, wrapByWidth } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export const demoSafetyLicence = {
  certificateNumber: '（辽）JZ安许证字[2024]012345',
  companyName: demoLicence.companyName,
  mainResponsible: demoLicence.legalRepresentative,
  address: demoLicence.address,
  economicType: '有限责任公司',
  permittedScope: '建筑施工',
  validity: '2024年05月20日至2027年05月19日',
  issuingAuthority: '辽宁省住房和城乡建设厅',
  issuedOn: '2024年05月20日',
};
export type SafetyProductionLicence = typeof demoSafetyLicence;

export function drawSafetyProductionLicence(values: SafetyProductionLicence): Promise<DocumentPicture> {
  const table: [string, string][] = [
    ['单位名称', values.companyName],
    ['主要负责人', values.mainResponsible],
    ['单位地址', values.address],
    ['经济类型', values.economicType],
    ['许可范围', values.permittedScope],
    ['有效期', values.validity],
  ];
  return draw(
    297,
    210,
    `${frame(297, 210, '#8a6d3b')}
    ${text('安全生产许可证', 148.5, 44, 15, { anchor: 'middle', weight: 700 })}
    ${text('（副本）', 148.5, 56, 5.5, { anchor: 'middle' })}
    ${text('编号：', 170, 68, 4.6)}${text(values.certificateNumber, 184, 68, 4.6)}
    ${table
      .map(([label, value], index) => {
        const y = 82 + index * 13;
        return `${text(`${label}：`, 40, y, 5)}${wrapByWidth(value, 30)
          .map((line, row) => text(line, 72, y + row * 6.5, 5))
          .join('')}`;
      })
      .join('')}
    ${text('发证机关：', 165, 168, 5)}${text(values.issuingAuthority, 191, 168, 5)}
    ${text('发证日期：', 165, 180, 5)}${text(values.issuedOn, 191, 180, 5)}
    ${seal(222, 172, 19, values.issuingAuthority)}`,
  );
}
