/** An applicant at the counter, in few words: what the acceptance tests say is what the person does. */
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { Values } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { demoLicence, demoQualification } from './documents.ts';
import type { WholeStation } from './whole-station.ts';

export const qualificationValues: Values = {
  companyName: demoQualification.companyName,
  qualificationName: '建筑工程施工总承包',
  grade: '一级',
  qualificationCategoryAndGrade: demoQualification.qualificationCategoryAndGrade,
  certificateNumber: demoQualification.certificateNumber,
  issuingAuthority: demoQualification.issuingAuthority,
  validUntil: '2030-12-31',
};

export const licenceValues: Values = {
  companyName: demoLicence.companyName,
  companyType: demoLicence.companyType,
  creditCode: demoLicence.creditCode,
  address: demoLicence.address,
  legalRepresentative: demoLicence.legalRepresentative,
  registeredCapital: '50000000',
  registrationAuthority: demoLicence.registrationAuthority,
  businessTerm: '2012-06-18/2042-06-17',
  businessScope: demoLicence.businessScope,
};

export const basicForm: Values = {
  registeredPlace: '辽宁省沈阳市',
  companyType: '有限责任公司',
  contactName: '李经办',
  contactPhone: '13800138000',
  website: '无',
  fax: '无',
  postcode: '110000',
  isSmallOrMedium: 'yes',
  establishedOn: '2012-06-18',
  businessTypes: '施工单位',
};

export interface Applicant {
  login(role?: string): Promise<void>;
  logout(): Promise<void>;
  record(id: string): Promise<LudengRecord>;
  addQualification(): Promise<LudengRecord>;
  upload(id: string, slot: string, file: Uint8Array, query?: Record<string, string>): Promise<Job>;
  fill(id: string, slot: string, values: Values, options?: { confirmed?: boolean }): Promise<LudengRecord>;
  seal(id: string, slot: string, pin?: string): Promise<LudengRecord>;
  /** 保存. */
  save(id: string, slot: string): Promise<Job>;
  submit(id: string): Promise<LudengRecord>;
  push(id: string, field: string): Promise<LudengRecord>;
}

export function createApplicant(whole: () => WholeStation): Applicant {
  const station = () => whole().station;
  let key: { tokenId: string; certificateId: string } | undefined;

  const record: Applicant['record'] = (id) => station().call('record', { params: { id } });
  const revision = async (id: string): Promise<number> => (await record(id)).revision;

  return {
    record,
    async login(role = 'bidder') {
      const tokens = await station().call('tokens');
      const isOwn = ({ certificates }: (typeof tokens)[number]): boolean =>
        certificates.some(({ creditCode }) => creditCode === demoLicence.creditCode);
      const token = tokens.find(isOwn) ?? tokens[0];
      const certificate = token?.certificates.find(({ use }) => use === 'sign');
      if (!token || !certificate) throw new Error('no token is plugged in');
      key = { tokenId: token.id, certificateId: certificate.id };
      await station().call('login', { body: { ...key, pin: demoPin } });
      await station().call('role', { body: { role } });
    },
    async logout() {
      await station().call('logout');
    },
    async addQualification() {
      return station().call('createRecord', {
        body: {
          kind: 'qualification-grade',
          answers: { certificateType: 'construction-general-building', isMain: 'yes' },
        },
      });
    },
    async upload(id, slot, file, query = { source: 'upload' }) {
      return station().finished(await station().call('capture', { params: { id, slot }, query, body: file }));
    },
    async fill(id, slot, values, { confirmed = true } = {}) {
      return station().call('editValues', {
        params: { id, slot },
        body: { revision: await revision(id), values, confirmed },
      });
    },
    async seal(id, slot, pin = demoPin) {
      const body = { revision: await revision(id), ...key, pin };
      await station().finished(await station().call('seal', { params: { id, slot }, body }));
      return record(id);
    },
    async save(id, slot) {
      return station().finished(
        await station().call('save', { params: { id, slot }, body: { revision: await revision(id) } }),
      );
    },
    async submit(id) {
      return station().call('submit', { params: { id }, body: { revision: await revision(id) } });
    },
    async push(id, field) {
      return station().call('push', { params: { id }, body: { field } });
    },
  };
}
