import type { Recheck } from '#domain/record/schema.ts';

/** What the server itself says to people, where no table of the domain says it. */
export const machineCheck = { by: '机器自动校核', opinion: '机器比对一致，自动通过' } as const;

export const demoAccount = { id: 'demo', name: '演示审核员（模拟）', password: 'ludeng-demo' } as const;

/** Who made a password, where it was no account of the desk. */
export const nameOfActor = (actor: string): string =>
  actor === 'administrator' ? '系统管理员（服务器命令）' : actor;

/** For the applicant, where the server's own look changes what follows; undefined where it does not. */
export function recheckNote(rechecks: readonly Recheck[]): string | undefined {
  if (rechecks.some(({ state }) => state === 'failed')) return '服务端未能复核，由人工审核';
  const doubted = rechecks.flatMap((recheck) =>
    recheck.state === 'done'
      ? recheck.checked.verdict.fields.filter(({ light }) => light === 'red' || light === 'yellow')
      : [],
  );
  const isNews = rechecks.some((recheck) => recheck.state === 'done' && recheck.differences.length > 0);
  if (!isNews || doubted.length === 0) return undefined;
  return `服务端复核对${doubted.map(({ label }) => label).join('、')}有疑问，由人工审核`;
}

/** What an applicant has to correct before a registration is filed. The register's own words are told to nobody. */
export const registrationProblems = {
  attachmentMissing: (title: string) => `请上传${title}`,
  differs: (label: string) => `${label}与工商备案不一致，请对照证件核对后修改`,
  nameDiffers: (label: string) =>
    `${label}与工商备案不一致，请对照证件核对后修改；单位已更名的，请使用换发的新证件`,
  unitUnknown: '工商备案中没有这个统一社会信用代码，请对照证件逐位核对',
  unitGone: {
    revoked: '该单位在工商备案中已被吊销，不能注册',
    cancelled: '该单位在工商备案中已注销，不能注册',
  },
} as const;

/** What somebody has to correct before a record of a portal is handed in. */
export const portalProblems = {
  answersMissing: (title: string) => `请填写${title}`,
  fileMissing: (title: string) => `请上传${title}`,
} as const;

/** Of the log of a record, where its kind has no word of its own. */
export const portalLog = { submitted: '提交' } as const;

/** To the person who should confirm a registration. */
export const confirmationReminder = (centre: string, app: string, subject: string): string =>
  `【${centre}】${subject}的用户注册正等待您本人确认，请打开“${app}”，在“待办事项”中核对后办理。如非您单位办理，请勿确认。`;

/** To an operator, with the first password: it stands nowhere else. */
export const firstPasswordText = (
  system: string,
  { name, password, days }: { name: string; password: string; days: number },
): string =>
  `【${system}】${name}，您的操作员账号已开通。登录名为本手机号码，初始密码：${password}，${days}天内有效，首次登录须更换密码。请勿告诉他人。`;

export const operatorCodeText = (system: string, code: string): string =>
  `【${system}】登录验证码：${code}，5分钟内有效，请勿告诉他人。`;

/** What the project approval system reads of a work that was not taken, and how it is called in a work's history. */
export const pushTexts = {
  sender: '工改系统',
  unknownRole: (role: string) => `没有这种参建角色：${role}`,
  unknownField: (field: string) => `没有这一项工程信息：${field}`,
  unknownPost: (post: string) => `没有这种岗位：${post}`,
  namedTwice: (person: string) => `人员 ${person} 在同一工程中重复`,
  personUnknown: (person: string) => `人员库中没有人员 ${person}`,
  personOtherwiseNamed: (person: string) => `人员 ${person} 的姓名与人员库不一致`,
  personLocked: (person: string) => `人员 ${person} 已被锁定，不能参与新的在建工程`,
} as const;

/** What whoever imports the registers reads. */
export const importTexts = {
  noFiles: '缺少要导入的文件：请给出一个或几个 CSV 文件',
  whichProgramme: (able: readonly string[]) =>
    `请用 --programme 指明导入到哪个业务，有工程登记簿的业务：\n${able.join('\n')}`,
  unreadable: (file: string, because: string) => `${file} 不能导入，没有写入任何内容：${because}`,
  missingFile: '没有这个文件',
  tooLarge: '文件超过 256 MB，请分成几个文件',
  notText: '不是文本表格；请在表格软件中另存为“CSV UTF-8”后再导入',
  otherCharacters: (line: number) =>
    `第 ${line} 行的文字与第一行不是同一种编码，或已损坏；请在表格软件中打开，核对这一行，另存为“CSV UTF-8”后再导入`,
  empty: '文件是空的',
  noKind: '表头不是人员、工程、任职中的任何一种',
  'missing-column': (title: string, kind: string) => `${kind}表缺少“${title}”列`,
  'unknown-column': (title: string) => `没有“${title}”这一列`,
  'repeated-column': (title: string) => `“${title}”一列出现了两次`,
  columns: '三种表格的列（带 * 的必填）：',
  reportHeader: ['文件', '行', '内容', '对象', '结果', '原因', '怎么办'],
  refused: '未接收',
  outcome: (outcome: 'taken' | 'beyond-limit' | 'present', isTrial: boolean) => {
    if (outcome === 'present') return '已有，不变';
    const said = isTrial ? '可写入' : '已写入';
    return outcome === 'taken' ? said : `${said}（存量，超过限额，人员锁定）`;
  },
  count: ({
    taken,
    present,
    refused,
    isTrial,
  }: Record<'taken' | 'present' | 'refused', number> & { isTrial: boolean }) =>
    `${isTrial ? '可写入' : '已写入'} ${taken}，已有 ${present}，未接收 ${refused}`,
  reportAt: (file: string) => `每一行的结果在 ${file}`,
  trial: '这是试运行，没有写入任何内容；确认报告后加 --write 写入',
} as const;
