import { demoLicence } from './business-licence.ts';
import { draw, paragraph, ruledTable, seal, text, whitePaper, wrapByWidth } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export const demoAward = {
  sectionName: '沈北新区蒲河新城安置房二期工程施工一标段',
  sectionNumber: 'LNSY2024-SG-0186-01',
  tenderer: '沈阳蒲河建设投资有限公司',
  agency: '辽宁中信达工程项目管理有限公司',
  winner: demoLicence.companyName,
  amount: '128,560,000.00元',
  projectManager: '赵明辉',
  duration: '540日历天',
  quality: '合格',
  scale: '总建筑面积86500平方米，地上18层，地下1层，框架剪力墙结构',
  awardedOn: '2024年03月12日',
};
export type AwardNotice = typeof demoAward;

/** The form with a table, as trading centres print it. */
export function drawAwardNotice(values: AwardNotice): Promise<DocumentPicture> {
  const cells: [string, string][] = [
    ['招标人', values.tenderer],
    ['招标代理机构', values.agency],
    ['标段名称', values.sectionName],
    ['标段编号', values.sectionNumber],
    ['建设规模', values.scale],
    ['中标人', values.winner],
    ['中标价', values.amount],
    ['项目负责人', values.projectManager],
    ['工期', values.duration],
    ['质量标准', values.quality],
  ];
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${text('中标通知书', 105, 40, 12, { anchor: 'middle', weight: 700 })}
    ${ruledTable(cells, 25, 56, [38, 122], { rowMm: 13, size: 4.8 }).drawing}
    ${text('招标人：（盖单位章）', 110, 236, 4.8)}
    ${text(values.awardedOn, 130, 250, 5)}
    ${seal(150, 238, 19, values.tenderer)}`,
  );
}

/** The letter of the standard tender documents: everything stands in sentences. */
export function drawAwardLetter(values: AwardNotice): Promise<DocumentPicture> {
  const body = [
    `　　你方于2024年02月26日所递交的${values.sectionName}（标段名称）投标文件已被我方接受，被确定为中标人。`,
    `　　中标价：${values.amount}。`,
    `　　工期：${values.duration}。`,
    `　　工程质量：符合${values.quality}标准。`,
    `　　项目经理：${values.projectManager}（姓名）。`,
    '　　请你方在接到本通知书后的30日内到我方签订施工承包合同。',
  ];
  let y = 84;
  const drawn = body.map((sentence) => {
    const part = paragraph(sentence, 28, y, { perLine: 30 });
    y += wrapByWidth(sentence, 30).length * 9 + 3;
    return part;
  });
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${text('中标通知书', 105, 46, 12, { anchor: 'middle', weight: 700 })}
    ${text(`${values.winner}：`, 28, 68, 5)}
    ${drawn.join('')}
    ${text('招标人：', 96, 208, 5)}${text(`${values.tenderer}（盖单位章）`, 116, 208, 5)}
    ${text(values.awardedOn, 130, 226, 5)}
    ${seal(140, 214, 19, values.tenderer)}`,
  );
}
