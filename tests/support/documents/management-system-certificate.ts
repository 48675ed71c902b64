import { demoLicence } from './business-licence.ts';
import { draw, frame, seal, text, wrapByWidth } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export const demoManagementSystem = {
  certificateName: '质量管理体系认证证书',
  certificateNumber: '03423Q10286R1M',
  companyName: demoLicence.companyName,
  creditCode: demoLicence.creditCode,
  address: demoLicence.address,
  standard: 'GB/T 19001-2016/ISO 9001:2015',
  scope: '资质范围内的建筑工程施工总承包、市政公用工程施工总承包及相关管理活动',
  firstIssuedOn: '2020年04月16日',
  issuedOn: '2026年04月10日',
  validUntil: '2029年04月15日',
  certifier: '北方中衡认证有限公司',
};
export type ManagementSystemCertificate = typeof demoManagementSystem;

export function drawManagementSystemCertificate(
  values: ManagementSystemCertificate,
): Promise<DocumentPicture> {
  const centred = (content: string, y: number, size: number, weight = 400) =>
    text(content, 105, y, size, { anchor: 'middle', weight });
  return draw(
    210,
    297,
    `${frame(210, 297, '#2f6da0')}
    ${centred(values.certificateName, 50, 11, 700)}
    ${centred(`证书编号：${values.certificateNumber}`, 64, 5)}
    ${centred('兹证明', 80, 5.5)}
    ${centred(values.companyName, 94, 7, 700)}
    ${centred(`统一社会信用代码：${values.creditCode}`, 105, 4.4)}
    ${centred(`注册地址：${values.address}`, 114, 4.4)}
    ${centred('建立的管理体系符合标准：', 130, 5)}
    ${centred(values.standard, 141, 6, 700)}
    ${centred('通过认证范围如下：', 156, 5)}
    ${wrapByWidth(values.scope, 24)
      .map((line, index) => centred(line, 167 + index * 8, 5))
      .join('')}
    ${text(`首次发证日期：${values.firstIssuedOn}`, 36, 202, 4.6)}
    ${text(`本次发证日期：${values.issuedOn}`, 36, 211, 4.6)}
    ${text(`有效期至：${values.validUntil}`, 36, 220, 4.6)}
    ${text('认证机构：', 110, 246, 4.8)}${text(values.certifier, 134, 246, 4.8)}
    ${seal(155, 244, 18, values.certifier)}`,
  );
}
