/**
 * Every failure this product expects, once. `message` is what a person at the counter reads, `action` what they
 * (or the counter staff) do next; `retry` tells programs when the same request may be tried again.
 * A failure that is not listed here is a bug: it is logged whole and shown as INTERNAL.
 */
export type Retry = 'never' | 'later' | 'after-user-action';

export interface ErrorEntry {
  readonly message: string;
  readonly action: string;
  readonly retry: Retry;
  /** HTTP status on the wire. */
  readonly status: number;
}

const entry = (status: number, retry: Retry, message: string, action: string): ErrorEntry => ({
  status,
  retry,
  message,
  action,
});

export const errorTable = {
  // requests and sessions
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
  TOO_MANY_ATTEMPTS: entry(429, 'later', '尝试次数过多，已暂时停止登录', '请稍候几分钟再试'),
  FORBIDDEN: entry(403, 'never', '没有办理此事项的权限', '请更换有权限的账号办理'),
  VALUE_TOO_LONG: entry(400, 'after-user-action', '填写内容过长', '请缩短到规定字数以内，原内容已保留'),
  FIELD_INVALID: entry(400, 'after-user-action', '填写内容不符合要求', '请按提示修改'),
  // documents and imaging
  FILE_MISSING: entry(404, 'after-user-action', '没有找到文件', '请检查文件名和路径后再试'),
  FILE_TOO_LARGE: entry(413, 'after-user-action', '文件过大', '请选择不超过 50 MB 的文件，或拆分后分次上传'),
  FILE_UNSUPPORTED: entry(415, 'after-user-action', '不支持此文件格式', '请上传 PDF、JPG、PNG 或 TIFF 文件'),
  FILE_EMPTY: entry(
    422,
    'after-user-action',
    '文件是空的，没有任何内容',
    '请重新扫描，或检查文件是否已完整复制',
  ),
  FILE_HEIC: entry(
    415,
    'after-user-action',
    '这是手机拍的 HEIC 或 AVIF 图片，本系统不能打开（文件名可能写成了 jpg）',
    '请在手机相机设置中把格式改为“兼容性最佳”后重拍，或另存为 JPG 后再上传',
  ),
  FILE_OTHER_PICTURE: entry(
    415,
    'after-user-action',
    '这是 GIF、BMP 或 WebP 图片，不能作为证件存档',
    '请用原件重新扫描或拍照，或另存为 JPG、PNG 后再上传',
  ),
  FILE_OFFICE: entry(
    415,
    'after-user-action',
    '这是 Word、Excel、WPS、OFD 或压缩文件，不是扫描件',
    '请在原软件中另存为（导出为）PDF 后再上传；压缩文件请先解压',
  ),
  PICTURE_TOO_LARGE: entry(
    413,
    'after-user-action',
    '图片的像素过多，超过两亿',
    '请把扫描分辨率降为 300 dpi 后重新扫描（A0 及以下幅面都适用）',
  ),
  PICTURE_TOO_SMALL: entry(
    422,
    'after-user-action',
    '图片只有几个像素高或宽，不是一页文件',
    '请检查是否选错了文件，或重新扫描、拍照',
  ),
  FILE_DAMAGED: entry(422, 'after-user-action', '文件已损坏，无法打开', '请重新扫描或换一个文件上传'),
  FILE_ENCRYPTED: entry(422, 'after-user-action', '文件设有密码，无法打开', '请上传没有密码的文件'),
  FILE_NOT_PLAIN: entry(
    422,
    'after-user-action',
    '这是链接、管道或设备，不是文件本身，没有打开',
    '请放入文件本身，而不是它的快捷方式',
  ),
  FILE_FORBIDDEN: entry(
    403,
    'after-user-action',
    '采集站没有读取此文件的权限',
    '请联系工作人员开放此文件的读取权限，或重新扫描这一份',
  ),
  FILE_IN_USE: entry(
    409,
    'later',
    '有文件还没有写完，或正被其他程序使用',
    '写完后会自动导入；一直不动的，请在原来的程序中关闭它或重新扫描',
  ),
  FILE_FORM_SHELL: entry(
    422,
    'after-user-action',
    '这是动态表单（XFA）PDF，看到的只是“请稍候”页，没有表单内容',
    '请用 Adobe Reader 打开，打印到“Microsoft Print to PDF”等虚拟打印机，或打印成纸质后扫描',
  ),
  FILE_PORTFOLIO: entry(
    422,
    'after-user-action',
    '这是 PDF 文件包（作品集），看到的只是封面，真正的文件在里面',
    '请用 Adobe Reader 打开，把里面的文件分别另存出来后再上传',
  ),
  FILE_LACKS_FONTS: entry(
    422,
    'after-user-action',
    '文件没有自带中文字体，本机也没有中文字体，文字显示不出来',
    '请在原软件中导出时选择嵌入字体后再上传，或请维护人员在本机安装中文字体',
  ),
  TOO_MANY_PAGES: entry(422, 'after-user-action', '文件页数过多', '请拆分后分次上传，每次不超过 300 页'),
  PAGE_NOT_FOUND: entry(
    422,
    'after-user-action',
    '画面中没有找到证件',
    '请将证件平放在高拍仪下，四角完整，再拍一次',
  ),
  PAGE_BLANK: entry(422, 'after-user-action', '此页为空白页', '请将有内容的一面朝上，再拍一次'),
  PAGE_CUT_OFF: entry(422, 'after-user-action', '证件没有完整进入画面', '请移动证件，使四条边都在画面内'),
  NOTHING_READ: entry(
    422,
    'after-user-action',
    '没有从图片中识别到文字',
    '请确认上传的是证件，或改用人工模式填写',
  ),
  CERTIFICATE_MISMATCH: entry(
    422,
    'after-user-action',
    '上传的材料与所选证件不一致',
    '请核对证件类型后重新上传',
  ),
  READER_FAILED: entry(503, 'later', '识别程序意外中断，已自动重启', '请再试一次，已填内容不会丢失'),
  READER_FAULT: entry(
    500,
    'after-user-action',
    '识别程序处理这份文件时出错',
    '请重新扫描或换一个文件再试，已填内容不会丢失；多次出现请联系维护人员',
  ),
  MODEL_INVALID: entry(500, 'never', '识别模型文件不完整', '请联系维护人员重新安装识别模型'),
  // camera, card reader, devices
  CAMERA_MISSING: entry(503, 'after-user-action', '没有找到高拍仪', '请检查高拍仪的USB线，或改用“上传图片”'),
  CAMERA_LOST: entry(503, 'after-user-action', '高拍仪已断开', '请重新插好高拍仪后点“重新打开”'),
  SCANNER_MISSING: entry(
    503,
    'after-user-action',
    '没有找到扫描仪',
    '请检查扫描仪的电源和连接线，或改用高拍仪、上传图片',
  ),
  SCANNER_EMPTY: entry(
    409,
    'after-user-action',
    '进纸器中没有纸',
    '请将材料理齐，按扫描仪标示的方向放入进纸器，再点“继续扫描”',
  ),
  SCANNER_JAMMED: entry(
    409,
    'after-user-action',
    '扫描仪卡纸',
    '请打开扫描仪取出卡住的纸，和没扫的纸一起放回进纸器，再点“继续扫描”；已扫的页面都在',
  ),
  SCANNER_COVER_OPEN: entry(
    409,
    'after-user-action',
    '扫描仪的盖板没有合上',
    '请合上盖板，再点“继续扫描”；已扫的页面都在',
  ),
  SCANNER_DOUBLE_FEED: entry(
    409,
    'after-user-action',
    '扫描仪一次吸入了多张纸',
    '请取出粘在一起的纸，抖松后放回进纸器，核对最后一页，再点“继续扫描”',
  ),
  SCANNER_LOST: entry(
    503,
    'after-user-action',
    '扫描仪在扫描中断开',
    '请检查电源和连接线，把没扫完的这一页放回，再点“继续扫描”；已扫的页面都在',
  ),
  SCANNER_REFUSED: entry(
    403,
    'after-user-action',
    '扫描仪拒绝了本站的扫描',
    '请在扫描仪上允许电脑扫描，或请工作人员检查权限',
  ),
  SCANNER_SHEET_LOST: entry(
    409,
    'after-user-action',
    '有纸张经过了扫描仪，但没有得到完整的画面',
    '请与原件逐页核对，把缺少的那一张连同没扫的纸放回进纸器，再点“继续扫描”；已扫的页面都在',
  ),
  SCANNER_STOPPED: entry(
    409,
    'after-user-action',
    '扫描仪自己停止了扫描，纸可能没有扫完',
    '请核对最后一页，把没扫的纸放回进纸器，再点“继续扫描”；已扫的页面都在',
  ),
  SCANNER_SETTING_UNSUPPORTED: entry(
    422,
    'after-user-action',
    '这台扫描仪没有所选的进纸方式',
    '请点“重新查找”，换一种进纸方式再扫描',
  ),
  SCANNER_FOLDER_LOST: entry(
    503,
    'after-user-action',
    '扫描文件夹不见了',
    '请检查网络盘或移动硬盘是否连接；恢复后会自动继续，已导入的页面都在',
  ),
  SCANNER_FOLDER_FORBIDDEN: entry(
    403,
    'after-user-action',
    '采集站没有读取扫描文件夹的权限',
    '请联系工作人员开放该文件夹的读取权限；开放后会自动继续，已导入的页面都在',
  ),
  SCANNER_FOLDER_READ_ONLY: entry(
    403,
    'after-user-action',
    '扫描文件夹不能写入，处理过的文件只能留在原处',
    '已导入的页面都在，请勿重复扫描；请联系工作人员开放该文件夹的写入权限或清理磁盘',
  ),
  CARD_READER_MISSING: entry(
    503,
    'after-user-action',
    '没有找到身份证读卡器',
    '请检查读卡器的连接线，或改用手工填写',
  ),
  CARD_READER_SERVICE_MISSING: entry(
    503,
    'after-user-action',
    '读卡器配套程序没有运行',
    '请联系工作人员启动读卡器厂家的读卡程序，或改用手工填写',
  ),
  CARD_READER_LOST: entry(
    503,
    'after-user-action',
    '读卡过程中读卡器断开',
    '请插好读卡器的连接线，把身份证放好再读一次；已填内容都在',
  ),
  CARD_READER_HELD: entry(
    409,
    'after-user-action',
    '读卡器正被其他程序使用',
    '请联系工作人员关闭占用读卡器的其他程序，再读一次',
  ),
  CARD_READER_READING: entry(
    409,
    'after-user-action',
    '读卡器正在为本站的另一项操作读卡',
    '请先完成或取消正在进行的读卡，再试一次',
  ),
  CARD_READER_SERVICE_SILENT: entry(
    504,
    'after-user-action',
    '读卡器配套程序没有应答',
    '请联系工作人员关闭并重新启动读卡器厂家的读卡程序，或改用手工填写',
  ),
  CARD_READER_SILENT: entry(
    504,
    'after-user-action',
    '读卡器没有应答',
    '请拔下读卡器再插好；仍不行请联系工作人员',
  ),
  CARD_NOT_PLACED: entry(408, 'after-user-action', '没有读到身份证', '请将身份证平放在读卡区，不要移动'),
  CARD_READ_FAILED: entry(502, 'after-user-action', '身份证读取失败', '请拿起身份证重新放好，再试一次'),
  CARD_READER_UNAUTHORISED: entry(503, 'never', '读卡器未通过授权自检', '请联系维护人员更换读卡器安全模块'),
  WORK_IN_PROGRESS: entry(409, 'later', '这份材料的上一步还在处理中', '请等它完成，或先取消，再继续'),
  DEVICE_BUSY: entry(409, 'later', '设备正在使用中', '请稍候再试'),
  DEVICE_LOST: entry(503, 'after-user-action', '设备已断开', '请重新插好设备后再试'),
  DEVICE_FORBIDDEN: entry(
    503,
    'never',
    '采集站程序没有使用此设备的权限',
    '请联系维护人员为采集站程序开放该设备的权限，再重新插拔设备',
  ),
  DEVICE_TIMEOUT: entry(504, 'later', '设备没有响应', '请重新插拔设备后再试'),
  DEVICE_FAULT: entry(502, 'later', '设备出现故障', '请重新插拔设备；仍不行请联系工作人员'),
  DRIVER_MISSING: entry(503, 'never', '设备驱动程序缺失', '请联系维护人员安装此设备的驱动'),
  // signing token
  TOKEN_MISSING: entry(503, 'after-user-action', '没有检测到UKey', '请将UKey插入采集站的USB口'),
  TOKEN_REMOVED: entry(
    503,
    'after-user-action',
    '签章过程中UKey被拔出，签章没有完成',
    '请重新插入UKey，再次签章；已填内容都在',
  ),
  PIN_INCORRECT: entry(401, 'after-user-action', 'UKey密码错误', '请核对后重新输入，连续输错会锁定UKey'),
  PIN_FORMAT: entry(
    400,
    'after-user-action',
    'UKey密码格式不正确',
    '请输入 6 至 16 位密码，使用半角数字或字母',
  ),
  PIN_LOCKED: entry(423, 'never', 'UKey已被锁定', '请携带UKey到发证的CA机构解锁，采集站无法解锁'),
  PIN_FORGOTTEN: entry(
    401,
    'after-user-action',
    '连续签章已停止，UKey密码已清除',
    '已签好的材料不受影响；请重新输入密码，继续签其余材料',
  ),
  PIN_TOO_SIMPLE: entry(
    400,
    'after-user-action',
    '新密码过于简单',
    '请勿使用初始密码、相同或连续的数字，也不要与原密码相同',
  ),
  TOKEN_HAS_NO_CERTIFICATE: entry(422, 'never', 'UKey中没有可用的签名证书', '请到发证的CA机构办理'),
  CERTIFICATE_EXPIRED: entry(422, 'never', 'UKey证书已过期', '请到发证的CA机构办理更新'),
  CERTIFICATE_NOT_YET_VALID: entry(422, 'never', 'UKey证书尚未生效', '请核对采集站时间，或联系CA机构'),
  CERTIFICATE_REVOKED: entry(422, 'never', 'UKey证书已被吊销', '请到发证的CA机构办理新证书'),
  REVOCATION_UNKNOWN: entry(
    503,
    'later',
    '暂时无法确认UKey证书是否已被吊销',
    '请联系工作人员更新CA机构的吊销列表后再试',
  ),
  CERTIFICATE_WRONG_USE: entry(422, 'never', '所选证书不能用于签名', '请选择签名证书'),
  CERTIFICATE_UNTRUSTED: entry(
    422,
    'never',
    'UKey证书无法追溯到受信任的CA机构',
    '请使用本地区认可的CA机构的UKey；若已是，请联系工作人员补充该CA机构的（中级）证书',
  ),
  CERTIFICATE_WRONG_PURPOSE: entry(
    422,
    'never',
    '所选证书的用途不包括文件签章',
    '请选择可签署文件的证书，或到发证的CA机构办理',
  ),
  CERTIFICATE_OF_AUTHORITY: entry(
    422,
    'never',
    '所选证书是CA机构自身的证书，不能用于签章',
    '请选择单位或个人的签名证书',
  ),
  CERTIFICATE_WEAK: entry(
    422,
    'never',
    'UKey证书或其CA机构证书使用了不安全的算法或过短的密钥',
    '请到发证的CA机构更换证书',
  ),
  CERTIFICATE_UNSUPPORTED: entry(
    422,
    'never',
    'UKey证书或其CA机构证书使用了本站不支持的算法',
    '请到发证的CA机构更换为RSA、ECDSA或SM2证书',
  ),
  CERTIFICATE_MALFORMED: entry(422, 'never', 'UKey证书的结构不符合规定', '请到发证的CA机构更换证书'),
  CERTIFICATE_EXTENSION_UNKNOWN: entry(
    422,
    'never',
    'UKey证书或其CA机构证书含有本站无法判断的关键扩展项',
    '请联系维护人员，并告知发证的CA机构名称',
  ),
  CERTIFICATE_NAME_FORBIDDEN: entry(
    422,
    'never',
    'UKey证书中的名称超出其CA机构获准签发的范围',
    '请到发证的CA机构核实',
  ),
  CERTIFICATE_ISSUER_NOT_ALLOWED: entry(
    422,
    'never',
    'UKey证书的签发者无权签发该证书',
    '请到发证的CA机构核实',
  ),
  CERTIFICATE_CHAIN_TOO_LONG: entry(
    422,
    'never',
    'UKey证书到受信任CA机构之间的层级过多',
    '请联系维护人员把其中级CA机构列为受信任机构',
  ),
  CERTIFICATE_OF_OTHER_SUBJECT: entry(
    403,
    'after-user-action',
    'UKey不属于当前登录的单位',
    '请插入当前单位的UKey；单位已更名的，请用新证书重新登录',
  ),
  CHALLENGE_INVALID: entry(401, 'after-user-action', '登录验证已过期', '请重新登录'),
  SIGNATURE_INVALID: entry(422, 'never', '签章验证未通过', '请重新签章后再提交'),
  // records
  RECORD_NOT_EDITABLE: entry(409, 'never', '该信息已提交，不能直接修改', '黄灯可“补充完善”，绿灯请“新增”'),
  SEAL_CHARACTERS_MISSING: entry(
    422,
    'never',
    '本站的印章字体中没有这些字，盖出来会是空框',
    '材料和UKey都没有问题；请联系维护人员为本站安装含有这些字的字体',
  ),
  TRUST_FILE_UNREADABLE: entry(
    500,
    'never',
    '受信任CA机构的证书文件无法读取',
    '请换成 PEM、DER（.cer、.crt）或 PKCS#7（.p7b）格式的证书文件',
  ),
  NOT_SEALED: entry(409, 'after-user-action', '材料尚未签章', '请先签章，再保存或提交'),
  RECORD_NOT_SEALED: entry(
    409,
    'after-user-action',
    '整份信息尚未签章',
    '请插入当前单位的UKey，点“提交”并输入密码；已填内容都在',
  ),
  NOT_CHECKED: entry(409, 'after-user-action', '材料尚未智能核验', '请先点“保存”查看智慧校验结果'),
  NOT_SUBMITTED: entry(409, 'after-user-action', '信息尚未提交入库', '请先点“提交”，再推送'),
  RED_LIGHT: entry(
    422,
    'after-user-action',
    '红灯：关键实质性信息存在偏差，不能保存或提交',
    '请修正红灯项或补充证明材料',
  ),
  MATERIAL_MISSING: entry(409, 'after-user-action', '必要材料尚未齐全', '请补齐所列材料后再提交'),
  NO_PAGES: entry(409, 'after-user-action', '尚未上传电子文件', '请先上传图片或用高拍仪拍照'),
  // cases at the desk
  CASE_CLOSED: entry(409, 'never', '该事项已办结或已进入下一步', '请刷新列表查看最新状态'),
  OPINION_REQUIRED: entry(
    400,
    'after-user-action',
    '请填写审核意见',
    '审核不通过时须写明原因，便于申请人修改',
  ),
  // accounts of the desk
  ACCOUNT_UNKNOWN: entry(404, 'never', '没有这个账号', '请刷新列表后重新选择'),
  ACCOUNT_TAKEN: entry(409, 'after-user-action', '账号已经存在', '请换一个账号；已停用的账号可以直接恢复'),
  ACCOUNT_OWN: entry(
    409,
    'never',
    '不能停用自己、撤销自己的账号管理权限或重设自己的密码',
    '请由另一位管理员办理',
  ),
  PERMISSION_OWN: entry(403, 'never', '不能给自己增加权限或更换部门', '请由另一位管理员办理'),
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
  // queue and sync
  STORE_FULL: entry(
    507,
    'after-user-action',
    '采集站磁盘空间不足',
    '请联系工作人员清理空间；已保存的内容不受影响',
  ),
  STORE_LOCKED: entry(409, 'never', '采集站程序已在运行', '请关闭另一个采集站程序'),
  STORE_EMPTIED: entry(
    409,
    'never',
    '采集站的数据库丢失或被清空，而扫描件和密钥还在，已停止启动以免误删',
    '请联系维护人员换回 store.db；确实要重新开始，请把整个数据目录移到别处，再启动并重新登记',
  ),
  STATION_FENCED: entry(
    409,
    'never',
    '另一台采集站正在使用同一身份，本站已停止上传',
    '请联系管理员为本站重新登记',
  ),
  STATION_UNKNOWN: entry(401, 'never', '服务器不认识本采集站', '请联系管理员登记本站'),
  STATION_QUARANTINED: entry(409, 'never', '本站数据与服务器记录不符，已暂停上传', '请联系管理员核对本站'),
  ENROLMENT_REFUSED: entry(403, 'never', '登记码不正确或已被使用', '请向管理员索取新的登记码'),
  PLAIN_HTTP_REFUSED: entry(
    403,
    'never',
    '服务器地址是不加密的 http://，而服务器不在本机：采集站不会这样传送申请人的材料',
    '请把服务器地址改为 https://；封闭的测试网络可在采集站配置的 server 下设 allowPlainHttp: true（或环境变量 LUDENG_ALLOW_PLAIN_HTTP=1）',
  ),
  VERSION_UNSUPPORTED: entry(426, 'never', '采集站版本与服务器不兼容', '请联系维护人员升级'),
  // A page that edits what has changed meanwhile, or an item whose id the server knows with other content.
  CONFLICT: entry(
    409,
    'after-user-action',
    '内容刚刚被修改过，与您看到的不一致',
    '请核对最新内容后再操作一次；仍出现请联系工作人员，内容都在本站',
  ),
  HASH_MISMATCH: entry(422, 'later', '传输的文件校验不一致', '系统将自动重传，无需操作'),
  SERVER_BUSY: entry(503, 'later', '服务器繁忙', '系统将自动重试，无需操作'),
  SERVER_UNREACHABLE: entry(503, 'later', '暂时连不上服务器', '内容已存在本站，线路恢复后会自动上传'),
  CATALOGUE_UNKNOWN: entry(409, 'never', '服务器没有本站所用的业务配置版本', '请联系维护人员同步配置'),
  VERDICT_MISMATCH: entry(422, 'never', '服务器复核结果与采集站不一致', '请重新核验后再提交'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];
