/** 注册, 登录 and the own account at a portal: words that belong to no province. */
export const registrationWords = {
  title: '注册',
  step: (at: number) => `第 ${at} 步，共 2 步`,
  whoMust: '谁须注册',
  type: '请选择注册类型',
  missing: (label: string) => `请填写${label}`,
  next: '下一步',
  checking: '正在核对…',
  back: '返回上一步',
  toLogin: '已有账号，去登录',
  passwordRules:
    '至少 10 位，不含单位名称、姓名和号码，不用常见词、连续或重复的字符。可用几个不相关的词加数字。',
  show: '显示密码',
  busy: '正在注册…',
  sameName: (label: string) => `确与其同名，改用${label}作为登录账号`,
  doneTitle: '注册成功',
  done: '请记住您的登录账号：',
  doneLead: '以后用“账号登录”时输入它和刚才设置的密码。',
  doneAccept: '确定',
  known: '该号码已在本系统注册，请直接登录。',
} as const;

export const signInWords = {
  forgotten: '忘记密码？',
  waysBack: '找回密码',
  waysBackLead: '为防止他人冒领，本系统不用提问找回密码。',
  waysBackAccept: '知道了',
  register: '注册',
  noAccount: '还没有账号？',
  newName: (name: string) => `新的登录账号：${name}`,
} as const;

export const keyWords = {
  looking: '正在查找CA锁…',
  insert: '请将CA锁插入电脑的USB口，插入后本页自动显示',
  noStation: {
    message: '没有找到本机读取CA锁的程序',
    action: '请先安装驱动和采集站程序并启动它，再点击“重新查找”；也可到服务窗口的采集站登录',
  },
  lookAgain: '重新查找',
  choose: '选择CA锁',
  locked: '已锁定',
  simulated: '模拟',
  submit: '登录',
  busy: '正在登录…',
  missing: (label: string) => `请输入${label}`,
  triesLeft: (left: number) => `口令错误，还可以再试 ${left} 次`,
  register: '还没有注册？去注册',
  driver: '驱动',
  forSystems: '适用系统',
  get: '下载',
  fromIssuer: '向发证的CA机构索取',
  steps: '安装步骤',
  back: '返回登录',
  names: (onKey: string, ofAccount: string) => `CA锁：${onKey}；账号：${ofAccount}`,
} as const;

export const ownAccountWords = {
  account: '登录账号',
  name: '名称',
  number: '号码',
  registeredAt: '注册时间',
  password: '修改密码',
  current: '原密码',
  next: '新密码',
  again: '再次输入新密码',
  missing: (label: string) => `请输入${label}`,
  tooShort: (length: number) => `至少 ${length} 位`,
  differs: '两次输入的不一致',
  byKey: '已用CA锁登录，可直接设置新密码，不需要原密码。',
  byKeyUntil: '超过十分钟须重新用CA锁登录。',
  due: '您的密码由工作人员重设，请先设置自己的新密码，再办理业务。',
  submit: '保存新密码',
  busy: '正在保存…',
  done: '新密码已保存，其他电脑上的登录已退出。',
} as const;

export const certificateWords = {
  none: '当前账号还没有绑定数字证书。用CA锁登录一次，证书即与账号绑定。',
  columns: ['序号', '证书名称', '颁发机构', '有效期', '状态', '操作'],
  states: { valid: '有效', expired: '已过期', 'not-yet-valid': '未生效' },
  view: '查看',
  title: '数字证书信息',
  close: '关闭',
  serial: '证书序列号',
  holder: '证书名称',
  issuer: '颁发机构',
  validFrom: '有效期起',
  validUntil: '有效期止',
  state: '状态',
  boundAt: '绑定时间',
  lastUsedAt: '最近使用',
} as const;

export const applicationWords = {
  missing: (labels: readonly string[]) => `还缺：${labels.join('、')}。请填写并提交后再申请。`,
  confirmTitle: '确认申请',
  accept: '确定',
  busy: '正在发送…',
  last: (at: string) => `最近一次申请：${at}`,
  reference: (number: string) => `受理编号：${number}`,
  reason: (text: string) => `CA公司答复：${text}`,
} as const;
