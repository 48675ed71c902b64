/** What the applicant reads: what is wrong and what to do next. */
import type { Reason, ReasonCode } from './schema.ts';

export interface ReasonContext {
  label: string;
  claimed?: string;
  recognised?: string;
  /** Problem found by the field kind's rule. */
  problem?: string;
  /** What was asked before the paper came, by its label: 证件类型. */
  chosenLabel?: string;
  /** Day, name or code that a check compares with; what was chosen. */
  expected?: string;
}

const quoted = (text: string | undefined) => `“${text ?? ''}”`;

const texts = {
  agrees: ({ label }) => `${label}与证件一致`,
  'agrees-with-chip': ({ label }) => `${label}与身份证芯片内信息一致`,
  'not-compared': ({ label }) => `${label}不参与智能核验`,
  'value-missing': ({ label }) => `${label}没有填写，请对照证件填写后重新核验`,
  'mark-missing': ({ label }) =>
    `${label}没有标记，请点“去标记”，在图片上框出${label}所在的位置；图片上没有的，请合并上传能体现该信息的辅助材料`,
  unreadable: ({ label }) =>
    `标记处看不清${label}，请核对标记位置，或重新拍照上传清晰的图片；有水印或印章遮挡的，请合并上传辅助材料并重新标记`,
  'place-guessed': ({ label }) =>
    `${label}没有识别到，标记是系统按证件版式推测的位置，不能确认；请点“去标记”，框选更清楚的位置，或重新拍照`,
  'mark-cuts-line': ({ label }) =>
    `${label}的标记没有盖住整行，标记外还有相连的文字，请拉大标记，盖住完整的${label}，并核对填写内容`,
  uncertain: ({ label, recognised }) =>
    recognised
      ? `${label}标记处识别为${quoted(recognised)}，把握不足，请核对填写内容和标记位置，或重新拍照`
      : `${label}标记处识别把握不足，请核对标记位置，或重新拍照上传更清晰的图片`,
  deviates: ({ label, claimed, recognised }) =>
    `${label}填写为${quoted(claimed)}，证件识别为${quoted(recognised)}，请对照证件修正填写内容，或重新标记正确的位置`,
  'deviates-from-chip': ({ label, claimed, recognised }) =>
    `${label}填写为${quoted(claimed)}，身份证芯片内为${quoted(recognised)}，请按身份证修正，或换用正确的身份证重新读取`,
  'check-digit-wrong': ({ problem }) => problem ?? '校验位不正确，请对照证件逐位核对',
  'value-invalid': ({ label, problem }) => `${label}填写有误：${problem ?? '格式不正确'}`,
  expired: ({ label, expected }) => `${label}已于${expected ?? ''}到期，请上传有效期内的证件`,
  'not-yet-valid': ({ label, expected }) => `${label}为${expected ?? ''}，晚于今天，请核对填写内容`,
  'other-subject': ({ label, expected }) =>
    `${label}与${expected ?? '当前登录单位'}不一致，请核对填写内容，或更换为本单位的证件`,
  'code-differs': ({ label, claimed, expected }) =>
    `${label}填写为${quoted(claimed)}，证件上的二维码（条形码）为${quoted(expected)}，请对照证件核对，或确认上传的是同一份证件`,
  'contradicts-choice': ({ label, claimed, chosenLabel, expected }) =>
    `${label}为${quoted(claimed)}，与本条信息选定的${chosenLabel ?? ''}${quoted(expected)}不符，请上传与之相符的证件，按证件上对应的一行填写并标记；${chosenLabel ?? ''}选错的，请删除本条信息后重新新增`,
  'other-line': ({ label, claimed, recognised, chosenLabel, expected }) =>
    recognised
      ? `${label}填写为${quoted(claimed)}，证件上${chosenLabel ?? ''}${quoted(expected)}一行为${quoted(recognised)}，请按这一行填写并标记`
      : `${label}的标记落在证件的另一行，请按${chosenLabel ?? ''}${quoted(expected)}所在的一行填写并标记`,
} as const satisfies Record<ReasonCode, (context: ReasonContext) => string>;

export function reason(code: ReasonCode, context: ReasonContext): Reason {
  return { code, text: texts[code](context) };
}
