/** What a random paper of a document type says: each field's text as it is printed. */
import type { Field } from '#domain/catalogue/field.ts';
import type { Draws } from './draws.ts';
import type { Words } from './words.ts';

/** By field id; a list is printed as several lines of their own. */
export interface PaperValues {
  texts: Record<string, string>;
  /** Fields whose truth is a part of another field's text, or stands on no line of its own. */
  parts: ReadonlySet<string>;
}

type Make = (words: Words, draws: Draws) => PaperValues;
const whole = (texts: Record<string, string>, parts: string[] = []): PaperValues => ({
  texts,
  parts: new Set(parts),
});

const period = (words: Words, draws: Draws, to: readonly [number, number], open = 0.4): string => {
  const from = words.day(2001, 2022);
  const end = draws.chance(open) ? '长期' : words.date(words.day(...to));
  return draws.pick([`${words.date(from)}至${end}`, `自${words.date(from)}至${end}`]);
};

const makers: Readonly<Record<string, Make>> = {
  'business-licence': (words, draws) =>
    whole({
      companyName: words.company(),
      companyType: words.one('companyTypes'),
      creditCode: words.creditCode(),
      address: words.address(),
      legalRepresentative: words.person(),
      registeredCapital: words.capital(),
      registrationAuthority: words.authority(),
      businessTerm: draws.chance(0.25) ? '长期' : period(words, draws, [2028, 2050]),
      businessScope: words.scope(draws.whole(2, 9)),
      establishedOn: words.date(words.day(1996, 2024)),
    }),
  'construction-qualification'(words, draws) {
    const name = words.one('qualifications');
    const grade = words.one('grades');
    return whole(
      {
        companyName: words.company(),
        qualificationCategoryAndGrade: name + grade,
        qualificationName: name,
        grade,
        certificateNumber: `${draws.pick(['D', 'A', 'E', 'B'])}${draws.pick(['1', '2', '3'])}${draws.pick(['21', '43', '31'])}${draws.digits(6)}`,
        issuingAuthority: words.office(),
        validUntil: words.date(words.day(2026, 2031)),
        creditCode: words.creditCode(),
        legalRepresentative: words.person(),
        registeredCapital: words.capital(),
        address: words.address(),
        economicNature: words.one('companyTypes'),
      },
      ['qualificationName', 'grade'],
    );
  },
  'safety-production-licence'(words, draws) {
    const [province] = words.place();
    const from = words.day(2021, 2025);
    return whole({
      companyName: words.company(),
      certificateNumber: `（${province.slice(0, 1)}）JZ安许证字${draws.pick(['[2024]', '〔2023〕'])}${draws.digits(6)}`,
      validity: `${words.date(from)}至${words.date(`${String(Number(from.slice(0, 4)) + 3)}${from.slice(4)}`)}`,
      mainResponsible: words.person(),
      address: words.address(),
      economicType: words.one('companyTypes'),
      permittedScope: draws.pick(['建筑施工', '建筑施工（房屋建筑、市政）']),
      issuingAuthority: words.office(),
      issuedOn: words.date(from),
    });
  },
  'basic-deposit-account': (words, draws) =>
    whole({
      companyName: words.company(),
      accountNumber: draws.digits(draws.pick([16, 19, 20])).replace(/^0/u, '3'),
      bank: words.one('banks'),
      legalRepresentative: words.person(),
      accountCode: `J${draws.digits(13)}`,
    }),
  'award-notice': (words, draws) =>
    whole({
      sectionName: words.one('projects'),
      winner: words.company(),
      amount: words.amount(),
      projectManager: words.person(),
      tenderer: words.company(),
      sectionNumber: `ZB${draws.digits(4)}-${draws.digits(3)}`,
      awardedOn: words.date(words.day(2018, 2025)),
      duration: `${String(draws.whole(60, 900))}日历天`,
      quality: draws.pick(['合格', '符合国家验收规范合格标准', '优良']),
    }),
  'management-system-certificate': (words, draws) =>
    whole({
      companyName: words.company(),
      certificateName: draws.pick([
        '质量管理体系认证证书',
        '环境管理体系认证证书',
        '职业健康安全管理体系认证证书',
      ]),
      certificateNumber: `${draws.digits(3).replace(/^0/u, '1')}23${draws.pick(['Q', 'E', 'S'])}${draws.digits(5)}R${draws.digits(1)}M`,
      scope: `资质范围内的${words.scope(2).replace('。', '')}及相关管理活动`,
      validUntil: words.date(words.day(2026, 2029)),
      certifier: words.one('certifiers'),
      standard: draws.pick([
        'GB/T19001-2016/ISO9001:2015',
        'GB/T24001-2016/ISO14001:2015',
        'GB/T45001-2020/ISO45001:2018',
      ]),
      firstIssuedOn: words.date(words.day(2014, 2021)),
    }),
  'resident-id-card'(words, draws) {
    const born = words.day(1955, 2004);
    const sex = draws.pick(['男', '女']);
    const [year = '', month = '', day = ''] = born.split('-');
    const from = words.day(2008, 2022).replaceAll('-', '.');
    const [, city, district] = words.place();
    return whole({
      name: words.person(),
      sex,
      nation: words.one('nations'),
      bornOn: `${year}年${String(Number(month))}月${String(Number(day))}日`,
      address: words.address(),
      idNumber: words.idNumber(born, sex),
      issuer: `${city}公安局${district === '' ? '' : `${district.replace(/[区县市]$/u, '')}分局`}`,
      validity: `${from}-${draws.chance(0.3) ? '长期' : `${String(Number(from.slice(0, 4)) + 20)}${from.slice(4)}`}`,
    });
  },
};

/** Document types with values of their own; every other one of the catalogue is filled by its fields' kinds. */
export const knownDocuments = Object.keys(makers);

/** Texts for the fields; those that no text can be made for are left out. */
export function makeValues(
  documentType: string,
  fields: readonly Field[],
  words: Words,
  draws: Draws,
): PaperValues {
  const make = makers[documentType];
  if (make) return make(words, draws);
  const texts: Record<string, string> = {};
  for (const field of fields) {
    // A pattern or a passage ties a value to its document; only the makers above know such.
    if (!field.find || field.find.pattern !== undefined || field.find.passage !== undefined) continue;
    const text = byKind(field, words, draws);
    if (text !== undefined) texts[field.id] = text;
  }
  return whole(texts);
}

function byKind(field: Field, words: Words, draws: Draws): string | undefined {
  switch (field.kind) {
    case 'company-name':
      return words.company();
    case 'person-name':
      return words.person();
    case 'address':
      return words.address();
    case 'credit-code':
      return words.creditCode();
    case 'id-number':
      return words.idNumber(words.day(1960, 2002), draws.pick(['男', '女']));
    case 'date':
      return words.date(words.day(2010, 2025));
    case 'period':
      return field.precision === 'month' ? undefined : period(words, draws, [2026, 2035], 0.1);
    case 'money':
      return words.amount();
    case 'certificate-number':
      return `${draws.pick(['LN', 'HN', 'ZS', 'T'])}${draws.digits(4)}-${draws.digits(5)}`;
    case 'choice':
      return draws.pick(field.choices ?? [{ value: '', label: '' }]).label || undefined;
    case 'phone':
      return `024-${draws.digits(8).replace(/^0/u, '8')}`;
    case 'text':
      return field.dictionary === 'authorities'
        ? words.office()
        : field.dictionary === undefined
          ? undefined
          : undefined;
    case 'long-text':
      return words.scope(draws.whole(1, 3));
    case 'yes-no':
    case 'month':
      return undefined;
  }
}
