/**
 * Labels as papers of all provinces and years print them, beside those that a document type's file lists: `seen` ones are
 * known to development, `unseen` ones stand on the pages of unseen families alone.
 */
import type { DocumentType } from '#domain/catalogue/schema.ts';
import type { Field } from '#domain/catalogue/field.ts';
import type { Draws } from './draws.ts';

interface World {
  seen: readonly string[];
  unseen: readonly string[];
  english: string;
}

const world: Readonly<Record<string, World>> = {
  companyName: {
    seen: ['企业名称', '单位名称', '公司名称'],
    unseen: ['主体名称', '企业（单位）名称', '申请单位名称'],
    english: 'Name of Enterprise',
  },
  companyType: {
    seen: ['类型', '企业类型', '公司类型'],
    unseen: ['组织形式', '市场主体类型'],
    english: 'Type',
  },
  creditCode: {
    seen: ['统一社会信用代码', '社会信用代码'],
    unseen: ['统一代码', '统一社会信用代码/注册号'],
    english: 'Unified Social Credit Code',
  },
  address: {
    seen: ['住所', '地址', '详细地址', '注册地址'],
    unseen: ['企业住所', '单位住所', '通讯地址'],
    english: 'Address',
  },
  legalRepresentative: {
    seen: ['法定代表人', '负责人', '法定代表人姓名'],
    unseen: ['法人代表', '法定代表人（负责人）'],
    english: 'Legal Representative',
  },
  registeredCapital: {
    seen: ['注册资本', '注册资金'],
    unseen: ['注册资本（金）', '认缴注册资本'],
    english: 'Registered Capital',
  },
  registrationAuthority: {
    seen: ['登记机关', '发照机关'],
    unseen: ['登记部门', '颁发机关'],
    english: 'Registration Authority',
  },
  businessTerm: {
    seen: ['营业期限', '经营期限'],
    unseen: ['经营期限自', '营业有效期'],
    english: 'Term of Operation',
  },
  businessScope: {
    seen: ['经营范围'],
    unseen: ['经营范围及方式', '业务经营范围'],
    english: 'Business Scope',
  },
  establishedOn: {
    seen: ['成立日期', '注册日期'],
    unseen: ['成立时间', '设立日期'],
    english: 'Date of Establishment',
  },
  qualificationCategoryAndGrade: {
    seen: ['资质类别及等级', '资质等级'],
    unseen: ['资质类别和等级', '资质项及等级'],
    english: 'Qualification Category and Grade',
  },
  certificateNumber: {
    seen: ['证书编号', '编号', '证书号'],
    unseen: ['证书号码', '证号'],
    english: 'Certificate No.',
  },
  issuingAuthority: {
    seen: ['发证机关', '发证单位'],
    unseen: ['颁发机关', '发证部门'],
    english: 'Issued by',
  },
  validUntil: {
    seen: ['有效期至', '有效期'],
    unseen: ['证书有效期至', '有效截止日期'],
    english: 'Valid until',
  },
  economicNature: { seen: ['经济性质'], unseen: ['经济类型'], english: 'Economic Nature' },
  validity: {
    seen: ['有效期', '有效期限'],
    unseen: ['证书有效期', '有效期间'],
    english: 'Period of Validity',
  },
  mainResponsible: {
    seen: ['主要负责人'],
    unseen: ['企业主要负责人', '单位负责人'],
    english: 'Person in Charge',
  },
  economicType: { seen: ['经济类型'], unseen: ['企业经济类型', '经济性质'], english: 'Economic Type' },
  permittedScope: {
    seen: ['许可范围'],
    unseen: ['许可内容', '安全生产许可范围'],
    english: 'Permitted Scope',
  },
  issuedOn: { seen: ['发证日期'], unseen: ['颁证日期', '签发日期'], english: 'Date of Issue' },
  accountNumber: { seen: ['账户号码', '账号'], unseen: ['银行账户号码', '存款账号'], english: 'Account No.' },
  bank: { seen: ['开户银行', '开户行'], unseen: ['开户银行名称', '开户机构'], english: 'Bank' },
  accountCode: {
    seen: ['基本存款账户编号', '核准号'],
    unseen: ['基本存款账户核准号'],
    english: 'Account Code',
  },
  sectionName: {
    seen: ['工程名称', '项目名称', '标段名称'],
    unseen: ['中标工程名称', '招标项目名称'],
    english: 'Project',
  },
  winner: {
    seen: ['中标人', '中标单位'],
    unseen: ['中标单位全称', '中标企业'],
    english: 'Successful Bidder',
  },
  amount: { seen: ['中标价', '中标金额'], unseen: ['中标总价款', '中标价（元）'], english: 'Contract Price' },
  projectManager: {
    seen: ['项目经理', '项目负责人'],
    unseen: ['拟派项目经理', '建造师姓名'],
    english: 'Project Manager',
  },
  tenderer: { seen: ['招标人', '建设单位'], unseen: ['招标人（业主）', '业主单位'], english: 'Tenderer' },
  sectionNumber: {
    seen: ['招标编号', '标段编号', '项目编号'],
    unseen: ['招标项目编号', '标号'],
    english: 'Tender No.',
  },
  awardedOn: { seen: ['中标日期', '发出日期'], unseen: ['定标日期'], english: 'Date of Award' },
  duration: { seen: ['中标工期', '工期'], unseen: ['合同工期', '施工工期'], english: 'Duration' },
  quality: { seen: ['质量标准', '工程质量标准'], unseen: ['工程质量', '质量等级'], english: 'Quality' },
  scope: {
    seen: ['认证范围', '覆盖范围'],
    unseen: ['认证所覆盖的范围', '体系覆盖范围'],
    english: 'Scope of Certification',
  },
  certifier: {
    seen: ['认证机构', '发证机构'],
    unseen: ['认证单位', '颁证单位'],
    english: 'Certification Body',
  },
  standard: { seen: ['认证标准', '符合标准'], unseen: ['体系标准', '认证依据'], english: 'Standard' },
  firstIssuedOn: {
    seen: ['首次发证日期', '初次发证日期'],
    unseen: ['初次获证日期', '首次颁证日期'],
    english: 'First issued on',
  },
};

/** `isUnseen`: the page belongs to an unseen family, where a quarter of the labels are unknown to development too. */
export function labelFor(document: DocumentType, field: Field, draws: Draws, isUnseen: boolean): string {
  const known = field.find?.labels ?? [];
  const own = world[field.id];
  if (document.id === 'resident-id-card') return known[0] ?? field.label;
  if (isUnseen && own && draws.chance(0.25)) return draws.pick(own.unseen);
  const list = [...known.slice(0, 3), ...(own?.seen ?? [])];
  return list.length > 0 ? draws.pick(list) : field.label;
}

export const englishFor = (field: Field): string => world[field.id]?.english ?? 'Particulars';
