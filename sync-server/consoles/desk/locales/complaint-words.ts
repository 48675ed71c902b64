/** 投诉, and what a department may rely on. */
export const complaintWords = {
  title: '投诉',
  lodge: '登记投诉',
  lead: '投诉登记后由本领域核查。核查期间信息仍可使用；投诉成立的，这次推送的审核结果不再有效，信息不能在本领域使用。申请人会看到投诉事由和核查意见。',
  reason: '投诉事由',
  accept: '登记',
  /** Of a case that is a complaint. */
  states: { open: '核查中', approved: '投诉成立', refused: '投诉不成立' },
  matter: (field: string) => `投诉（${field}）`,
  by: '登记部门',
  opinion: '核查意见',
  open: '打开投诉',
} as const;

export const usableWords = {
  title: '可用信息',
  search: '搜索唯一标识码、单位名称或材料',
  columns: ['唯一标识码', '单位名称', '材料', '领域', '智能核验', '推送时间', '能否使用'],
  count: (total: number) => `共 ${total} 条推送至本部门的信息`,
  empty: '还没有推送至本部门的信息',
  emptySearch: (search: string) => `没有找到与“${search}”相符的信息`,
} as const;
