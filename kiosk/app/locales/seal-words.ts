/** Words of placing seals, of the seam, of several seals under one PIN, and of changing a PIN. */
export const sealWords = {
  place: {
    finding: '正在查找…',
    none: '没有找到“盖章处”等字样，可在预览中点选位置',
    at: (keyword: string, page: number) => `${keyword}（第 ${page} 页）`,
    chosen: (page: number) => `已选第 ${page} 页；在预览中点一下或拖动，可改变位置`,
  },
  seam: { label: '加盖骑缝章', hint: '各页右侧各有一段，合起来是完整的印章' },
  batch: {
    title: '同时签章的材料',
    hint: '一次输入密码，依次签章；密码最多保留 3 分钟，用完即清除。',
    states: { waiting: '等待', running: '正在签章', done: '已签章', failed: '未签章' },
    progress: (done: number, total: number) => `已完成 ${done} / ${total}`,
  },
  legal: {
    action: '加盖法定代表人章',
    lead: '请选择法定代表人的UKey',
    notPerson: '不是法定代表人（个人）的证书',
    done: (name: string) => `法定代表人 ${name} 已签章`,
    back: '暂不加盖',
  },
  timestamp: {
    stamped: (at: string, authority: string) => `时间戳：${at}，${authority}`,
    unavailable: '未能取得时间戳，签章有效，但签章时间未经第三方证明',
  },
  revocation: {
    revoked: 'UKey证书已被吊销，请到发证的CA机构办理新证书',
    stale: (until: string) => `吊销列表已过期（有效至 ${until}），证书的最新状态未能确认`,
  },
  pinChange: {
    link: '修改密码',
    title: '修改UKey密码',
    old: '原密码',
    next: '新密码',
    again: '再输入一次新密码',
    differ: '两次输入的新密码不一致',
    rule: '6 至 16 位数字或字母，不能是初始密码、相同或连续的数字',
    go: '确认修改',
    busy: '正在修改，请不要拔出UKey',
    done: '密码已修改，请牢记新密码',
    tries: (left: number, most?: number) => `原密码还可输入 ${left} 次${most ? `（共 ${most} 次）` : ''}`,
    triesUnknown: '连续输错原密码会锁定UKey',
    factory: '此UKey仍在使用初始密码，他人可能知道，建议现在修改',
    locked: 'UKey已被锁定，任何密码都不能再试',
    unlock: [
      '采集站无法解锁，请勿反复插拔尝试',
      '请携带UKey、营业执照和经办人身份证，到发证的CA机构窗口解锁',
      '也可拨打证书颁发机构的客服电话，询问是否支持在线解锁',
    ],
    issuer: (name: string) => `发证机构：${name}`,
    back: '返回',
  },
} as const;
