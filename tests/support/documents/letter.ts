import { demoLicence } from './business-licence.ts';
import { draw, paragraph, seal, text, whitePaper, wrapByWidth } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

/** Papers in plain prose: a title, paragraphs, who signs and when. */
export interface Letter {
  title: string;
  paragraphs: readonly string[];
  signer: string;
  signedOn?: string;
}

export const demoCommitment: Letter = {
  title: '告知承诺书',
  paragraphs: [
    '本单位郑重承诺：所填报的信息和上传的材料真实、准确、完整，愿意承担因虚假承诺引起的全部法律责任。',
  ],
  signer: `承诺单位：${demoLicence.companyName}`,
  signedOn: '2024年01月15日',
};
export const demoRepresentative: Letter = {
  title: '法定代表人资格证明书',
  paragraphs: [
    `单位名称：${demoLicence.companyName}`,
    `姓名：${demoLicence.legalRepresentative}`,
    '系本单位的法定代表人，特此证明。',
  ],
  signer: demoLicence.companyName,
  signedOn: '2024年01月15日',
};
export const demoArticles: Letter = {
  title: '公司章程',
  paragraphs: [
    '第一章　总则',
    `公司名称：${demoLicence.companyName}`,
    '第一条　为规范公司的组织和行为，依据有关法律，由股东共同制定本章程。',
    '第二条　公司设股东会，由全体股东组成；公司设执行董事一人、监事一人。',
  ],
  signer: '全体股东签字盖章',
};

export function drawLetter({ title, paragraphs, signer, signedOn = '' }: Letter): Promise<DocumentPicture> {
  let y = 74;
  const drawn = paragraphs.map((content) => {
    const part = paragraph(content, 28, y, { perLine: 30 });
    y += wrapByWidth(content, 30).length * 9 + 3;
    return part;
  });
  return draw(
    210,
    297,
    `${whitePaper(210, 297)}
    ${text(title, 105, 46, 11, { anchor: 'middle', weight: 700 })}
    ${drawn.join('')}
    ${text(signer, 70, y + 24, 5)}${text(signedOn, 120, y + 38, 5)}
    ${seal(140, y + 24, 18, demoLicence.companyName)}`,
  );
}
