import type { LudengRecord } from '#domain/record/schema.ts';
import { qualificationValues } from './applicant.ts';
import type { Applicant } from './applicant.ts';
import { demoQualification, drawConstructionQualification } from './documents.ts';
import { once } from './once.ts';
import { photograph } from './photograph.ts';
import { eventually } from './whole-station.ts';

const slot = 'certificate';
const picture = once(async () => {
  const paper = await drawConstructionQualification(demoQualification);
  return (await photograph(paper, { seed: 21 })).jpeg;
});

/** A qualification that is stored at the server and waits for the decision of the department of that field. */
export async function pushQualification(applicant: Applicant, pushField: string): Promise<LudengRecord> {
  const { id } = await applicant.addQualification();
  await applicant.upload(id, slot, await picture());
  await applicant.fill(id, slot, qualificationValues);
  await applicant.seal(id, slot);
  await applicant.save(id, slot);
  await applicant.submit(id);
  await applicant.push(id, pushField);
  return eventually('the push is under review', async () => {
    const record = await applicant.record(id);
    return record.pushes[0]?.state === 'under-review' ? record : undefined;
  });
}
