import { draw, frame, rows, sans, seal, text } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export interface UnitCertificate {
  unitName: string;
  creditCode: string;
  address: string;
  representative: string;
}

/** 事业单位法人证书. */
export function drawUnitCertificate(values: UnitCertificate): Promise<DocumentPicture> {
  const left: [string, string][] = [
    ['名称', values.unitName],
    ['法定代表人', values.representative],
    ['住所', values.address],
    ['经费来源', '财政补助'],
  ];
  const right: [string, string][] = [
    ['开办资金', '人民币壹仟万元'],
    ['举办单位', '云南省住房和城乡建设厅'],
    ['宗旨和业务范围', '建筑技术研究与推广'],
  ];
  return draw(
    297,
    210,
    `${frame(297, 210, '#8c2f2f')}
    ${text('事业单位法人证书', 148.5, 50, 14, { anchor: 'middle', weight: 700 })}
    ${text('统一社会信用代码', 30, 68, 4.4)}
    ${text(values.creditCode, 72, 68, 5.2, { family: sans })}
    ${rows(left, 30, 88, 30, 19)}
    ${rows(right, 168, 88, 38, 14)}
    ${text('登记管理机关', 190, 165, 5)}
    ${seal(232, 172, 19, '云南省事业单位登记管理局')}`,
  );
}
