/** Words of drafts that were begun at a portal. */
export const draftWords = {
  open: '打开网上草稿',
  title: '打开网上草稿',
  lead: '请用扫码枪扫描办理码，或用高拍仪对准办理码，也可以直接输入十位办理码。',
  label: '办理码',
  placeholder: '如 ABCDE-23456',
  accept: '打开',
  opening: '正在打开…',
  camera: '用高拍仪扫描',
  cameraOff: '关闭高拍仪',
  looking: '请把办理码放到高拍仪下，识别到后自动打开',
  starting: '正在打开高拍仪…',
  carried: (at: string) => `这份信息在网上开始填写，${at} 带到本站；可以在这里办完，也可以送回网上继续填写`,
  giveBack: '送回网上',
  givingBack: '正在送回…',
  ask: {
    title: '送回网上继续填写？',
    text: '已填写的内容和附件会带回网上，本站不再保留；已做的签章和核验不带回。',
    accept: '送回网上',
  },
  askScanned: {
    title: '送回网上继续填写？',
    text: '已填写的内容和附件会带回网上，本站不再保留；在这里扫描的页面、签章和核验不带回，下次到窗口须重新扫描。',
    accept: '送回网上',
  },
  left: (count: number) => ({
    title: '已送回网上',
    text: `有 ${String(count)} 页扫描件没有带回：网上的这项材料已放满。`,
    accept: '知道了',
  }),
} as const;
