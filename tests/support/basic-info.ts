/** 企业基本信息 as a company hands it in at a counter, whole and quickly, for tests of what becomes of it. */
import type { Values } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { basicForm, licenceValues } from './applicant.ts';
import type { Applicant } from './applicant.ts';
import * as drawn from './documents.ts';
import type { StationClient } from './station-client.ts';
import { eventually } from './whole-station.ts';

export async function fillForm(station: StationClient, id: string, form: Values): Promise<void> {
  const { revision } = await station.call('record', { params: { id } });
  await station.call('editForm', { params: { id }, body: { revision, form } });
}
export async function readCard(station: StationClient, id: string, slot: string): Promise<void> {
  await station.finished(await station.call('readCard', { params: { id, slot } }));
}
/** Upload, what was read with these corrections, seal, 保存. */
export async function bringPaper(
  applicant: Applicant,
  {
    id,
    slot,
    paper,
    values = {},
  }: { id: string; slot: string; paper: drawn.DocumentPicture; values?: Values },
): Promise<void> {
  await applicant.upload(id, slot, paper.png);
  const material = (await applicant.record(id)).materials.find((one) => one.slot === slot);
  const readings = Object.entries(material?.readings ?? {});
  const read: Values = Object.fromEntries(readings.map(([field, { value = '' }]) => [field, value]));
  await applicant.fill(id, slot, { ...material?.values, ...read, ...values });
  await applicant.seal(id, slot);
  await applicant.save(id, slot);
}
export async function submitAndStore(applicant: Applicant, id: string): Promise<LudengRecord> {
  await applicant.submit(id);
  return eventually(
    'it is stored',
    async () => {
      const record = await applicant.record(id);
      if (record.rejection) throw new Error(JSON.stringify(record.rejection));
      return record.state === 'stored' ? record : undefined;
    },
    // the server reads each of its papers itself
    90_000,
  );
}

export async function storeBasicInfo(applicant: Applicant, station: StationClient): Promise<LudengRecord> {
  const { id } = await station.call('createRecord', { body: { kind: 'basic-info', answers: {} } });
  await fillForm(station, id, basicForm);
  const licence = await drawn.drawBusinessLicence(drawn.demoLicence);
  await bringPaper(applicant, { id, slot: 'business-licence', paper: licence, values: licenceValues });
  await readCard(station, id, 'legal-representative-id');
  await applicant.seal(id, 'legal-representative-id');
  await applicant.save(id, 'legal-representative-id');
  const papers = {
    'basic-deposit-account': await drawn.drawBasicDepositAccount(drawn.demoAccount),
    'commitment-letter': await drawn.drawLetter(drawn.demoCommitment),
    'representative-document': await drawn.drawLetter(drawn.demoRepresentative),
    'articles-of-association': await drawn.drawLetter(drawn.demoArticles),
  };
  for (const [slot, paper] of Object.entries(papers)) await bringPaper(applicant, { id, slot, paper });
  return submitAndStore(applicant, id);
}
