/** Why a model pack is refused, for the person at the station; travels as `reason` of MODEL_INVALID. */
export const packProblems = {
  unknown: '没有这个模型包',
  manifestUnreadable: '模型包的 manifest.json 缺失或不是 JSON',
  manifestWrong: '模型包的 manifest.json 不符合格式',
  fileMissing: '模型包缺少文件',
  hashDiffers: '文件与清单的 SHA-256 不一致，文件已损坏或被改动',
  charsetSize: '字典的行数与清单不一致',
  runtimeRefuses: '识别程序无法加载该模型',
  recogniserInput: '识别模型的输入应为 [N, 3, 高, 宽]',
  recogniserOutput: '识别模型的输出类别数与字典不符（应为字典行数加空白类，可再加空格）',
  detectorShape: '检测模型的输出应为与输入同比例的单通道概率图',
  badId: '模型包的名称只能用小写字母、数字、点、横线和下划线',
  reservedId: '该名称属于内置模型包',
  nothingThere: '该文件夹里没有 manifest.json，也没有 det.onnx、rec.onnx、keys.txt',
  choiceUnreadable: '所选模型包的记录文件已损坏',
} as const;
