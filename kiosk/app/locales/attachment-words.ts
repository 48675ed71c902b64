/** Words of files that belong to a record and are kept as they are. */
export const attachmentWords = {
  title: '附件',
  required: '必须上传',
  missing: '尚未上传',
  count: (now: number, most: number) => `已上传 ${now} 个，最多 ${most} 个`,
  accept: { picture: 'JPG、PNG 图片', pdf: 'PDF 文件' },
  formats: (names: readonly string[]) => `可上传${names.join('或')}，每个不超过 50 MB`,
  upload: '上传文件',
  camera: '高拍仪拍照',
  uploading: '正在上传',
  view: '查看',
  remove: '删除',
  removeTitle: '删除附件',
  removeText: (name: string) => `确定删除“${name}”吗？`,
  openFailed: '文件无法打开，请重试',
  photo: (number: number) => `拍照${number}.jpg`,
  size: (bytes: number) =>
    bytes < 1024 * 1024
      ? `${Math.max(1, Math.round(bytes / 1024))} KB`
      : `${(bytes / 1024 / 1024).toFixed(1)} MB`,
};
