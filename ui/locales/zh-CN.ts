/** Words that kiosk and desk show alike. */
import { lightNames } from '#domain/verdict/light-names.ts';
import type { Weight } from './types.ts';

export const uiWords = {
  light: lightNames,
  noLight: '未核验',
  ask: { accept: '确定', refuse: '取消' },
  weight: {
    key: '关键实质性信息',
    digital: '数字化智能评估信息',
    plain: '一般信息',
  } satisfies Record<Weight, string>,
  marks: {
    picture: '证照图片',
    drawHint: (label: string) => `请在图片上拖动，框出“${label}”的内容`,
    box: (label: string, index: number, count: number) =>
      count > 1 ? `${label}的标记 ${index + 1}/${count}` : `${label}的标记`,
    guessed: (label: string) => `${label}（推测位置）`,
    boxHelp: '方向键移动，Shift 加方向键调整大小，Delete 删除',
    draw: '画框',
    move: '移动图片',
    add: '添加标记框',
    remove: '删除此框',
    undo: '撤销',
    zoomIn: '放大',
    zoomOut: '缩小',
    fit: '适合窗口',
    page: (index: number, count: number) => `第 ${index + 1} 页，共 ${count} 页`,
    previousPage: '上一页',
    nextPage: '下一页',
    loading: '正在打开图片…',
  },
  table: {
    claimed: '用户填写数据',
    recognised: '证件识别数据',
    field: '信息项',
    result: '智能核验',
    reason: '说明',
    nothingRead: '未识别到内容',
    notCompared: '不参与核验',
    empty: '—',
  },
  evidence: {
    title: '核验依据',
    show: '看依据',
    hide: '收起',
    crop: (claimed: string) => `图片上标记处的内容，填写为“${claimed}”`,
    cropLoading: '正在取标记处的图像…',
    noCrop: '没有标记处的图像',
    chip: '芯片数据',
    codes: '二维码、条形码',
    claim: '填写内容',
    rival: '最相近的另一种读法',
    verdict: '图像比对',
    support: [
      [0.9, '图像支持填写内容'],
      [0.5, '图像较支持填写内容，但把握不足'],
      [0.1, '图像既不能证实、也不能否定填写内容'],
      [0, '图像不支持填写内容'],
    ] as readonly (readonly [number, string])[],
  },
  operations: {
    columns: ['序号', '操作人', '操作时间', '操作事项'],
    empty: '暂无操作记录',
  },
  pushes: {
    columns: ['序号', '推送时间', '推送领域', '状态', '审核时间', '审核意见'],
    states: { queued: '等待推送', 'under-review': '核验中', approved: '审核通过', refused: '不通过' },
    empty: '暂无推送记录',
  },
} as const;
