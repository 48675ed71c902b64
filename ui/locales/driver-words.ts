/** Words around a driver guide; what is done stands in the programme. */
export const driverWords = {
  before: '安装之前',
  steps: '安装步骤',
  missing: '登录时检测不到CA锁',
  browsers: '浏览器要求',
  signing: '不能签章时',
  atStation: '在本采集站办理',
  fromHome: '在家或单位的电脑上办理',
} as const;
