/** Words of dialogs in which a person is chosen. */
export const pickWords = {
  search: '姓名',
  find: '查找',
  loading: '正在加载…',
  choose: '请先选择一名人员',
  isMore: '人员较多，只列出一部分，请按姓名查找',
  noneFound: '没有找到这个姓名的人员',
} as const;
