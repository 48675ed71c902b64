export const fileWords = {
  gone: '没有找到这份档案，可能已被删除。请返回列表查看。',
};
