/**
 * The vendors' programs that own a reader and answer over HTTP on this machine, one entry a family: what is asked, and
 * what the answer means. Field names and codes are theirs.
 */
import { z } from 'zod';
import type { WebCardReaderDriver } from '#domain/catalogue/drivers.ts';
import type { CardKind, CardPhoto, IdCard } from '../../ports/card-reader.ts';

export interface ServiceRequest {
  method: 'GET' | 'POST';
  /** Below the service's address, with its query. */
  path: string;
}

export type ServiceAnswer =
  | { kind: 'card'; card: IdCard }
  /** Nothing lies there, or it could not be read yet: ask again. */
  | { kind: 'no-card' }
  | { kind: 'busy' }
  | { kind: 'no-reader' }
  /** A card was there and failed. `said`: the program's own words, which name no person. */
  | { kind: 'failed'; said: string };

export interface ServiceFamily {
  /** Answered by a program that runs, whatever lies on the reader. */
  probe: ServiceRequest;
  /** Waits `seconds` for a card where the program can do that. */
  read: (seconds: number) => ServiceRequest;
  /** Throws when the answer has not the family's shape. */
  parse: (body: unknown) => ServiceAnswer;
}

export const serviceFamilies = {
  // 新中新: GET /api/ReadMsg; `retcode` holds the module's status and that of the photo's decoding.
  'read-msg': {
    probe: { method: 'GET', path: '/api/Version' },
    read: (seconds) => ({ method: 'GET', path: `/api/ReadMsg?waitTime=${seconds}` }),
    parse(body) {
      const answer = readMsgSchema.parse(body);
      if (answer.code !== '0') return meaningOf(`${answer.retmsg} ${answer.errmsg}`);
      const kind = readMsgKinds[answer.CardType];
      const [nationName = '', nationalityCode = ''] = answer.nation.split('/');
      const isForeigner = kind === 'foreigner-2017' || kind === 'foreigner-2023';
      return card({
        kind,
        name: answer.name || answer.EngName,
        englishName: answer.EngName,
        sex: answer.sex,
        nation: kind === 'resident' ? nationName : '',
        nationality: isForeigner ? nationalityCode : '',
        bornOn: answer.born,
        address: answer.address,
        number: answer.cardno,
        issuer: isForeigner ? '' : answer.police,
        passNumber: kind === 'hmt-residence' ? answer.PassID : '',
        validFrom: answer.userlifeb,
        validTo: answer.userlifee,
        photoBase64: answer.photobase64,
      });
    },
  },
  // 良田: POST /card=idcard; reads what lies there now, residents' cards only.
  'card-idcard': {
    probe: { method: 'POST', path: '/device=isconnect' },
    read: () => ({ method: 'POST', path: '/card=idcard' }),
    parse(body) {
      const answer = cardIdcardSchema.parse(body);
      if (answer.code !== 0 || !answer.IDCardInfo) return meaningOf(`${answer.msg} ${answer.message}`);
      const info = answer.IDCardInfo;
      return card({
        kind: 'resident',
        name: info.name,
        sex: info.sex,
        nation: info.nation,
        bornOn: info.birthday,
        address: info.address,
        number: info.cardID,
        issuer: info.issueOrgan,
        validFrom: info.validStart,
        validTo: info.validEnd,
        photoBase64: info.photoBase64,
      });
    },
  },
  // 华视 and 精伦: POST /api/readCert; `gender` is a digit there.
  'read-cert': {
    probe: { method: 'POST', path: '/api/getStatus' },
    read: () => ({ method: 'POST', path: '/api/readCert' }),
    parse(body) {
      const answer = readCertSchema.parse(body);
      if (answer.resultFlag !== 0 || !answer.resultContent) return meaningOf(answer.errorMsg);
      const content = answer.resultContent;
      return card({
        kind: 'resident',
        name: content.partyName,
        sex: { '1': '男', '0': '女', '2': '女' }[content.gender] ?? content.gender,
        nation: content.nation,
        bornOn: content.bornDay,
        address: content.certAddress,
        number: content.certNumber,
        issuer: content.certOrg,
        validFrom: content.effDate,
        validTo: content.expDate,
        photoBase64: content.identityPic,
      });
    },
  },
} satisfies Record<WebCardReaderDriver['family'], ServiceFamily>;

/** Texts may be missing, null or a number; bounded, since a page of this machine could answer in the program's place. */
const text = z
  .union([z.string().max(400), z.number(), z.null()])
  .optional()
  .transform((value) => (value === null || value === undefined ? '' : String(value).trim()));
const picture = z
  .string()
  .max(2_000_000)
  .nullish()
  .transform((value) => value ?? '');

const readMsgKinds = {
  '0': 'resident',
  '1': 'foreigner-2017',
  '2': 'hmt-residence',
  '3': 'foreigner-2023',
} as const satisfies Record<string, CardKind>;

const readMsgSchema = z.object({
  code: z.union([z.string(), z.number()]).transform(String),
  retmsg: text,
  errmsg: text,
  name: text,
  EngName: text,
  sex: text,
  nation: text,
  born: text,
  address: text,
  cardno: text,
  userlifeb: text,
  userlifee: text,
  police: text,
  PassID: text,
  CardType: text.pipe(z.enum(['0', '1', '2', '3']).catch('0')),
  photobase64: picture,
});

const cardIdcardSchema = z.object({
  code: z.coerce.number(),
  msg: text,
  message: text,
  IDCardInfo: z
    .object({
      name: text,
      sex: text,
      nation: text,
      birthday: text,
      address: text,
      cardID: text,
      issueOrgan: text,
      validStart: text,
      validEnd: text,
      photoBase64: picture,
    })
    .optional(),
});

const readCertSchema = z.object({
  resultFlag: z.coerce.number(),
  errorMsg: text,
  resultContent: z
    .object({
      partyName: text,
      gender: text,
      nation: text,
      bornDay: text,
      certAddress: text,
      certNumber: text,
      certOrg: text,
      effDate: text,
      expDate: text,
      identityPic: picture,
    })
    .nullish(),
});

/** The programs tell their failures apart in words only. */
function meaningOf(said: string): ServiceAnswer {
  if (/正忙|读卡中/.test(said)) return { kind: 'busy' };
  if (/未连接|端口|没有.*读卡器|打开.*失败/.test(said)) return { kind: 'no-reader' };
  if (/寻卡|找卡|无卡|未放|放卡|没有卡|超时/.test(said)) return { kind: 'no-card' };
  return { kind: 'failed', said: said.trim().slice(0, 80) };
}

/** An answer that calls itself good and names nobody is none. */
function card({
  photoBase64,
  ...texts
}: Record<'name' | 'sex' | 'bornOn' | 'number' | 'validFrom' | 'validTo', string> & {
  kind: CardKind;
  photoBase64: string;
} & Partial<
    Record<'englishName' | 'nation' | 'nationality' | 'address' | 'issuer' | 'passNumber', string>
  >): ServiceAnswer {
  if (texts.name === '' || texts.number === '') return { kind: 'failed', said: 'answer without a name' };
  const photo = photoOf(photoBase64);
  const { kind, name, sex, number, englishName, nation, nationality, address, issuer, passNumber } = texts;
  return {
    kind: 'card',
    card: {
      kind,
      name,
      sex,
      number,
      ...(englishName ? { englishName } : {}),
      ...(nation ? { nation: nation.replace(/族$/, '') } : {}),
      ...(nationality ? { nationality } : {}),
      ...(address ? { address } : {}),
      ...(issuer ? { issuer } : {}),
      ...(passNumber ? { passNumber } : {}),
      bornOn: dayOf(texts.bornOn),
      validFrom: dayOf(texts.validFrom),
      validTo: dayOf(texts.validTo),
      ...(photo ? { photo } : {}),
      samId: '',
    },
  };
}

/** `19881118`, `1988.11.18` and `1988-11-18` alike; anything else (长期) stays as it is. */
function dayOf(written: string): string {
  const match = /^(\d{4})[-./]?(\d{2})[-./]?(\d{2})$/.exec(written);
  return match ? match.slice(1).join('-') : written;
}

function photoOf(base64: string): CardPhoto | undefined {
  const bytes = Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');
  const mime = pictureKindOf(bytes);
  return mime ? { mime, bytes } : undefined;
}

/** By the first bytes, since nobody says what it is. */
export function pictureKindOf(bytes: Uint8Array): CardPhoto['mime'] | undefined {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (head.startsWith('\xff\xd8')) return 'image/jpeg';
  if (head === '\x89PNG') return 'image/png';
  if (head.startsWith('BM')) return 'image/bmp';
  return undefined;
}
