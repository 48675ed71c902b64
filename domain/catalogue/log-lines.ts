/**
 * What stands in 操作记录 (the log of a record), by what happened. A closed list: a programme may put other words in its place
 * (`logLines` of programme.yaml: another province says 上报 for 提交入库), and cannot invent a line that nobody writes.
 */
import { z } from 'zod';
import { maxLength } from '../limits.ts';

export const logLineKeySchema = z.enum([
  'created',
  'supplemented',
  'card-read',
  'uploaded',
  'auxiliary-uploaded',
  'portrait-taken',
  'scanned',
  'corners-set',
  'pages-arranged',
  'attached',
  'attachment-removed',
  'sealed',
  'sealed-by-person',
  'checked',
  'submitted',
  'pushed',
  'stored',
  'rejected',
  'returned',
  'superseded',
  'push-delivered',
  'push-approved',
  'push-refused',
  'overruled',
  'attachment-read',
  'withdrawn',
  'linked',
]);
export type LogLineKey = z.infer<typeof logLineKeySchema>;
export type LogLines = Readonly<Record<LogLineKey, string>>;

export const standardLogLines: LogLines = {
  created: '新增',
  supplemented: '补充完善',
  'card-read': '读取身份证',
  uploaded: '上传电子文件',
  'auxiliary-uploaded': '合并上传辅助材料',
  'portrait-taken': '拍摄人像',
  scanned: '扫描归入电子文件',
  'corners-set': '调整页面边角',
  'pages-arranged': '整理页面',
  attached: '上传附件',
  'attachment-removed': '删除附件',
  sealed: '签章',
  'sealed-by-person': '法定代表人签章',
  checked: '智能核验',
  submitted: '提交入库',
  pushed: '信息推送',
  stored: '入库',
  rejected: '退回',
  returned: '退回补正',
  superseded: '已由新信息替代',
  'push-delivered': '推送已送达',
  'push-approved': '推送审核通过',
  'push-refused': '推送审核未通过',
  overruled: '改判核验结果',
  'attachment-read': '识别附件并填写',
  withdrawn: '申请撤回',
  linked: '自动关联信息',
};

/** As a programme gives it: only the lines that it words otherwise. */
export const ownLogLinesSchema = z.partialRecord(logLineKeySchema, z.string().min(1).max(maxLength.text));

/** The lines of a programme of the catalogue; the standard ones for one that it does not have. */
export function logLinesOf(
  catalogue: {
    readonly programmes: readonly {
      id: string;
      logLines?: Partial<Record<LogLineKey, string>> | undefined;
    }[];
  },
  programme: string,
): LogLines {
  const own = catalogue.programmes.find(({ id }) => id === programme)?.logLines;
  return { ...standardLogLines, ...own };
}
