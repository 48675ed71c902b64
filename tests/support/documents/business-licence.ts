import { drawCode } from './codes.ts';
import { draw, frame, rows, sans, seal, text } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export interface BusinessLicence {
  companyName: string;
  creditCode: string;
  companyType: string;
  legalRepresentative: string;
  registeredCapital: string;
  establishedOn: string;
  businessTerm: string;
  address: string;
  businessScope: string;
  registrationAuthority: string;
  issuedOn: string;
}

export const demoLicence: BusinessLicence = {
  companyName: '辽宁沈北建设工程有限公司',
  creditCode: '91210113MA0P4XU88E',
  companyType: '有限责任公司',
  legalRepresentative: '王建国',
  registeredCapital: '人民币伍仟万元整',
  establishedOn: '2012年06月18日',
  businessTerm: '2012年06月18日至2042年06月17日',
  address: '辽宁省沈阳市沈北新区道义南大街37号',
  businessScope: '房屋建筑工程施工；市政公用工程施工；建筑装修装饰工程施工；建筑材料销售。',
  registrationAuthority: '沈阳市沈北新区市场监督管理局',
  issuedOn: '2023年03月09日',
};

/** `code` is what the QR code at the top right says; without it none is drawn. */
export async function drawBusinessLicence(
  values: BusinessLicence,
  { code }: { code?: string } = {},
): Promise<DocumentPicture> {
  const qr = code === undefined ? '' : await drawCode(code, { x: 240, y: 26, sideMm: 28 });
  const left: [string, string][] = [
    ['名称', values.companyName],
    ['类型', values.companyType],
    ['法定代表人', values.legalRepresentative],
    ['经营范围', values.businessScope],
  ];
  const right: [string, string][] = [
    ['注册资本', values.registeredCapital],
    ['成立日期', values.establishedOn],
    ['营业期限', values.businessTerm],
    ['住所', values.address],
  ];
  return draw(
    297,
    210,
    `${frame(297, 210, '#b08d3c')}
    ${text('营 业 执 照', 148.5, 52, 17, { anchor: 'middle', weight: 700 })}
    ${text('（副 本）', 148.5, 63, 6, { anchor: 'middle' })}
    ${text(`统一社会信用代码`, 30, 42, 4.4)}
    ${text(values.creditCode, 30, 50, 5.2, { family: sans })}
    ${rows(left, 30, 82, 30, 19)}
    ${rows(right, 160, 82, 30, 17)}
    ${text('登记机关', 190, 165, 5)}
    ${text(values.registrationAuthority, 190, 173, 4.6)}
    ${text(values.issuedOn, 205, 188, 5)}
    ${qr}
    ${seal(232, 172, 19, values.registrationAuthority)}`,
  );
}
