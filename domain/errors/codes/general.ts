/** Requests and sessions. */
import { entry } from '../entry.ts';

export const generalErrors = {
  INTERNAL: entry(500, 'later', '程序出现意外错误', '请重试；仍不行请联系工作人员，并告知下方编号'),
  BAD_REQUEST: entry(400, 'never', '提交的内容格式不正确', '请检查填写内容后重试'),
  NOT_FOUND: entry(404, 'never', '没有找到所请求的内容', '请返回上一页重新选择'),
  FOREIGN_ORIGIN: entry(403, 'never', '拒绝来自其他网页的访问', '请从采集站页面操作'),
  PAGE_NOT_OPENED: entry(
    403,
    'after-user-action',
    '这个页面没有打开采集站的许可：打开地址只能用一次',
    '请在采集站电脑上执行 ./ludeng open 取得新的地址；一体机请联系工作人员重新启动采集站',
  ),
  CANCELLED: entry(409, 'after-user-action', '操作已取消', '需要时请重新操作，已填内容都在'),
  UNAUTHENTICATED: entry(401, 'after-user-action', '登录已失效', '请重新插入UKey登录'),
  SIGN_IN_FAILED: entry(401, 'after-user-action', '账号或密码不正确', '请核对后重新输入'),
  TOO_MANY_ATTEMPTS: entry(429, 'later', '尝试次数过多，已暂时停止', '请稍候几分钟再试'),
  FORBIDDEN: entry(403, 'never', '没有办理此事项的权限', '请更换有权限的账号办理'),
  ASSURANCE_TOO_LOW: entry(
    403,
    'after-user-action',
    '本次登录的方式不足以办理此事项',
    '请改用要求的方式登录（如单位的UKey，或本人的人脸识别）后再办理，已填内容都在',
  ),
  VALUE_TOO_LONG: entry(400, 'after-user-action', '填写内容过长', '请缩短到规定字数以内，原内容已保留'),
  CHOICE_NOT_STORED: entry(
    409,
    'after-user-action',
    '所选的内容没有已提交入库的信息',
    '请先在对应模块提交入库，再回到这里选择',
  ),
  FIELD_INVALID: entry(400, 'after-user-action', '填写内容不符合要求', '请按提示修改'),
} as const;
