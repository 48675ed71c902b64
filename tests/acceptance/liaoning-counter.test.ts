/** 辽宁省工程建设项目主体云库 at the counter, through the agent, a real server and simulated devices on real protocols. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { publicRoutes } from '#domain/contracts/public/credentials.ts';
import type { Quad } from '#domain/reading/schema.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { createApplicant, qualificationValues } from '#tests/support/applicant.ts';
import { demoLicence, demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import { photograph } from '#tests/support/photograph.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const slot = 'certificate';
const pushField = 'construction-tendering';
let whole: WholeStation;
let qualificationPhoto: Uint8Array;
const applicant = createApplicant(() => whole);

beforeAll(async () => {
  whole = await startWholeStation();
  qualificationPhoto = (
    await photograph(await drawConstructionQualification(demoQualification), { seed: 21 })
  ).jpeg;
});
afterAll(() => whole.close());
beforeEach(() => applicant.login());

/** Uploaded, read, confirmed: everything before the seal. */
async function preparedQualification(changes: Record<string, string> = {}): Promise<LudengRecord> {
  const { id } = await applicant.addQualification();
  await applicant.upload(id, slot, qualificationPhoto);
  return applicant.fill(id, slot, { ...qualificationValues, ...changes });
}

function failsWith(code: string): { code: string } {
  return expect.objectContaining({ code }) as { code: string };
}

describe('login and subject', () => {
  test('LNC-012 a UKey with a digital certificate logs in and names the company', async () => {
    const { session } = await whole.station.call('station');
    expect(session?.subject).toEqual({ name: demoLicence.companyName, creditCode: demoLicence.creditCode });
  });

  test('LNC-012 a wrong PIN is refused, warns that tries are running out, and logs nobody in', async () => {
    await applicant.logout();
    const [token] = await whole.station.call('tokens');
    const certificateId = token?.certificates[0]?.id;
    await expect(
      whole.station.call('login', { body: { tokenId: token?.id, certificateId, pin: '99999999' } }),
    ).rejects.toEqual(failsWith('PIN_INCORRECT'));
    expect((await whole.station.call('tokens'))[0]?.pin).toMatchObject({ countLow: true, locked: false });
    expect((await whole.station.call('station')).session).toBeUndefined();
    await applicant.login();
  });

  test('LNC-017 LNC-018 the subject type is chosen after login and opens the system', async () => {
    await applicant.login('tenderer');
    expect((await whole.station.call('station')).session?.role).toBe('tenderer');
    expect(await whole.station.call('records')).toBeInstanceOf(Array);
  });

  test('LNC-019 the type is switched by leaving and logging in again', async () => {
    await applicant.logout();
    await expect(whole.station.call('records')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await applicant.login('agency');
    expect((await whole.station.call('station')).session?.role).toBe('agency');
  });

  test('LNC-042 the roles of one enterprise share its basic information, and nothing else', async () => {
    const basic = await whole.station.call('createRecord', { body: { kind: 'basic-info', answers: {} } });
    const qualification = await applicant.addQualification();
    await applicant.login('tenderer');
    const seen = (await whole.station.call('records')).map(({ id }) => id);
    expect(seen).toContain(basic.id);
    expect(seen).not.toContain(qualification.id);
  });
});

describe('reading', () => {
  test('LNC-058 LNC-059 an uploaded certificate is recognised and its fields are extracted with their places', async () => {
    const { id } = await applicant.addQualification();
    const job = await applicant.upload(id, slot, qualificationPhoto);
    expect(job.recognised?.[0]?.documentType).toBe('construction-qualification');
    const [material] = (await applicant.record(id)).materials;
    expect(material?.readings['companyName']?.value).toBe(demoQualification.companyName);
    expect(material?.readings['certificateNumber']?.value).toBe(demoQualification.certificateNumber);
    expect(material?.readings['validUntil']?.value).toBe('2030-12-31');
    expect(material?.pages[0]?.quality.good).toBe(true);
  });

  test('LNC-050 LNC-063 every field to be marked has its place proposed, and it can be marked again', async () => {
    const prepared = await preparedQualification();
    const marks = prepared.materials[0]?.marks ?? {};
    expect(Object.keys(marks)).toEqual(expect.arrayContaining(Object.keys(qualificationValues)));
    const moved = { ...marks, companyName: marks['certificateNumber'] ?? [] };
    const after = await whole.station.call('editMarks', {
      params: { id: prepared.id, slot },
      body: { revision: prepared.revision, marks: moved },
    });
    expect(after.materials[0]?.marks['companyName']).toEqual(marks['certificateNumber']);
  });

  test('LNC-053 auxiliary material is merged with the document and can be marked there', async () => {
    const prepared = await preparedQualification();
    // A mark set by hand: nobody proposes it again.
    const box: Quad = [
      [100, 100],
      [300, 100],
      [300, 140],
      [100, 140],
    ];
    const byHand = { ...prepared.materials[0]?.marks, legalRepresentative: [{ page: 0, box }] };
    const params = { id: prepared.id, slot };
    await whole.station.call('editMarks', { params, body: { revision: prepared.revision, marks: byHand } });
    await applicant.upload(prepared.id, slot, qualificationPhoto, { source: 'camera', auxiliary: 'true' });
    const merged = await applicant.record(prepared.id);
    const [material] = merged.materials;
    expect(material?.pages.map(({ auxiliary }) => auxiliary)).toEqual([false, true]);
    expect(material).toMatchObject({ marks: byHand, confirmed: true });
    const onBoth = {
      ...byHand,
      legalRepresentative: [
        { page: 0, box },
        { page: 1, box },
      ],
    };
    const marked = await whole.station.call('editMarks', {
      params,
      body: { revision: merged.revision, marks: onBoth },
    });
    expect(marked.materials[0]?.marks['legalRepresentative']).toHaveLength(2);
  });
});

describe('seal, check, save, submit', () => {
  test('LNC-066 nothing can be saved before it is sealed, nor submitted before it is saved', async () => {
    const { id } = await preparedQualification();
    await expect(applicant.save(id, slot)).rejects.toEqual(failsWith('NOT_SEALED'));
    await expect(applicant.submit(id)).rejects.toEqual(failsWith('NOT_SEALED'));
    await applicant.seal(id, slot);
    await expect(applicant.submit(id)).rejects.toEqual(failsWith('NOT_CHECKED'));
  });

  test('LNC-066 sealing follows marking: not without the marks of what weighs, and with them', async () => {
    const { id, revision, materials } = await preparedQualification();
    const marks = materials[0]?.marks ?? {};
    const leave = async (kept: typeof marks, at: number) =>
      whole.station.call('editMarks', { params: { id, slot }, body: { revision: at, marks: kept } });
    const bare = await leave({}, revision);
    await expect(applicant.seal(id, slot)).rejects.toEqual(failsWith('NOT_MARKED'));
    const { certificateNumber, ...others } = marks;
    const lacking = await leave(others, bare.revision);
    await expect(applicant.seal(id, slot)).rejects.toMatchObject({
      ...{ code: 'NOT_MARKED', details: { missing: ['证书编号'] } },
    });
    const { issuingAuthority, ...keyFields } = marks;
    expect(certificateNumber ?? issuingAuthority).toBeDefined();
    // what weighs less may stay unmarked, and is yellow then
    await leave(keyFields, lacking.revision);
    expect((await applicant.seal(id, slot)).materials[0]?.seal).toBeDefined();
    expect((await applicant.save(id, slot)).checked?.verdict.light).toBe('yellow');
  });

  test('LNC-037 LNC-065 after sealing, saving shows the check: what was filled in beside what was read', async () => {
    const { id } = await preparedQualification();
    const sealed = await applicant.seal(id, slot);
    expect(sealed.materials[0]?.seal?.signerName).toBe(demoQualification.companyName);
    const { checked } = await applicant.save(id, slot);
    const row = checked?.verdict.fields.find(({ field }) => field === 'companyName');
    expect(row).toMatchObject({
      claimed: demoQualification.companyName,
      recognised: demoQualification.companyName,
      light: 'green',
    });
  });

  test.each([
    ['certificateNumber', 'D221047366'],
    ['companyName', '辽宁沈北建设工程有限公可'],
    ['validUntil', '2031-12-31'],
    ['grade', '二级'],
  ])(
    'LNC-136 LNC-145 LNC-204 one wrong character in the key field %s is red: neither saved nor submitted',
    async (field, wrong) => {
      const { id } = await preparedQualification({ [field]: wrong });
      await applicant.seal(id, slot);
      const { checked } = await applicant.save(id, slot);
      expect(checked?.verdict.light).toBe('red');
      expect(checked?.verdict.fields.find((one) => one.field === field)?.light).toBe('red');
      expect((await applicant.record(id)).state).toBe('draft');
      await expect(applicant.submit(id)).rejects.toEqual(failsWith('RED_LIGHT'));
    },
  );

  test('LNC-145 a certificate number that lacks one of two equal digits is never green', async () => {
    const { id } = await preparedQualification({ certificateNumber: 'D21047365' });
    await applicant.seal(id, slot);
    const { checked } = await applicant.save(id, slot);
    const row = checked?.verdict.fields.find(({ field }) => field === 'certificateNumber');
    expect(row?.light).toMatch(/^(red|yellow)$/);
    expect(checked?.verdict.light).toMatch(/^(red|yellow)$/);
  });

  test('LNC-145 a wrong digital field is yellow and may be submitted', async () => {
    const { id } = await preparedQualification({ issuingAuthority: '吉林省住房和城乡建设厅' });
    await applicant.seal(id, slot);
    expect((await applicant.save(id, slot)).checked?.verdict.light).toBe('yellow');
    expect((await applicant.submit(id)).state).toBe('submitted');
  });

  test('LNC-066 an edit after the seal takes seal and check away', async () => {
    const { id } = await preparedQualification();
    await applicant.seal(id, slot);
    await applicant.save(id, slot);
    const edited = await applicant.fill(id, slot, { issuingAuthority: '沈阳市城乡建设局' });
    expect(edited.materials[0]?.seal).toBeUndefined();
    expect(edited.materials[0]?.checked).toBeUndefined();
    expect(edited.state).toBe('draft');
  });
});

describe('storing, pushing, deciding', () => {
  test('LNC-165 LNC-199 LNC-202 LNC-205 LNC-206 what is submitted with no line is stored, pushed and decided when it is back', async () => {
    const { id } = await preparedQualification();
    await whole.stopServer();
    await applicant.seal(id, slot);
    await applicant.save(id, slot);
    expect((await applicant.submit(id)).state).toBe('submitted');
    await applicant.push(id, pushField);
    await whole.startServer();

    const stored = await eventually('the record is stored', async () => {
      const now = await applicant.record(id);
      return now.state === 'stored' && now.pushes[0]?.state === 'under-review' ? now : undefined;
    });
    expect(stored.uniqueCode).toBeTruthy();
    expect(stored.operations.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['提交入库', '信息推送']),
    );

    const desk = await signInAtDesk(whole.serverUrl());
    const detail = await desk.caseOf(id);
    expect(detail.seals.every(({ valid }) => valid)).toBe(true);
    await desk.decide(detail, 'refuse', '资质证书副本缺页，请补充完整后重新提交');
    const decided = await eventually('the decision comes back', async () => {
      const now = await applicant.record(id);
      return now.pushes[0]?.state === 'refused' ? now : undefined;
    });
    expect(decided.pushes[0]).toMatchObject({
      fieldName: expect.stringContaining('领域') as string,
      opinion: '资质证书副本缺页，请补充完整后重新提交',
      decidedAt: expect.any(String) as string,
    });
  });

  test('LNC-199 LNC-201 LNC-203 a green record passes by itself where the field is checked by machine, waits for a person elsewhere, and is usable where it was passed alone', async () => {
    const { id } = await preparedQualification();
    await applicant.seal(id, slot);
    expect((await applicant.save(id, slot)).checked?.verdict.light).toBe('green');
    await applicant.submit(id);
    await applicant.push(id, 'water-tendering');
    const passed = await eventually('the machine has passed it', async () => {
      const now = await applicant.record(id);
      return now.pushes[0]?.state === 'approved' ? now : undefined;
    });
    expect(passed.pushes[0]).toMatchObject({ decidedBy: '机器自动校核', opinion: '机器比对一致，自动通过' });
    await applicant.push(id, pushField);
    const waiting = await eventually('the other field’s case is open', async () => {
      const now = await applicant.record(id);
      return now.pushes[1]?.state === 'under-review' ? now : undefined;
    });
    // as everybody sees it at its credential
    const identifier = waiting.digitalCertificate?.identifier ?? '';
    const shown = await fetch(`${whole.serverUrl()}/api/credentials/${identifier}`);
    const { fields } = publicRoutes.identifiedCredential.answer.parse(await shown.json());
    expect(fields.map(({ text, isUsable }) => [text, isUsable])).toEqual([
      ['核验中，通过后可以在本领域使用', false],
      ['可以在本领域使用', true],
      ['未推送至本领域，不能在本领域使用', false],
    ]);
  });
});
