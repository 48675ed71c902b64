import { demoAward } from './award-notice.ts';
import { demoLicence } from './business-licence.ts';
import { draw, seal, text, whitePaper, wrapByWidth } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export const demoContract = {
  contractNumber: 'HT-2024-SG-0318',
  sectionName: demoAward.sectionName,
  principal: demoAward.tenderer,
  contractor: demoLicence.companyName,
  location: '辽宁省沈阳市沈北新区蒲河大道88号',
  content: '施工图纸范围内的土建、给排水、电气及室外配套工程',
  duration: '540天',
  quality: '合格',
  amountInWords: '壹亿贰仟捌佰伍拾陆万元整',
  amount: '128560000.00元',
  projectManager: demoAward.projectManager,
  signedOn: '2024年04月02日',
};
export type ConstructionContract = typeof demoContract;

/** Three pages of the model contract: cover, agreement, the sheet with the seals. */
export function drawConstructionContract(values: ConstructionContract): Promise<DocumentPicture[]> {
  return Promise.all([drawCover(values), drawAgreement(values), drawSignatures(values)]);
}

function drawCover(values: ConstructionContract): Promise<DocumentPicture> {
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${text(`合同编号：${values.contractNumber}`, 120, 36, 4.8)}
    ${text('建设工程施工合同', 105, 110, 14, { anchor: 'middle', weight: 700 })}
    ${text(`发包人：${values.principal}`, 48, 186, 5.4)}
    ${text(`承包人：${values.contractor}`, 48, 200, 5.4)}`,
  );
}

function drawAgreement(values: ConstructionContract): Promise<DocumentPicture> {
  const lines = [
    `发包人（全称）：${values.principal}`,
    `承包人（全称）：${values.contractor}`,
    '根据有关法律规定，遵循平等、自愿、公平和诚实信用的原则，双方就下述工程施工及有关事项协商一致，共同达成如下协议：',
    '一、工程概况',
    `1.工程名称：${values.sectionName}。`,
    `2.工程地点：${values.location}。`,
    '3.资金来源：企业自筹。',
    `4.工程承包范围：${values.content}。`,
    '二、合同工期',
    `工期总日历天数：${values.duration}。`,
    '三、质量标准',
    `工程质量符合${values.quality}标准。`,
    '四、签约合同价与合同价格形式',
    '1.签约合同价为：',
    `人民币（大写）${values.amountInWords}（¥${values.amount}）。`,
    '五、项目经理',
    `承包人项目经理：${values.projectManager}。`,
  ];
  let y = 58;
  const drawn = lines.map((line) => {
    const rows = wrapByWidth(line, 30);
    const part = rows.map((row, index) => text(row, 28, y + index * 8, 4.8)).join('');
    y += rows.length * 8 + 2.4;
    return part;
  });
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${text('第一部分　合同协议书', 105, 40, 8, { anchor: 'middle', weight: 700 })}
    ${drawn.join('')}`,
  );
}

function drawSignatures(values: ConstructionContract): Promise<DocumentPicture> {
  const promise = '承包人承诺按照法律规定及合同约定组织完成工程施工，确保工程质量和安全。';
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${wrapByWidth(promise, 30)
      .map((row, index) => text(row, 28, 40 + index * 8, 4.8))
      .join('')}
    ${text(`本合同于${values.signedOn}签订。`, 28, 66, 4.8)}
    ${text('本合同一式捌份，均具有同等法律效力。', 28, 78, 4.8)}
    ${text('发包人：（公章）', 30, 120, 4.8)}${text('承包人：（公章）', 118, 120, 4.8)}
    ${text('法定代表人：（签字）', 30, 142, 4.8)}${text('法定代表人：（签字）', 118, 142, 4.8)}
    ${seal(56, 128, 18, values.principal)}${seal(146, 128, 18, values.contractor)}`,
  );
}
