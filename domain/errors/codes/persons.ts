/** 统一身份认证 in a browser, and a person's own entry on the phone. */
import { entry } from '../entry.ts';

export const personsErrors = {
  OPENID_DENIED: entry(
    403,
    'after-user-action',
    '您在身份认证页面取消了登录',
    '需要登录时请重新点击登录；也可以改用本页的其他登录方式',
  ),
  OPENID_ATTEMPT_INVALID: entry(
    409,
    'after-user-action',
    '这次登录不是从本浏览器的登录页开始的，或者已经用过、已经过期',
    '请回到登录页重新点击登录',
  ),
  OPENID_ANSWER_REFUSED: entry(
    422,
    'after-user-action',
    '不能确认登录结果来自身份认证服务，没有登录',
    '请回到登录页重新登录；仍不行请改用其他登录方式，并告知系统管理员',
  ),
  OPENID_SUBJECT_UNNAMED: entry(
    403,
    'after-user-action',
    '身份认证服务没有给出单位的统一社会信用代码，也没有给出本人的身份证号码',
    '请在身份认证服务中完成单位或本人的实名认证后再登录',
  ),
  OPENID_ACCOUNT_UNKNOWN: entry(
    404,
    'after-user-action',
    '您已通过身份认证，但本系统中没有您可以使用的账号',
    '请改用单位的身份登录，或请单位把您设为经办人后再登录',
  ),
  FACE_RESULT_REFUSED: entry(
    422,
    'after-user-action',
    '人脸识别的结果不能确认是本人为此事项所作，没有采用',
    '请重新进行人脸识别；仍不行请联系工作人员，已填内容都在',
  ),
  SMS_CODE_WRONG: entry(
    401,
    'after-user-action',
    '验证码不正确或已失效',
    '请核对最新一条短信中的 6 位验证码；超过 5 分钟、已用过的请重新获取',
  ),
  SMS_TOO_SOON: entry(429, 'later', '验证码刚刚发送过', '请查看短信，或稍候再重新获取'),
  AGREEMENT_REQUIRED: entry(
    403,
    'after-user-action',
    '尚未同意现行的用户协议和隐私政策',
    '请阅读并勾选同意后再继续；内容更新后须再次同意',
  ),
  FACE_CONSENT_REQUIRED: entry(
    403,
    'after-user-action',
    '尚未单独同意处理人脸信息',
    '请阅读并同意后再进行人脸识别；不同意的，请到服务窗口办理',
  ),
  REAL_NAME_MISMATCH: entry(
    422,
    'after-user-action',
    '姓名、身份证号码和本手机号码不是同一人的，没有通过核验',
    '请核对姓名和身份证号码，并使用本人名下的手机号码登录',
  ),
  REAL_NAME_DONE: entry(
    409,
    'never',
    '本账号已经完成实名认证',
    '无需重复认证；更换身份请先注销本账号，再用新的手机号登录',
  ),
  FACE_FAILED: entry(
    422,
    'after-user-action',
    '人脸识别没有通过',
    '请本人在光线充足处，正对镜头再试一次；没有办理任何事项',
  ),
  FACE_RESULT_USED: entry(
    409,
    'never',
    '这次人脸识别已经用过或已过期',
    '请在“待办事项”或“我的”中查看是否已办好；没有办好的请重新进行',
  ),
  TODO_UNKNOWN: entry(
    404,
    'never',
    '没有这条待办，或它不是发给您本人的',
    '只有所填写的法人或负责人本人才能办理，请核对登录的手机号和实名认证',
  ),
  TODO_DONE: entry(409, 'never', '您已经办理过这条待办', '无需再次办理，请在“消息”中查看结果'),
  ERASURE_REFUSED: entry(
    409,
    'after-user-action',
    '现在不能注销本账号',
    '请先办结您的待办事项；担任主经办人或经办人的，请先由单位变更或停用',
  ),
  PASSWORD_CHANGE_REQUIRED: entry(
    403,
    'after-user-action',
    '当前密码是管理员设置的，须先改为自己的密码',
    '请修改密码后再办理',
  ),
  PASSWORD_EXPIRED: entry(
    403,
    'after-user-action',
    '管理员设置的初始密码已过期',
    '请联系本部门的系统管理员重新设置',
  ),
  PASSWORD_WRONG: entry(400, 'after-user-action', '原密码不正确', '请核对后重新输入；多次输错需重新登录'),
  PASSWORD_TOO_WEAK: entry(
    400,
    'after-user-action',
    '新密码不符合要求',
    '请用至少 10 位、不含账号和姓名、不是常见或有规律的密码，并与原密码不同',
  ),
  LAST_ADMINISTRATOR: entry(
    409,
    'after-user-action',
    '这是最后一个可以管理账号的账号',
    '请先给另一个账号“账号管理”权限，再办理',
  ),
} as const;
