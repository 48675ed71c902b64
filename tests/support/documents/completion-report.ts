import { demoAward } from './award-notice.ts';
import { demoLicence } from './business-licence.ts';
import { draw, ruledTable, seal, text, whitePaper } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export const demoCompletion = {
  sectionName: demoAward.sectionName,
  scale: demoAward.scale,
  owner: demoAward.tenderer,
  surveyor: '辽宁省岩土工程勘察院有限公司',
  designer: '沈阳市建筑设计研究院有限公司',
  supervisor: '辽宁正阳工程监理有限公司',
  contractor: demoLicence.companyName,
  startedOn: '2024年04月20日',
  acceptedOn: '2025年10月12日',
  qualityGrade: '合格',
  conclusion: '工程已按设计和合同约定的内容完成，质量符合验收规范，资料齐全，同意通过竣工验收。',
};
export type CompletionReport = typeof demoCompletion;

export function drawCompletionReport(values: CompletionReport): Promise<DocumentPicture> {
  const wide: [string, string][] = [
    ['工程名称', values.sectionName],
    ['工程规模', values.scale],
    ['建设单位', values.owner],
    ['勘察单位', values.surveyor],
    ['设计单位', values.designer],
    ['监理单位', values.supervisor],
    ['施工单位', values.contractor],
  ];
  const style = { rowMm: 13, size: 4.6 };
  const parties = ruledTable(wide, 22, 48, [32, 134], style);
  const days = [['开工日期', values.startedOn, '竣工验收日期', values.acceptedOn]];
  const dates = ruledTable(days, 22, parties.bottomMm, [32, 48, 36, 50], style);
  const ending: [string, string][] = [
    ['质量等级', values.qualityGrade],
    ['验收结论', values.conclusion],
  ];
  const result = ruledTable(ending, 22, dates.bottomMm, [32, 134], style);
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${text('工程竣工验收报告', 105, 36, 11, { anchor: 'middle', weight: 700 })}
    ${parties.drawing}${dates.drawing}${result.drawing}
    ${text('建设单位（公章）', 120, 236, 4.6)}
    ${seal(142, 242, 18, values.owner)}`,
  );
}
