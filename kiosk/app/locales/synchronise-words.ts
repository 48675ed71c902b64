/** Words of 同步: what came from the national platform, and what did not. */
export const synchroniseWords = {
  title: '同步结果',
  busy: '正在同步…',
  none: '平台上没有本单位的信息。',
  added: (count: number) => `新增 ${count} 条`,
  renewed: (count: number) => `更新 ${count} 条`,
  kept: (count: number) => `已有 ${count} 条，保持不变`,
  half: (total: number, received: number) =>
    `平台共有 ${total} 条，本次只收到 ${received} 条。已收到的已列入，其余请稍后再次同步。`,
  removed: '以下信息曾从列表中删除，同步时不会自动恢复：',
  restore: '恢复所选',
  unmatched: '以下信息无法确定类别，请用列表上方的按钮自行增加：',
  next: '请逐条点“查看”，核对内容、上传电子文件并标记、签章、提交。',
  removeText: '删除后，下次同步不会自动恢复；需要时可在同步结果中恢复。',
} as const;
