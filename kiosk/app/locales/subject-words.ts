/** Words of what a company entered at other stations. */
export const subjectWords = {
  column: '录入地点',
  here: '本站',
  emptyHere: '在本站还没有录入信息',
  elsewhere: '其他采集站',
  fetching: '正在从服务器获取本单位在其他采集站的记录…',
  complete: '本单位在其他采集站的记录已全部获取',
  offline: '无网络：其他采集站的记录暂不显示，恢复连接后自动获取',
  offlineWithSome: '无网络：其他采集站的记录为断网前的内容，恢复连接后自动更新',
  needsKey: '需要再次输入 PIN（UKey密码），才能从服务器获取本单位在其他采集站的记录',
  unsupported: '服务器版本较早，不提供其他采集站的记录；本站的记录不受影响',
  enterPin: '输入 PIN',
  pinTitle: '获取其他采集站的记录',
  pinLead: '服务器要核实UKey在场，才显示本单位在其他采集站录入的记录。',
  pinAccept: '确定',
  noToken: '没有检测到登录时使用的UKey，请插入后再输入 PIN',
  supplement: '补充完善',
  note: (station: string, at: string) =>
    `此信息于 ${at} 在其他采集站“${station}”录入，材料在需要时从服务器获取；在本站可以查看，不能直接修改`,
  noteOnline: (at: string) =>
    `此信息于 ${at} 在网上办理录入，附件在需要时从服务器获取；在本站可以查看，不能直接修改`,
  pageLoading: '正在从服务器获取此页…',
} as const;
