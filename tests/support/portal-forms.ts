/** What a unit enters at Hunan's portal. */
import type { PortalDraft } from '#domain/contracts/portal/records.ts';
import { idNumberCheck } from '#domain/fields/check-digits.ts';
import type { Values } from '#domain/primitives.ts';

interface Unit {
  name: string;
  code: string;
}
/** A PNG that is one. */
export const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const idCard = (name: string) => {
  const body = '43010219880101001';
  return {
    ...{ name, sex: '男', nation: '汉', bornOn: '1988-01-01', address: '湖南省长沙市岳麓区1号' },
    ...{
      idNumber: `${body}${idNumberCheck(body)}`,
      issuer: '长沙市公安局',
      validity: '2016-01-01至2036-01-01',
    },
  };
};

export const licence = ({ name, code }: Unit) => ({
  ...{ companyName: name, companyType: '有限责任公司', creditCode: code, address: '湖南省长沙市' },
  ...{ legalRepresentative: '王建国', registrationAuthority: '长沙市市场监督管理局' },
  ...{ businessTerm: '2012-06-18至2042-06-17', businessScope: '房屋建筑工程施工' },
});

export const basicInfo = (unit: Unit, contactName: string) => ({
  form: {
    ...{ creditCode: unit.code, unitName: unit.name, unitKind: '企业', registeredPlace: '湖南省长沙市' },
    ...{ contactName, contactPhone: '13800138000' },
  },
  papers: { 'business-licence': licence(unit), 'legal-representative-id': idCard('王建国') },
});

export const qualification = ({ name }: Unit, certificateNumber: string) => ({
  answers: [
    { attribute: 'construction', qualificationType: '建筑工程施工总承包', business: '各类房屋建筑工程' },
  ],
  papers: {
    certificate: {
      ...{ companyName: name, qualificationName: '建筑工程施工总承包', grade: '一级' },
      ...{ qualificationCategoryAndGrade: '建筑工程施工总承包一级', certificateNumber },
      ...{ issuingAuthority: '湖南省住房和城乡建设厅', validUntil: '2035-04-01' },
    },
  },
});

export const award = ({ name }: Unit, honour: string) => ({
  papers: { certificate: { companyName: name, honour, authority: '湖南省建筑业协会' } },
});

export const achievementOf = ({ name }: Unit, projectManager: string) => {
  const work = { sectionName: '长沙市第一中学教学楼施工', projectManager, amount: '12000000元' };
  return {
    papers: {
      'award-notice': { ...work, winner: name, tenderer: '长沙市第一中学', awardedOn: '2025-03-01' },
      'construction-contract': {
        ...{
          ...work,
          principal: '长沙市第一中学',
          contractor: name,
          signedOn: '2025-04-01',
          hasChanged: '否',
        },
      },
    },
  };
};

/** Filled in and handed in at the portal by whoever holds the cookie, each paper with a picture. */
async function fileRecord(
  { url, cookie }: { url: string; cookie: string },
  kind: string,
  { form: said = {}, ...entered }: { form?: Values; answers?: Values[]; papers: Record<string, Values> },
  fileNames: Readonly<Record<string, string>> = {},
): Promise<string> {
  const at = `${url}/api/portals/hunan-unified-registration/drafts`;
  const send = async (method: string, path: string, type: string, body: BodyInit): Promise<PortalDraft> => {
    const answer = await fetch(`${at}${path}`, { method, headers: { cookie, 'content-type': type }, body });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as PortalDraft;
  };
  const json = 'application/json';
  let draft = await send('POST', '', json, JSON.stringify({ kind, role: 'unit' }));
  for (const slot of Object.keys(entered.papers)) {
    const named = `/files/${slot}?name=${encodeURIComponent(fileNames[slot] ?? `${slot}.png`)}`;
    draft = await send('POST', `/${draft.id}${named}`, 'image/png', onePixel);
  }
  const { id, answers, revision } = draft;
  const content = { answers, ...entered, form: { ...draft.form, ...said }, revision };
  await send('PUT', `/${id}`, json, JSON.stringify(content));
  const answer = await fetch(`${at}/${id}/handing-in`, { method: 'POST', headers: { cookie } });
  const { problems } = (await answer.json()) as { problems?: Record<string, string> };
  if (JSON.stringify(problems) !== '{}')
    throw new Error(`the record was not taken: ${JSON.stringify(problems)}`);
  return id;
}

export const fileBasicInfo = (
  asked: { url: string; cookie: string },
  unit: Unit,
  contactName: string,
): Promise<string> => fileRecord(asked, 'basic-info', basicInfo(unit, contactName));

/** Two lines of 资质列表 and its paper as a picture. */
export function fileQualification(
  url: string,
  cookie: string,
  {
    unit: { name, number: code },
    certificate,
  }: { unit: { name: string; number: string }; certificate: string },
): Promise<string> {
  const { answers, papers } = qualification({ name, code }, certificate);
  const second = { ...answers[0], qualificationType: '市政公用工程施工总承包' };
  const entered = { answers: [...answers, second], papers };
  return fileRecord({ url, cookie }, 'unit-qualification', entered, { certificate: '资质证书.png' });
}
