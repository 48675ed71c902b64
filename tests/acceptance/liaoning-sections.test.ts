/** The sections of 辽宁省工程建设项目主体云库 beside 资质等级证书, each walked through agent, server and simulated devices. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Values } from '#domain/primitives.ts';
import { basicForm, createApplicant, licenceValues } from '#tests/support/applicant.ts';
import * as drawn from '#tests/support/documents.ts';
import { photograph } from '#tests/support/photograph.ts';
import { createPaperWork } from '#tests/support/paper-work.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;
const applicant = createApplicant(() => whole);

beforeAll(async () => {
  whole = await startWholeStation();
});
afterAll(() => whole.close());
beforeEach(() => applicant.login());

const { create, fillForm, bring, sealAndCheck, stored } = createPaperWork(() => whole, applicant);

describe('企业基本信息', () => {
  test('LNC-040 LNC-084 LNC-194 licence, chip, bank account and three papers without a smart check make it whole', async () => {
    const { id } = await create('basic-info');
    const licence = await photograph(await drawn.drawBusinessLicence(drawn.demoLicence), {
      turnDeg: -2,
      seed: 31,
    });
    await applicant.upload(id, 'business-licence', licence.jpeg);
    await applicant.fill(id, 'business-licence', licenceValues);
    await whole.station.finished(
      await whole.station.call('readCard', { params: { id, slot: 'legal-representative-id' } }),
    );
    const read = (await applicant.record(id)).materials.find((one) => one.slot === 'legal-representative-id');
    expect(read?.chip).toMatchObject({ name: '王建国', idNumber: '210103197506120014' });
    await fillForm(id, basicForm);
    const byLicence = await sealAndCheck(id, 'business-licence');
    expect(byLicence?.fields.filter(({ light }) => light === 'red')).toEqual([]);
    expect((await sealAndCheck(id, 'legal-representative-id'))?.light).toBe('green');
    await expect(applicant.submit(id)).rejects.toMatchObject({ code: 'NO_PAGES' });

    const account = await drawn.drawBasicDepositAccount(drawn.demoAccount);
    expect((await bring(id, 'basic-deposit-account', [account]))?.light).toBe('green');
    const letters = {
      'commitment-letter': drawn.demoCommitment,
      'representative-document': drawn.demoRepresentative,
      'articles-of-association': drawn.demoArticles,
    };
    for (const [slot, letter] of Object.entries(letters)) {
      const verdict = await bring(id, slot, [await drawn.drawLetter(letter)]);
      expect(verdict?.fields.filter(({ light }) => light !== undefined)).toEqual([]);
    }
    // Papers without a smart check leave the light to the others.
    expect((await applicant.record(id)).light).toBe(byLicence?.light);
    await applicant.submit(id);
    const done = await stored(id);
    expect(done.uniqueCode).toBeTruthy();
    if (done.light === 'green') expect(done.digitalCertificate?.uniqueCode).toBe(done.uniqueCode);
  }, 120_000);
});

describe('企业业绩', () => {
  const form: Values = {
    sectionName: drawn.demoAward.sectionName,
    achievementType: 'b',
    projectRegion: '辽宁省沈阳市',
    fundSource: 'state',
    projectCategory: 'building',
    speciality: '建筑工程',
    sectionNumber: drawn.demoAward.sectionNumber,
    constructionNature: 'new',
  };

  test('LNC-121 LNC-133 LNC-151 LNC-152 LNC-157 LNC-162 award notice, contract and completion report make an achievement', async () => {
    const { id } = await create('achievement', { achievementCategory: 'construction' });
    await fillForm(id, form);
    const award = await bring(id, 'award-notice', [await drawn.drawAwardNotice(drawn.demoAward)]);
    expect(award?.fields.filter(({ light }) => light === 'red')).toEqual([]);
    const report = [await drawn.drawCompletionReport(drawn.demoCompletion)];
    await bring(id, 'completion-report', report);
    const contract = await drawn.drawConstructionContract(drawn.demoContract);
    const verdict = await bring(id, 'construction-contract', contract, { hasChanged: 'no' });
    expect(verdict?.fields.filter(({ light }) => light === 'red')).toEqual([]);
    await applicant.submit(id);
    expect((await stored(id)).uniqueCode).toBeTruthy();
  }, 120_000);

  test('a contract over another amount than the award notice is red, and says where', async () => {
    const { id } = await create('achievement', { achievementCategory: 'construction' });
    await bring(id, 'award-notice', [await drawn.drawAwardNotice(drawn.demoAward)]);
    const other = { ...drawn.demoContract, amountInWords: '壹亿叁仟万元整', amount: '130000000.00元' };
    const contract = await drawn.drawConstructionContract(other);
    const verdict = await bring(id, 'construction-contract', contract, { hasChanged: 'no' });
    const amount = verdict?.fields.find(({ field }) => field === 'amount');
    expect(verdict?.light).toBe('red');
    expect(amount?.reasons.map(({ text }) => text).join()).toContain('另一份材料');
  }, 120_000);
});

describe('企业人员 and others', () => {
  test('LNC-082 LNC-084 a person is the ID card read by the reader, with the post by hand', async () => {
    const { id } = await create('staff-member');
    await whole.station.finished(await whole.station.call('readCard', { params: { id, slot: 'id-card' } }));
    await fillForm(id, { position: '项目经理', phone: '13800138000' });
    expect((await sealAndCheck(id, 'id-card'))?.light).toBe('green');
    const [row] = (await whole.station.call('records')).filter((one) => one.id === id);
    expect(row).toMatchObject({ form: { phone: '13800138000' } });
  }, 60_000);

  test('LNC-087 LNC-090 a part of a person’s file is entered where the file is open, once its card says whose it is, and its paper must name that person', async () => {
    const refusal = async (kind: string, partOf?: string): Promise<unknown> =>
      create(kind, {}, partOf).catch((error: { code?: string }) => error.code);
    const { id: person } = await create('staff-member');
    expect(await refusal('staff-insurance')).toBe('BAD_REQUEST');
    const { id: company } = await create('company-honour');
    expect(await refusal('staff-title', company)).toBe('BAD_REQUEST');
    expect(await refusal('staff-insurance', person)).toBe('FILE_NOT_NAMED');
    await applicant.fill(person, 'id-card', { name: '周晓梅', idNumber: '210102199003075525' });
    const part = await create('staff-insurance', { personName: '别人', personIdNumber: '1' }, person);
    expect(part.answers).toEqual({ personName: '周晓梅', personIdNumber: '210102199003075525' });
    const verdict = await bring(part.id, 'certificate', [
      await drawn.drawSocialInsuranceStatement(drawn.demoInsurance),
    ]);
    const red = verdict?.fields.filter(({ light }) => light === 'red').map(({ field }) => field);
    expect(red?.toSorted()).toEqual(['idNumber', 'name']);
  }, 120_000);

  test('LNC-077 the other kept certificates go from upload to a light without red', async () => {
    const { demoSafetyLicence, demoInsurance, demoManagementSystem } = drawn;
    const { id: person } = await create('staff-member');
    await applicant.fill(person, 'id-card', { name: demoInsurance.name, idNumber: demoInsurance.idNumber });
    const papers: [string, Values, drawn.DocumentPicture][] = [
      ['safety-production-licence', {}, await drawn.drawSafetyProductionLicence(demoSafetyLicence)],
      ['staff-insurance', {}, await drawn.drawSocialInsuranceStatement(demoInsurance)],
      [
        'management-system',
        { systemCategory: 'quality' },
        await drawn.drawManagementSystemCertificate(demoManagementSystem),
      ],
    ];
    for (const [kind, answers, picture] of papers) {
      const { id } = await create(kind, answers, kind === 'staff-insurance' ? person : undefined);
      const verdict = await bring(id, 'certificate', [picture]);
      expect([kind, verdict?.fields.filter(({ light }) => light === 'red')]).toEqual([kind, []]);
    }
  }, 120_000);
});
