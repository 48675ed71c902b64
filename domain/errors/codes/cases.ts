/** Cases at the desk. */
import { entry } from '../entry.ts';

export const casesErrors = {
  CASE_CLOSED: entry(409, 'never', '该事项已办结或已进入下一步', '请刷新列表查看最新状态'),
  COMPLAINT_NOT_POSSIBLE: entry(
    409,
    'never',
    '这件事项不能投诉：没有审核通过的推送，或该推送已不能使用',
    '请刷新后查看最新状态',
  ),
  COMPLAINT_WAITS: entry(
    409,
    'never',
    '该推送已有一件投诉正在核查，不能再登记一件',
    '请在列表中打开该投诉办理',
  ),
  CASE_CLAIMED: entry(409, 'later', '该事项已由本部门其他人员认领', '请等其办理或释放，也可联系认领人'),
  ALREADY_DECIDED: entry(
    409,
    'never',
    '本部门已审核通过，正在等待其他部门会签',
    '无需重复办理，请办理其他事项',
  ),
  NO_ONE_DECIDES: entry(
    422,
    'after-user-action',
    '没有找到应审核此事项的部门或人员',
    '请核对填写的人员和工程；确认无误仍不行请联系工作人员',
  ),
  UNIT_REGISTERED: entry(409, 'never', '该单位已经注册', '请退回申请，由该单位已注册的主经办人办理'),
  WORK_UNKNOWN: entry(
    404,
    'after-user-action',
    '没有找到该工程',
    '请在工程列表中重新选择；新工程由工改系统推送后才能办理',
  ),
  WORK_PUSH_REFUSED: entry(
    422,
    'after-user-action',
    '推送的工程没有接收',
    '请按 problems 逐项更正后，用新的版本号重新推送；没有保存任何内容',
  ),
  WORK_PUSH_DIFFERS: entry(
    409,
    'never',
    '同一版本号的工程内容不同，没有接收',
    '内容有变更的，请用更大的版本号推送',
  ),
  WORK_PERMIT_TAKEN: entry(
    409,
    'after-user-action',
    '该施工许可证编号已登记在其他工程',
    '请核对施工许可证编号；确需更正的，请联系该工程的监督机构',
  ),
  PERSON_LOCKED: entry(
    409,
    'after-user-action',
    '该人员已被锁定，不能承担新的在建工程',
    '请另选人员；确需由该人员承担的，先办理人员解锁',
  ),
  CANDIDATE_GONE: entry(
    409,
    'after-user-action',
    '该人员的状态已变化，不能再选择',
    '请重新打开选择窗口，按最新名单选择',
  ),
  GUARD_REFUSED: entry(422, 'after-user-action', '不符合办理条件', '请按提示修改后再办理，已填内容都在'),
  OPINION_REQUIRED: entry(
    400,
    'after-user-action',
    '请填写审核意见',
    '审核不通过时须写明原因，便于申请人修改',
  ),
} as const;
