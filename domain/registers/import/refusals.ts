/** Why a line of a file is not taken into the register, and what to do about it. */

interface Words {
  because: string;
  action: string;
}
const words = (because: string, action: string): Words => ({ because, action });

export const importRefusals = {
  'open-quote': words(
    '从这一行起有没有结束的引号，后面的行没有读到',
    '请在表格软件中打开，检查这一行的引号，另存为 CSV 后重新导入',
  ),
  'stray-quote': words('引号后面还有内容', '请在表格软件中打开，检查这一行的引号，另存为 CSV 后重新导入'),
  'line-break': words('单元格里有换行', '请删去换行；没有换行的，检查这一行的引号是否成对'),
  garbled: words('有认不出的字（乱码或问号）', '请对照原件补正这些字，另存为“CSV UTF-8”后重新导入'),
  'cell-count': words('列数与表头不符', '请对照表头检查这一行是否缺列或多列'),
  missing: words('必填项是空的', '请补填后重新导入'),
  'too-long': words('内容太长', '请缩短后重新导入'),
  'id-number': words(
    '身份证号不正确（校验位、日期或地区不符）',
    '请对照证件核对；表格软件会把长数字改写，请先把该列设为文本',
  ),
  'credit-code': words('统一社会信用代码不正确（校验位不符）', '请对照营业执照逐位核对 18 位代码'),
  'unit-pairs': words('参建单位的名称与代码个数不一致', '请使名称和代码一一对应，多家单位用分号隔开'),
  date: words('日期不正确', '请写成 2025-03-01'),
  'date-order': words('日期在今天之后，或离任早于任职', '请核对任职日期和离任日期'),
  'state-unknown': words('工程状态不明', '请填写 在建 或 竣工'),
  'post-unknown': words('没有这种岗位', '请填写本业务的岗位名称'),
  'stock-unknown': words('存量一栏不明', '请填写 是 或 否，或留空'),
  'person-differs': words(
    '登记簿中该身份证号已是另一姓名或单位',
    '请核对；登记簿的内容不会被导入改写，确需更改的请在系统中办理',
  ),
  'work-differs': words(
    '登记簿中该工程编号的内容不同',
    '请核对；登记簿的内容不会被导入改写，确需更改的请在系统中办理变更',
  ),
  'permit-taken': words('该施工许可证编号已登记在其他工程', '请核对施工许可证编号'),
  'person-unknown': words('登记簿中没有这个人', '请先导入人员，或核对身份证号'),
  'person-otherwise-named': words('姓名与登记簿不一致', '请核对姓名和身份证号'),
  'work-unknown': words('登记簿中没有这个工程', '请先导入工程，或核对工程编号'),
  'named-twice': words('该人员在同一工程中已有岗位', '一个人在同一工程中只能有一个岗位，请核对'),
  'still-appointed': words('登记簿中该任职没有结束', '请核对离任日期；离任请在系统中办理变更'),
  locked: words('该人员已被锁定，不能承担新的在建工程', '请核对；确属导入前已有的任职，请在“存量”一栏填 是'),
} as const satisfies Record<string, Words>;
export type ImportRefusalId = keyof typeof importRefusals;

export interface ImportRefusal {
  refused: ImportRefusalId;
  /** The column, where one is to blame. */
  column?: string;
}
