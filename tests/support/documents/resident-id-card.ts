import { draw, sans, text, wrapByWidth } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

/** The same person as on the simulated card reader's card. */
export const demoIdCard = {
  name: '王建国',
  sex: '男',
  nation: '汉',
  bornOn: '1975年6月12日',
  address: '辽宁省沈阳市沈河区样例街18号3单元501室',
  idNumber: '210103197506120014',
  issuer: '沈阳市公安局沈河分局',
  validity: '2015.08.20-2035.08.20',
};
export type ResidentIdCard = typeof demoIdCard;

const blue = '#2d6f9e';
const ground = '<rect width="85.6" height="54" fill="#e9f1f4"/>';

export function drawIdCardFront(values: ResidentIdCard): Promise<DocumentPicture> {
  const label = (content: string, x: number, y: number) =>
    text(content, x, y, 2.5, { family: sans, colour: blue });
  const value = (content: string, x: number, y: number, size = 3) =>
    text(content, x, y, size, { family: sans });
  return draw(
    85.6,
    54,
    `${ground}
    ${label('姓名', 7, 9.5)}${value(values.name, 16, 9.6, 3.4)}
    ${label('性别', 7, 16)}${value(values.sex, 16, 16)}${label('民族', 26, 16)}${value(values.nation, 34, 16)}
    ${label('出生', 7, 22.4)}${value(values.bornOn, 16, 22.4)}
    ${label('住址', 7, 29)}${wrapByWidth(values.address, 11)
      .map((line, index) => value(line, 16, 29 + index * 4.4))
      .join('')}
    ${label('公民身份号码', 7, 48)}${value(values.idNumber, 29, 48, 3.7)}
    <rect x="59" y="7" width="21" height="29" fill="#cfd8dc"/><circle cx="69.5" cy="18" r="5.6" fill="#b08d78"/>
    <path d="M59 36 Q69.5 21 80 36 Z" fill="#37474f"/>`,
  );
}

export function drawIdCardBack(values: ResidentIdCard): Promise<DocumentPicture> {
  return draw(
    85.6,
    54,
    `${ground}<circle cx="15" cy="16" r="8" fill="#c9373e"/>
    ${text('中华人民共和国', 52, 15, 4.6, { anchor: 'middle' })}
    ${text('居民身份证', 52, 25, 6.4, { anchor: 'middle', weight: 700 })}
    ${text('签发机关', 15, 40, 2.6, { family: sans })}${text(values.issuer, 32, 40, 2.9, { family: sans })}
    ${text('有效期限', 15, 47, 2.6, { family: sans })}${text(values.validity, 32, 47, 2.9, { family: sans })}`,
  );
}
