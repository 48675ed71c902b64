import { demoAward } from './award-notice.ts';
import { demoLicence } from './business-licence.ts';
import { draw, seal, text, whitePaper, wrapByWidth } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export const demoAttorney = {
  companyName: demoLicence.companyName,
  legalRepresentative: demoLicence.legalRepresentative,
  agentName: '李晓东',
  agentIdNumber: '210105198803120034',
  projectName: demoAward.sectionName,
  term: '自签署之日起90日历天',
  signedOn: '2024年02月20日',
};
export type PowerOfAttorney = typeof demoAttorney;

export function drawPowerOfAttorney(values: PowerOfAttorney): Promise<DocumentPicture> {
  const paragraphs = [
    `　　本人${values.legalRepresentative}（姓名）系${values.companyName}（投标人名称）的法定代表人，现委托${values.agentName}（姓名）为我方代理人。代理人根据授权，以我方名义签署、澄清、递交、撤回、修改${values.projectName}投标文件、签订合同和处理有关事宜，其法律后果由我方承担。`,
    `　　委托期限：${values.term}。`,
    '　　代理人无转委托权。',
  ];
  let y = 70;
  const drawn = paragraphs.map((content) => {
    const lines = wrapByWidth(content, 30);
    const part = lines.map((line, index) => text(line, 28, y + index * 9, 5)).join('');
    y += lines.length * 9 + 3;
    return part;
  });
  const signed: [string, string][] = [
    ['投标人', `${values.companyName}（盖单位章）`],
    ['法定代表人', `${values.legalRepresentative}（签字）`],
    ['委托代理人', `${values.agentName}（签字）`],
    ['身份证号码', values.agentIdNumber],
  ];
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${text('授权委托书', 105, 46, 12, { anchor: 'middle', weight: 700 })}
    ${drawn.join('')}
    ${signed.map(([label, value], index) => text(`${label}：${value}`, 70, 176 + index * 12, 5)).join('')}
    ${text(values.signedOn, 120, 232, 5)}
    ${seal(132, 178, 19, values.companyName)}`,
  );
}
