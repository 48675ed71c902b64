import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { getDocumentType, getProgramme, getRecordKind } from '#domain/catalogue/lookup.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { ConfigError, configFolder, loadCatalogue } from './load-catalogue.ts';

const folders: string[] = [];
function copyOfConfig(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ludeng-config-'));
  folders.push(folder);
  for (const sub of ['document-types', 'programmes', 'workflows'])
    cpSync(join(configFolder, sub), join(folder, sub), { recursive: true });
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const faultOf = (folder: string): ConfigError => {
  try {
    loadCatalogue(folder);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
};

const catalogue = loadCatalogue();
const liaoning = getProgramme(catalogue, 'liaoning-subject-library');

describe('loadCatalogue', () => {
  it('gives the same hash for the same content', () => {
    expect(loadCatalogue(copyOfConfig()).hash).toBe(catalogue.hash);
    expect(catalogue.hash).toMatch(/^[0-9a-f]{64}$/);
  });
  it('names file, line and column of broken YAML, together with the faults of other files', () => {
    const folder = copyOfConfig();
    writeFileSync(join(folder, 'workflows/broken.yaml'), 'id: [unclosed\n');
    writeFileSync(join(folder, 'document-types/empty.yaml'), 'id: empty\nid: twice\n');
    const { problems, message } = faultOf(folder);
    expect(problems.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['workflows/broken.yaml', 'document-types/empty.yaml']),
    );
    expect(message).toMatch(/workflows\/broken\.yaml.*line \d+, column \d+/);
  });
  it('does not accept an empty folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ludeng-config-'));
    folders.push(folder);
    expect(faultOf(folder).problems).toHaveLength(1);
  });
  it('throws NOT_FOUND for an unknown id', () => {
    expect(() => getDocumentType(catalogue, 'nothing')).toThrow(AppError);
  });
});

describe('the Liaoning programme', () => {
  it('has the nine modules of LNC-020 in order', () => {
    expect(liaoning.sections.map((section) => section.title)).toEqual([
      '企业基本信息',
      '经营资质',
      '企业人员',
      '企业认证荣誉',
      '企业业绩',
      '经营管理信息',
      '在建工程',
      '企业诉讼',
      '外埠入辽',
    ]);
    expect(liaoning.subjectRoles.map((role) => role.name)).toEqual(['投标人', '招标人', '代理机构']);
  });
  it('shares the basic information among all subject types (LNC-042)', () => {
    expect(liaoning.sections[0]?.roles).toEqual([]);
  });
  it('has the columns of LNC-069', () => {
    const kind = getRecordKind(catalogue, liaoning.id, 'qualification-grade');
    expect(kind.columns.map((column) => column.title)).toEqual([
      '序号',
      '资质名称',
      '资质等级',
      '有效期至',
      '主项资质',
      '智能核验',
      '是否签章',
      '提交时间',
      '推送领域情况',
      '操作',
    ]);
  });
  it('has the six tips LNC-137 to LNC-142 to the character', () => {
    expect(liaoning.tips).toEqual([
      '本页面展示的是智慧校验结果，请认真阅读参考。',
      '本页面左边是您填写的信息内容，右边是您对应字段标记计算机自动识别的内容，右边识别内容准确程度与您标记内容存在强关联性，请认真填写及标记。',
      '本页面“红灯”“黄灯”“绿灯”代表材料信息填写内容或标记内容信息智能核验的结果状态显示。',
      '本页面显示红灯代表本材料信息填写或标记的关键实质性信息存在偏差，您将无法提交信息入库，需要您重新修正或补充相关证明材料。',
      '本页面显示黄灯，可以正常提交信息入库，用于现有方式评标。',
      '本页面显示绿灯，信息准确且可以生成数字证照用于数字化智能评标。',
    ]);
  });
  it('has the notes LNC-051, LNC-055 and LNC-074 to the character', () => {
    // the two signs stand in the places that the text leaves for them
    expect(liaoning.texts['markNote']?.replace('{key}', '').replace('{digital}', '')).toBe(
      '注：标记代表关键实质性信息，标记代表数字化智能识别信息。如上传的附件中未能体现需要标记的信息或需要标记的信息位置有水印、不清晰，标记后识别不准确，这时就需要您提供可以体现需要标记信息的辅助材料（合并上传），并进行标记。',
    );
    expect(liaoning.texts['uploadBanner']).toBe('智能模式 上传电子文件');
    // 查看标准 is the button behind it
    expect(liaoning.texts['uploadHint']).toBe(
      '注：为了保证上传的材料智能识别通过率，请使用规范数字化扫描标准上传',
    );
  });
  it('has the form of LNC-189 and the eight kinds of business of LNC-190', () => {
    const { form } = getRecordKind(catalogue, liaoning.id, 'basic-info');
    expect(form.map((field) => field.label)).toEqual([
      '统一社会信用代码',
      '单位名称',
      '注册地',
      '类型',
      '联系人',
      '联系人电话',
      '网址',
      '传真',
      '邮政编码',
      '是否中小企业',
      '成立时间',
      '经营类型',
    ]);
    expect(form.every((field) => field.required)).toBe(true);
    expect(form.at(-1)?.choices).toHaveLength(8);
    expect(form.at(-1)?.multiple).toBe(true);
  });
  it('has the form of LNC-028', () => {
    const { fields } = getDocumentType(catalogue, 'business-licence');
    expect(fields.filter((field) => field.required).map((field) => field.label)).toEqual([
      '企业名称',
      '企业类型',
      '统一社会信用代码',
      '住所',
      '法定代表人',
      '登记机关',
      '营业期限',
      '经营范围',
    ]);
  });
  it('has the contacts of LNC-210', () => {
    expect(liaoning.contacts.map((contact) => contact.value)).toEqual([
      '19802479955',
      '13644976603',
      '周一至周五 08:30-11:30, 13:00-17:00 (工作日)',
      '19802439955',
    ]);
  });
});
