import type { ChainProblem } from './chain.ts';
import type { TimestampProblem } from './timestamp.ts';

/** Why a seal is refused: once, with what a person reads. */
export const sealProblems = {
  NOT_A_PDF: '文件已损坏或不是 PDF',
  ENCRYPTED: '文件设有密码',
  STRUCTURE_WRONG: '文件结构不符合规定',
  XREF_WRONG: '文件的交叉引用表与实际内容不一致',
  OBJECT_UNLISTED: '文件中夹有交叉引用表未列出的内容',
  OBJECT_FREED: '文件中有内容被标为删除',
  ROOT_CHANGED: '后来的改动更换了文件的目录',
  IDENTITY_CHANGED: '后来的改动更换了文件的说明或标识',
  FILE_INCOMPLETE: '文件不完整，结尾部分缺失',
  TOO_COMPLEX: '文件过于复杂或内容循环引用，已停止读取',
  NO_SIGNATURE: '文件没有签章',
  BYTE_RANGE_WRONG: '签章覆盖的范围不正确',
  CONTENTS_WRONG: '签章数据区格式不正确',
  PADDING_NOT_ZERO: '签章数据之后含有多余内容',
  END_WRONG: '签章范围不在文件结尾处',
  BYTES_AFTER_SIGNATURE: '签章之后文件又被改动',
  REVISION_WRONG: '签章写入文件的内容不符合规定',
  PAGES_WRONG: '页面不是由所列图片和填报内容组成的',
  CHANGED_BETWEEN_SIGNATURES: '两次签章之间文件内容被改动',
  SEAL_PICTURE_WRONG: '印章图形或骑缝章不符合规定',
  PROFILE_WRONG: '签章格式不符合规定',
  CMS_MALFORMED: '签章数据无法解析',
  SIGNER_COUNT_WRONG: '一个签章内的签名人数不正确',
  SIGNER_OF_OTHERS: '另有其他单位或人员的签章',
  SIGNER_CERTIFICATE_MISSING: '签章中缺少签名人证书',
  DIGEST_WRONG: '文件内容与签章时不一致',
  SIGNATURE_WRONG: '签名值不正确',
  SIGNATURE_NOT_NORMAL: '签名值不是规定的唯一写法，可能被他人改写过',
  CERTIFICATE_EXPIRED: '签章证书已过期',
  CERTIFICATE_NOT_YET_VALID: '签章证书尚未生效',
  CERTIFICATE_REVOKED: '签章证书已被吊销',
  REVOCATION_UNKNOWN: '无法确认签章证书是否已被吊销（吊销列表缺失或已过期）',
  CERTIFICATE_WRONG_USE: '签章证书不能用于签名',
  CERTIFICATE_WRONG_PURPOSE: '证书的扩展用途不包括文件签章',
  CERTIFICATE_OF_AUTHORITY: '签章所用的是 CA 机构自身的证书',
  CERTIFICATE_WEAK: '证书链中有不安全的算法或过短的密钥（SHA-1、MD5、不足 2048 位的 RSA 等）',
  CERTIFICATE_UNSUPPORTED: '证书链中有本系统不支持的签名算法或密钥',
  CERTIFICATE_MALFORMED: '签章证书的结构不符合规定',
  CERTIFICATE_EXTENSION_UNKNOWN: '证书链中有本系统无法判断的关键扩展项',
  CERTIFICATE_NAME_FORBIDDEN: '证书中的名称超出其 CA 机构获准签发的范围',
  CERTIFICATE_ISSUER_NOT_ALLOWED: '证书链中有证书的签发者无权签发该证书',
  CERTIFICATE_CHAIN_TOO_LONG: '签章证书到受信任 CA 机构之间的层级过多',
  CERTIFICATE_UNTRUSTED: '签章证书无法追溯到受信任的 CA 机构（机构不受信任，或缺少中级证书）',
  TIMESTAMP_MALFORMED: '时间戳格式不符合规定',
  TIMESTAMP_WRONG_IMPRINT: '时间戳不是为此签章签发的',
  TIMESTAMP_SIGNATURE_WRONG: '时间戳的签名值不正确',
  TIMESTAMP_UNTRUSTED: '时间戳不是受信任的时间戳机构签发',
  TIMESTAMP_ORDER: '时间戳的时间先后不合理',
  CERTIFICATE_UNKNOWN_EXTRA: '签章中夹带了无关证书',
} as const satisfies Record<string, string> & Record<ChainProblem | TimestampProblem, string>;

export type SealProblemCode = keyof typeof sealProblems;

export interface SealProblem {
  code: SealProblemCode;
  text: string;
  /** The signature field concerned; absent where the whole file is. */
  fieldName?: string;
}

export function sealProblem(code: SealProblemCode, fieldName?: string): SealProblem {
  return { code, text: sealProblems[code], ...(fieldName === undefined ? {} : { fieldName }) };
}
