/**
 * Fictional certificates as pictures, for tests and for the simulated camera. They are drawn as such papers look
 * (border, guilloche, seal over the authority), with fonts of the system; nothing here is known to the reader.
 */
import sharp from 'sharp';

export interface CertificatePicture {
  png: Uint8Array;
  widthMm: number;
  heightMm: number;
}

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

export interface ConstructionQualification {
  companyName: string;
  address: string;
  creditCode: string;
  legalRepresentative: string;
  registeredCapital: string;
  economicNature: string;
  certificateNumber: string;
  validUntil: string;
  qualificationCategoryAndGrade: string;
  issuingAuthority: string;
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

export const demoQualification: ConstructionQualification = {
  companyName: demoLicence.companyName,
  address: demoLicence.address,
  creditCode: demoLicence.creditCode,
  legalRepresentative: demoLicence.legalRepresentative,
  registeredCapital: '5000万元人民币',
  economicNature: '有限责任公司',
  certificateNumber: 'D221047365',
  validUntil: '2030年12月31日',
  qualificationCategoryAndGrade: '建筑工程施工总承包壹级',
  issuingAuthority: '辽宁省住房和城乡建设厅',
  issuedOn: '2025年12月31日',
};

/** Pixels a millimetre of the drawing: 300 dots an inch. */
const pxPerMm = 300 / 25.4;
const serif = 'Noto Serif CJK SC, AR PL UMing CN, serif';
const sans = 'Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif';

export async function drawBusinessLicence(values: BusinessLicence): Promise<CertificatePicture> {
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
    ${seal(232, 172, 19, values.registrationAuthority)}`,
  );
}

export async function drawConstructionQualification(
  values: ConstructionQualification,
): Promise<CertificatePicture> {
  const table: [string, string][] = [
    ['企业名称', values.companyName],
    ['详细地址', values.address],
    ['统一社会信用代码', values.creditCode],
    ['法定代表人', values.legalRepresentative],
    ['注册资本', values.registeredCapital],
    ['经济性质', values.economicNature],
    ['证书编号', values.certificateNumber],
    ['有效期', values.validUntil],
    ['资质类别及等级', values.qualificationCategoryAndGrade],
  ];
  return draw(
    210,
    297,
    `${frame(210, 297, '#3f7f6f')}
    ${text('建筑业企业资质证书', 105, 62, 13, { anchor: 'middle', weight: 700 })}
    ${text('（副本）', 105, 72, 5.5, { anchor: 'middle' })}
    ${table
      .map(([label, value], index) => {
        const y = 96 + index * 14;
        return `${text(`${label}：`, 26, y, 5)}${wrap(value, 20)
          .map((line, row) => text(line, 76, y + row * 6.5, 5))
          .join('')}`;
      })
      .join('')}
    ${text('发证机关：', 100, 244, 5)}${text(values.issuingAuthority, 126, 244, 5)}
    ${text(values.issuedOn, 140, 256, 5)}
    ${seal(152, 245, 20, values.issuingAuthority)}`,
  );
}

function rows(items: [string, string][], x: number, top: number, indent: number, perLine: number): string {
  let y = top;
  return items
    .map(([label, value]) => {
      const lines = wrap(value, perLine);
      const drawn = `${text(spread(label), x, y, 5, { weight: 700 })}${lines.map((line, row) => text(line, x + indent, y + row * 6.6, 4.8)).join('')}`;
      y += 13 + (lines.length - 1) * 6.6;
      return drawn;
    })
    .join('');
}

/** Labels of two characters are spread, as printers do. */
function spread(label: string): string {
  return label.length === 2 ? `${label[0] ?? ''}　　${label[1] ?? ''}` : label;
}

function wrap(value: string, perLine: number): string[] {
  const characters = [...value];
  const lines: string[] = [];
  for (let at = 0; at < characters.length; at += perLine)
    lines.push(characters.slice(at, at + perLine).join(''));
  return lines;
}

function text(
  content: string,
  x: number,
  y: number,
  size: number,
  options: { anchor?: 'middle'; weight?: number; family?: string } = {},
): string {
  const { anchor, weight = 400, family = serif } = options;
  return `<text x="${x}" y="${y}" font-size="${size}" font-family="${family}" font-weight="${weight}" fill="#1c1c1c" ${anchor ? `text-anchor="${anchor}"` : ''}>${content.replace(/[&<>]/g, '')}</text>`;
}

function frame(width: number, height: number, colour: string): string {
  const waves = Array.from({ length: 22 }, (_, index) => {
    const y = 20 + index * ((height - 40) / 21);
    return `<path d="M12 ${y} Q ${width / 4} ${y - 6} ${width / 2} ${y} T ${width - 12} ${y}" fill="none" stroke="${colour}" stroke-width="0.16" opacity="0.35"/>`;
  });
  return `<rect width="${width}" height="${height}" fill="#fdfcf7"/>${waves.join('')}
    <rect x="9" y="9" width="${width - 18}" height="${height - 18}" fill="none" stroke="${colour}" stroke-width="1.6"/>
    <rect x="12" y="12" width="${width - 24}" height="${height - 24}" fill="none" stroke="${colour}" stroke-width="0.5"/>`;
}

function seal(x: number, y: number, radius: number, authority: string): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const angle = -Math.PI / 2 + (index * Math.PI) / 5;
    const reach = index % 2 === 0 ? radius * 0.32 : radius * 0.13;
    return `${x + reach * Math.cos(angle)},${y + reach * Math.sin(angle)}`;
  }).join(' ');
  const characters = [...authority];
  const spanDeg = 250;
  const letters = characters.map((character, index) => {
    const angle = -spanDeg / 2 + (spanDeg * (index + 0.5)) / characters.length;
    return `<text x="${x}" y="${y - radius * 0.68}" font-size="${radius * 0.24}" font-family="${serif}" text-anchor="middle" fill="#d0202a" transform="rotate(${angle} ${x} ${y})">${character}</text>`;
  });
  return `<g opacity="0.72"><circle cx="${x}" cy="${y}" r="${radius}" fill="none" stroke="#d0202a" stroke-width="${radius * 0.06}"/>
    <polygon points="${points}" fill="#d0202a"/>${letters.join('')}</g>`;
}

async function draw(widthMm: number, heightMm: number, content: string): Promise<CertificatePicture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.round(widthMm * pxPerMm)}" height="${Math.round(heightMm * pxPerMm)}" viewBox="0 0 ${widthMm} ${heightMm}">${content}</svg>`;
  return { png: await sharp(Buffer.from(svg)).png().toBuffer(), widthMm, heightMm };
}
