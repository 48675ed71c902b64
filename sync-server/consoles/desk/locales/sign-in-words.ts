/** Texts of signing in and of passwords. */

export const signInWords = {
  title: '登录审核工作台',
  lead: '供各应用领域管理部门的审核人员使用',
  account: '账号',
  password: '密码',
  submit: '登录',
  busy: '正在登录…',
  expired: '登录已过期，请重新登录。未提交的审核意见没有保存。',
  help: '忘记密码请联系本部门的系统管理员重置。',
  accountMissing: '请输入账号',
  passwordMissing: '请输入密码',
  publicCheck: '查验数字证照',
} as const;

export const passwordWords = {
  title: '修改密码',
  wasMade: (by: string, at: string) =>
    `您的初始密码由${by}于 ${at} 设置，对方知道这个密码。请先改为只有自己知道的密码，再开始办理。`,
  wasReset: (by: string, at: string) =>
    `您的密码由${by}于 ${at} 重设，对方知道这个密码。如果不是您要求的，请告诉部门负责人。请先改为只有自己知道的密码，再开始办理。`,
  current: '原密码',
  issued: '管理员给您的密码',
  next: '新密码',
  again: '再输入一次新密码',
  currentMissing: '请输入现在的密码',
  tooShort: (least: number) => `新密码至少 ${least} 位`,
  differs: '两次输入的新密码不一致',
  rules: (least: number) =>
    `至少 ${least} 位，不含账号和姓名，不用常见或有规律的密码。修改后，您在其他地方的登录会退出。`,
  submit: '修改密码',
  busy: '正在修改…',
  done: '密码已修改，其他地方的登录已退出',
  faults: {
    short: '新密码太短：请用至少 10 位',
    long: '新密码太长：最多 128 位',
    simple: '新密码太简单：请不要用重复或连续的字符',
    common: '新密码太常见：请换一个别人猜不到的',
    name: '新密码里有您的账号或姓名：请换一个',
    same: '新密码与原密码相同：请换一个',
  } as Readonly<Record<string, string>>,
} as const;
