/** Queue and sync. */
import { entry } from '../entry.ts';

export const syncErrors = {
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
  VERSION_UNSUPPORTED: entry(
    426,
    'never',
    '采集站版本与服务器不兼容',
    '请联系维护人员升级（先升级服务器，再升级采集站）；待上传的信息都保存在本站，升级后自动继续',
  ),
  // A page that edits what has changed meanwhile, or an item whose id the server knows with other content.
  CONFLICT: entry(
    409,
    'after-user-action',
    '内容刚刚被修改过，与您看到的不一致',
    '请核对最新内容后再操作一次；仍出现请联系工作人员，内容都在本站',
  ),
  HASH_MISMATCH: entry(422, 'later', '传输的文件校验不一致', '系统将自动重传，无需操作'),
  QUOTA_EXCEEDED: entry(
    429,
    'later',
    '本站今天上传的数据已超过服务器给每个采集站的限额',
    '内容都在本站，稍后会自动重试；确有大量材料请联系管理员调高限额',
  ),
  SERVER_BUSY: entry(503, 'later', '服务器繁忙', '系统将自动重试，无需操作'),
  DATABASE_BUSY: entry(
    503,
    'later',
    '服务器的数据库正被其他程序占用',
    '请稍候再试；一直如此请联系系统管理员关闭占用数据库的程序',
  ),
  SERVER_UNREACHABLE: entry(503, 'later', '暂时连不上服务器', '内容已存在本站，线路恢复后会自动上传'),
  CATALOGUE_UNKNOWN: entry(409, 'never', '服务器没有本站所用的业务配置版本', '请联系维护人员同步配置'),
  VERDICT_MISMATCH: entry(422, 'never', '服务器复核结果与采集站不一致', '请重新核验后再提交'),
} as const;
