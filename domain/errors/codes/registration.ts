/** Registration in a browser. */
import { entry } from '../entry.ts';

export const registrationErrors = {
  REGISTRATION_GONE: entry(
    404,
    'after-user-action',
    '这台电脑上没有正在办理的注册',
    '可能已过期，或已扫码在别处继续办理：请重新选择账号类型，或扫码继续办理',
  ),
  REGISTRATION_FILED: entry(
    409,
    'after-user-action',
    '注册信息已经提交，不能再修改',
    '确需修改的，请在确认之前撤回后修改；审核不通过的可以修改后重新提交',
  ),
  REGISTER_ASKED_TOO_OFTEN: entry(
    429,
    'later',
    '与工商备案核对的次数过多，已暂停核对',
    '请对照证件核对所填内容，稍候再提交；已填内容都在',
  ),
  REQUESTS_TOO_MANY: entry(429, 'later', '操作次数过多，已暂停办理', '请稍候再试；已填内容都在'),
  REMINDED_ALREADY: entry(429, 'later', '已经提醒过了', '请稍候再提醒；也可以直接联系本人'),
  CONFIRMATION_MISSING: entry(
    409,
    'later',
    '前面的步骤还没有完成，不能审核',
    '请等前面步骤的确认人确认后再审核；确认后会自动出现在待办中',
  ),
} as const;
