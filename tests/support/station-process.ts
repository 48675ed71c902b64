/**
 * A station without a counter, as a process that can be killed: opens the store of the folder, runs the line, says on
 * its output how its line and its items stand. Arguments: folder.
 */
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { openStation } from './station.ts';

const [folder = ''] = process.argv.slice(2);
const station = openStation(folder);
const link = createLink({ ...station, appVersion: '1.0.0', catalogueHash: 'test' });
link.onState((line) => process.stdout.write(`${JSON.stringify(line)}\n`));
link.start();
