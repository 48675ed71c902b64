/** Words of people who come without a key: by their card, with the counter's staff, and with a unit's registration. */
export const peopleWords = {
  card: {
    open: '刷身份证办理',
    hint: '没有UKey？带本人身份证即可办理。',
    title: '刷身份证登录',
    waiting: '请将本人身份证平放在读卡区',
    steps: ['把身份证平放在读卡器上，照片朝上', '听到提示音之前请不要移动', '读完后请收好身份证'],
    again: '重新读卡',
    back: '返回',
  },
  assist: {
    open: '帮办代办',
    hint: '老年人等需要帮助的，可由工作人员代为办理。',
    title: '帮办代办',
    lead: '请帮办人员插入本人的UKey并输入密码，再由被帮办人刷身份证同意。',
    none: '没有检测到帮办人员的UKey',
    pin: '请帮办人员输入UKey密码',
    next: '下一步',
    consentTitle: '请被帮办人本人确认',
    consent: (name: string, office: string) =>
      `我同意由 ${office} 的 ${name} 代我在本站办理业务。代办只在本次有效，退出即结束；每一步都会记下“${name}（代我本人）”。`,
    agree: '同意，刷身份证',
    waiting: '请被帮办人把本人身份证平放在读卡区',
  },
  offlineKey: {
    cached: (at: string) => `离线登录：依据 ${at} 的核验结果，恢复网络后由服务器重新核验`,
    unknown: '离线登录：此UKey尚未经服务器核验，恢复网络后核验',
  },
  types: {
    title: '请选择注册的帐号类型',
    precondition: '注册前须知',
  },
  reading: {
    busy: '正在识别，请稍候',
    done: '已识别并填入基本信息，请逐项核对，有误可直接修改。',
    again: '重新识别',
    badge: '识别',
  },
  cases: {
    complaint: '投诉事由',
    title: '办理状态',
    withdraw: '撤回',
    withdrawText: '撤回后本次申请结束，可重新填写提交。确定撤回吗？',
    opinion: '意见',
    wait: '请耐心等待结果，无需其他操作。',
    again: '重新注册',
  },
  submitPlain: '提交后不能直接修改。确定提交吗？',
} as const;
