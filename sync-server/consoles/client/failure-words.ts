/** What every page of the server says where nothing of the error table fits. */
export const failureWords = {
  unreachable: { message: '连接不上服务器', action: '请检查网络后重试；已填写的内容还在' },
  workFailed: { message: '电脑没有完成验证', action: '请再点击一次；仍不行请刷新页面' },
  inPage: { message: '页面出现意外错误', action: '请重试；仍不行请刷新页面' },
  unexpected: (status: number) => ({
    message: `服务器返回了意外的结果（${status}）`,
    action: '请重试；仍不行请联系系统管理员',
  }),
  wait: (seconds: number) =>
    seconds >= 90 ? `请在 ${Math.ceil(seconds / 60)} 分钟后再试` : `请在 ${seconds} 秒后再试`,
} as const;
