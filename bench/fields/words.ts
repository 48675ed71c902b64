/** Names, places, numbers and sums as they stand on papers, drawn at random. Places that no dictionary knows are among them. */
import { creditCodeCheck, idNumberCheck, organisationCodeCheck } from '#domain/fields/check-digits.ts';
import type { Draws } from './draws.ts';

const places = [
  ['辽宁省', '沈阳市', '浑南区'],
  ['辽宁省', '鞍山市', '海城市'],
  ['湖南省', '长沙市', '岳麓区'],
  ['湖南省', '郴州市', '桂阳县'],
  ['上海市', '上海市', '金山区'],
  ['云南省', '大理白族自治州', '祥云县'],
  ['新疆维吾尔自治区', '伊犁哈萨克自治州', '霍城县'],
  ['内蒙古自治区', '通辽市', '科尔沁区'],
  ['广西壮族自治区', '柳州市', '鱼峰区'],
  ['陕西省', '榆林市', '神木市'],
  ['四川省', '凉山彝族自治州', '西昌市'],
  ['北京市', '北京市', '朝阳区'],
  ['江苏省', '苏州市', '昆山市'],
  ['西藏自治区', '日喀则市', '江孜县'],
  ['海南省', '儋州市', ''],
  // Made up: a clear reading must outweigh a list of places.
  ['云岭省', '青屏市', '石桥区'],
  ['江北省', '临川州', '白塔县'],
] as const;
const streets = [
  '新天地街',
  '人民路',
  '道义南大街',
  '丈八街办高新三路',
  '林宝路',
  '蒲河大道',
  '建设北路',
  '滨江西路',
  '解放街',
  '花园里',
];
const tails = [
  '',
  '3幢354室',
  '海佳云顶B座1502室',
  '附8号',
  '铜讯大厦七楼',
  '2号楼3单元1101室',
  '（产业园内）',
  '甲9号',
];
const tradeNames = [
  '沈北',
  '恒远',
  '鑫达',
  '博瑞',
  '中科',
  '华宸',
  '顿宇',
  '安博',
  '如高',
  '科沃',
  '泓泰',
  '四方',
  '金马',
  '瑞麟',
  '诚信',
  '天目',
];
const industries = [
  '建设工程',
  '电子科技',
  '建筑安装',
  '机械设备',
  '市政园林',
  '仓储设备',
  '信息技术',
  '商贸',
  '劳务',
  '节能环保',
  '装饰工程',
  '电气',
];
const forms = ['有限公司', '有限责任公司', '股份有限公司', '集团有限公司', '工程有限公司'];
const surnames = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕',
  '欧阳',
  '司马',
];
const given = [...'建国明辉志强伟丽娟秀英敏静磊军洋勇艳杰涛超鹏霞平刚桂芳翰煜玥璟祺昊淼钰琛'];
const scopes = [
  '房屋建筑工程施工',
  '市政公用工程施工',
  '建筑装修装饰工程',
  '建筑材料销售',
  '电力设备、高低压成套开关柜的制造',
  '货物与技术的进出口经营（国家限制、禁止的除外）',
  '计算机软硬件技术开发、技术咨询',
  '仓储设备，货架，五金交电销售',
  '园林绿化工程设计与施工',
  '普通货物道路运输',
  '机电设备安装',
  '水利水电工程',
  '环保设备研发',
  '劳务派遣',
  '服装，鞋帽，针织品，日用百货零售',
];
const companyTypes = [
  '有限责任公司',
  '有限责任公司（自然人投资或控股）',
  '有限责任公司（自然人独资）',
  '有限责任公司（法人独资）',
  '股份有限公司（非上市）',
  '有限责任公司（国内合资）',
  '其他有限责任公司',
  '个人独资企业',
  '有限责任公司（非自然人投资或控股的法人独资）',
];
const nations = ['汉', '满', '蒙古', '回', '维吾尔', '苗', '彝', '土家', '哈萨克', '朝鲜'];
const projects = [
  '蒲河新城安置房二期工程',
  '滨江路道路改造工程',
  '第三中学教学楼新建项目',
  '人民医院门诊楼施工一标段',
  '城东污水处理厂扩建工程',
  '青屏大桥加固工程',
  '恒远广场幕墙工程',
  '老旧小区改造项目（三期）',
];
const banks = [
  '中国工商银行股份有限公司沈阳浑南支行',
  '中国建设银行长沙岳麓支行',
  '招商银行昆山支行',
  '中国农业银行股份有限公司海城支行',
  '上海浦东发展银行金山支行',
];
const qualifications = [
  '建筑工程施工总承包',
  '市政公用工程施工总承包',
  '机电工程施工总承包',
  '建筑装修装饰工程专业承包',
  '钢结构工程专业承包',
  '消防设施工程专业承包',
  '防水防腐保温工程专业承包',
  '地基基础工程专业承包',
  '建筑幕墙工程专业承包',
  '电子与智能化工程专业承包',
];
const grades = ['壹级', '贰级', '叁级', '一级', '二级', '三级', '特级'];
const authorityEnds = ['市场监督管理局', '行政审批局', '行政审批服务局', '工商行政管理局'];
const builders = ['住房和城乡建设厅', '住房和城乡建设局', '行政审批服务局'];
const certifiers = [
  '北京中建协认证中心有限公司',
  '华夏认证中心有限公司',
  '方圆标志认证集团有限公司',
  '中质协质量保证中心认证有限公司',
];
const codeSigns = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const numerals = '零壹贰叁肆伍陆柒捌玖';

export interface Words {
  place(): readonly [province: string, city: string, district: string];
  person(): string;
  company(): string;
  address(): string;
  creditCode(): string;
  /** 15 digits, as licences carried before 2015. */
  registrationNumber(): string;
  idNumber(born: string, sex: string): string;
  day(fromYear: number, toYear: number): string;
  date(iso: string): string;
  capital(): string;
  amount(): string;
  scope(parts: number): string;
  authority(): string;
  office(): string;
  one(list: WordList): string;
}
const lists = { companyTypes, nations, projects, banks, qualifications, grades, certifiers };
export type WordList = keyof typeof lists;

export function createWords(draws: Draws): Words {
  const place = () => draws.pick(places);
  const company = (): string => {
    const [province, city] = place();
    const where = draws.pick([city, city.replace(/[市州]$/u, ''), province, '']);
    const name = draws.pick(tradeNames) + draws.pick(industries);
    if (draws.chance(0.12))
      return `${draws.pick(tradeNames)}电子（${city.slice(0, 2)}）${draws.pick(forms.slice(0, 1))}`;
    return where + name + draws.pick(forms);
  };
  const date = (iso: string): string => {
    const [year = '', month = '', day = ''] = iso.split('-');
    return draws.pick([
      `${year}年${month}月${day}日`,
      `${year}年${month}月${day}日`,
      `${year}年${String(Number(month))}月${String(Number(day))}日`,
      `${year}-${month}-${day}`,
      `${year}.${month}.${day}`,
    ]);
  };
  return {
    place,
    person: () => draws.pick(surnames) + draws.pick(given) + (draws.chance(0.75) ? draws.pick(given) : ''),
    company,
    address() {
      const [province, city, district] = place();
      return `${province}${city === province ? '' : city}${district}${draws.pick(streets)}${String(draws.whole(1, 999))}号${draws.pick(tails)}`;
    },
    creditCode() {
      const body =
        draws.pick(['91', '92', '93', '91']) +
        draws.pick(['2101', '4301', '3101', '5329', '6101']) +
        draws.digits(2);
      const organ = Array.from({ length: 8 }, () => draws.pick([...codeSigns])).join('');
      const head = body + organ + (organisationCodeCheck(organ) ?? '0');
      return head + (creditCodeCheck(head) ?? '0');
    },
    registrationNumber: () => draws.pick(['210100', '310228', '430100', '610131']) + draws.digits(9),
    idNumber(born, sex) {
      const serial = draws.digits(2) + String(draws.whole(0, 4) * 2 + (sex === '男' ? 1 : 0));
      const body = draws.pick(['210102', '430104', '310116', '532923']) + born.replaceAll('-', '') + serial;
      return body + idNumberCheck(body);
    },
    day: (from, to) =>
      `${String(draws.whole(from, to))}-${String(draws.whole(1, 12)).padStart(2, '0')}-${String(draws.whole(1, 28)).padStart(2, '0')}`,
    date,
    capital() {
      const hundreds = draws.whole(1, 9);
      const sign = numerals.charAt(hundreds);
      return draws.pick([
        `${sign}佰万元整`,
        `人民币${sign}仟万元整`,
        `${String(hundreds * 100)}万元人民币`,
        `${sign}佰伍拾万元人民币`,
        `${sign}仟万圆整`,
        `${String(hundreds)}000万元`,
      ]);
    },
    amount: () =>
      draws.pick([
        `${String(draws.whole(100, 9999))}.${draws.digits(2)}万元`,
        `人民币${String(draws.whole(1000000, 99999999))}.${draws.digits(2)}元`,
        `¥${draws.whole(1000000, 99999999).toLocaleString('en')}.${draws.digits(2)}元`,
      ]),
    scope: (parts) => `${draws.shuffle(scopes).slice(0, parts).join('；')}。`,
    authority() {
      const [, city, district] = place();
      return (draws.chance(0.5) ? city + district : city) + draws.pick(authorityEnds);
    },
    office() {
      const [province, city] = place();
      const end = draws.pick(builders);
      return (end.endsWith('厅') ? province : city) + end;
    },
    one: (list) => draws.pick(lists[list]),
  };
}
