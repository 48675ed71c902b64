/** `npm run devices:simulated`: a whole simulated counter that runs until it is stopped; prints what a station profile needs. */
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import {
  demoLegalPerson,
  demoPin,
  fillScanner,
  makeSamplePictures,
  startSimulatedCounter,
} from './counter.ts';

const folder = process.argv[2] ?? join(tmpdir(), 'ludeng-counter');
const counter = await startSimulatedCounter({ folder, otherHolders: [demoLegalPerson] });
await fillScanner(counter.scanner);
const pictures = await makeSamplePictures(folder);
console.log(JSON.stringify({ profile: counter.profile, pin: demoPin, pictures }, undefined, 2));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void counter.close().then(() => process.exit(0)));
}
