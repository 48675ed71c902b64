/** Records of a user centre that are filed beside a running server, with their cases opened: what its browser pages do. */
import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { nobody } from '#domain/accounts/schema.ts';
import type { AttachedFile } from '#domain/record/schema.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import { openBlobs } from '../../sync-server/choose-stores.ts';
import { asking } from '../../sync-server/ports/asking.ts';
import { createAnnouncements } from '../../sync-server/services/announcements.ts';
import { createCaseOpening } from '../../sync-server/services/cases/case-opening.ts';
import { createOpenCase } from '../../sync-server/services/cases/open-case.ts';
import { createFileRecord } from '../../sync-server/services/records/file-record.ts';
import { createCaseRows } from '../../sync-server/store/case-rows.ts';
import { createCatalogueRows } from '../../sync-server/store/catalogue-rows.ts';
import { createFiledRecordRows } from '../../sync-server/store/filed-record-rows.ts';
import { createJobRows } from '../../sync-server/store/job-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { createRecordRows } from '../../sync-server/store/record-rows.ts';
import { createRegisterRows } from '../../sync-server/store/register-rows.ts';
import type { Someone } from './phone.ts';
import { storeSettings } from './server-stores.ts';

const programme = 'yunnan-user-centre';
/** From where and with what it is filed. */
export const office = {
  address: '203.0.113.7',
  device: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/128.0.0.0 Safari/537.36',
} as const;

/** Whose it is, and who confirms it. */
export interface Filing {
  unitName: string;
  creditCode: string;
  representative: Someone;
  handler: Someone;
}

export type CaseFiler = Awaited<ReturnType<typeof openCaseFiler>>;

export async function openCaseFiler(folder: string, settings: Partial<ServerSettingsInput> = {}) {
  const catalogue = loadCatalogue();
  const { db, close } = await openStore({ ...(await storeSettings(folder)), folder, beside: true });
  const { blobs, close: closeBlobs } = openBlobs(
    serverSettingsSchema.parse({ dataFolder: folder, ...(await storeSettings(folder)), ...settings }),
  );
  const clock = { now: () => new Date().toISOString(), nowMs: Date.now };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const opening = createCaseOpening({ registers: createRegisterRows(db, []) });
  const [records, cases] = [createRecordRows(db), createCaseRows(db, [])];
  const announcements = createAnnouncements();
  const openCase = createOpenCase({
    ...{ opening, records, cases, catalogue, announcements, clock, log, makeId: ulid },
    catalogues: createCatalogueRows(db),
  });
  const fileRecord = createFileRecord({
    ...{ rows: createFiledRecordRows(db), catalogue, opening, clock, log, makeId: ulid },
    serverKey: { sign: (text) => createHash('sha256').update(text).digest('base64') },
    onFiled: () => undefined,
  });

  async function file(
    {
      kind,
      role,
      subject,
      form,
    }: {
      kind: string;
      role: string;
      subject: Filing | Pick<Filing, 'unitName' | 'creditCode'>;
      form: Record<string, string>;
    },
    { attachments = [] as readonly AttachedFile[], isPerson = false } = {},
  ): Promise<{ recordId: string; caseId: string }> {
    const { recordId } = await asking.run({ actor: nobody, ...office }, () =>
      fileRecord({
        ...{ programme, kind, role, form, attachments, actor: nobody },
        subject: {
          ...(isPerson ? { kind: 'person' as const } : {}),
          ...{ name: subject.unitName, creditCode: subject.creditCode },
        },
      }),
    );
    const jobs = createJobRows(db);
    const claim = { owner: 'test', nowMs: Date.now(), leaseMs: 60_000, againMs: () => 60_000 };
    for (let job = await jobs.claim(claim); job; job = await jobs.claim(claim)) await openCase(job);
    const [opened] = await cases.ofRecord(recordId);
    if (!opened) throw new Error(`no case of ${recordId}`);
    return { recordId, caseId: opened.case.id };
  }
  async function picture(attachment: string, bytes: Uint8Array): Promise<AttachedFile> {
    const sha = createHash('sha256').update(bytes).digest('hex');
    await blobs.put(sha, bytes);
    return {
      ...{ attachment, sha, size: bytes.length, mime: 'image/jpeg', name: `${attachment}.jpg` },
      addedAt: clock.now(),
    };
  }
  const people = ({ representative, handler }: Filing) => ({
    ...{ representative: representative.name, representativeId: representative.idNumber },
    ...{ representativeMobile: representative.mobile, handler: handler.name },
    ...{ handlerId: handler.idNumber, handlerMobile: handler.mobile },
  });

  return {
    db,
    /** 企业, 事业单位, or 团体、个人. */
    async registration(
      filing: Filing,
      type: 'enterprise' | 'public-body' | 'group' = 'enterprise',
      bytes: Uint8Array = jpeg,
    ) {
      const { unitName, creditCode, representative } = filing;
      const papers = {
        enterprise: ['licence', 'authorisation', 'commitment'],
        'public-body': ['unit-certificate', 'authorisation', 'commitment'],
        group: ['id-card-front', 'id-card-back', 'authorisation', 'commitment'],
      }[type];
      const attachments = await Promise.all(papers.map((paper) => picture(paper, bytes)));
      const form = { unitName, address: '昆明市五华区1号', ...people(filing) };
      if (type === 'group')
        return file(
          {
            ...{ kind: 'group-registration', role: 'group-or-person', form },
            subject: { unitName, creditCode: representative.idNumber },
          },
          { attachments, isPerson: true },
        );
      if (type === 'public-body')
        return file(
          {
            kind: 'public-body-registration',
            role: 'public-body',
            form: { ...form, creditCode },
            subject: filing,
          },
          { attachments },
        );
      const more = {
        creditCode,
        unitType: '有限责任公司',
        establishedOn: '2017-03-01',
        businessScope: '建筑施工',
      };
      return file(
        { kind: 'enterprise-registration', role: 'enterprise', form: { ...form, ...more }, subject: filing },
        { attachments },
      );
    },
    handlerAccount: (filing: Filing, person: Someone) =>
      file({
        ...{ kind: 'handler-account', role: 'enterprise', subject: filing },
        form: {
          ...{
            type: 'ordinary',
            person: person.name,
            personId: person.idNumber,
            personMobile: person.mobile,
          },
          confirmer: filing.representative.idNumber,
        },
      }),
    mainHandlerChange: (filing: Filing, person: Someone) =>
      file({
        ...{ kind: 'main-handler-change', role: 'enterprise', subject: filing },
        form: {
          ...{ handler: person.name, handlerId: person.idNumber, handlerMobile: person.mobile },
          ...{ reason: '人员调动', accountType: 'enterprise', confirmer: filing.representative.idNumber },
        },
      }),
    async close() {
      closeBlobs();
      await close();
    },
  };
}

const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xd9]);
