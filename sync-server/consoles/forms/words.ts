import { chinaTime } from '#domain/primitives.ts';

/** What is said beside entries and files, on whatever page they stand. */
export const formWords = {
  entry: {
    read: '识别填写，请核对',
    corrected: '已更正',
    readAs: (text: string) => `证件上识别为：${text}`,
    compared: '须与工商备案一致',
    choose: '请选择',
    dayExample: '如 2016年4月11日',
  },
  keeping: {
    saved: (at: string) => `已自动保存 ${chinaTime(at)}`,
    saving: '正在保存…',
    unsaved: '还没有保存',
  },
  file: {
    upload: '上传图片',
    none: '没有上传',
    camera: '拍照',
    busy: '正在上传并识别…',
    remove: (name: string) => `删除 ${name}`,
    open: (name: string) => `查看 ${name}`,
    many: (count: number, most: number) => `${count} / ${most} 张`,
    tooLarge: (mb: number) => `图片过大，请选择不超过 ${mb} MB 的图片`,
    unclear: '图片不清晰，请重新拍摄',
    cutOff: '证件没有完整进入画面，请重新拍摄',
    blank: '这是一张空白的图片，请重新拍摄',
    other: (found: string, wanted: string) =>
      `这看起来是${found}，不是${wanted}，没有从中填写内容，请核对后重新上传`,
    unknown: (wanted: string) => `没有认出这是${wanted}，请核对图片；内容也可以手工填写`,
    readDone: '已识别并填入下方，请核对',
    readBusy: '识别排队的人较多，请手工填写；也可以稍后删除后重新上传',
    readFailed: '这张图片没有识别成功，请手工填写；也可以重新拍摄',
    readOff: '请手工填写',
    clear: '图片清晰',
  },
  camera: {
    title: (slot: string) => `拍摄${slot}`,
    lead: '请把证件平放，四角都在画面内，避免反光。',
    take: '拍照',
    again: '重拍',
    use: '使用这张',
    cancel: '取消',
    which: '摄像头',
    nth: (n: number) => `摄像头 ${n}`,
    none: '没有能用的摄像头，请改用“上传图片”',
    refused: '浏览器没有使用摄像头的许可，请在地址栏旁允许后重试，或改用“上传图片”',
  },
} as const;
