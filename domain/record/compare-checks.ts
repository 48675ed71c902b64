/** 站端判定 beside 服务端复核: what two checks of the same pages, marks and claims say differently. */
import type { Checked, Recheck } from './schema.ts';
import { worstLight } from '../verdict/decide-record.ts';
import type { FieldDifference, FieldEvidence, LightColour } from '../verdict/schema.ts';

/** Probabilities this far apart differ although the lights agree: other pixels or another reader were at work. */
const farApart = 0.3;

/** Fields whose lights differ, or whose scores lie far apart, in the order of the server's verdict. */
export function compareChecks(station: Checked, server: Checked): FieldDifference[] {
  const lights = new Map(station.verdict.fields.map(({ field, light }) => [field, light]));
  return server.verdict.fields.flatMap(({ field, label, light }): FieldDifference[] => {
    const own = probabilityOf(server.evidence[field]);
    const theirs = probabilityOf(station.evidence[field]);
    const isFar = own !== undefined && theirs !== undefined && Math.abs(own - theirs) > farApart;
    const before = lights.get(field);
    if (before === light && !isFar) return [];
    return [
      {
        field,
        label,
        ...(before ? { station: before } : {}),
        ...(light ? { server: light } : {}),
        ...(theirs === undefined ? {} : { stationProbability: theirs }),
        ...(own === undefined ? {} : { serverProbability: own }),
      },
    ];
  });
}

const probabilityOf = (evidence: FieldEvidence | undefined): number | undefined =>
  evidence?.score?.probability;

/**
 * Whether a machine may go on by itself after the server's own look. Where the second reading is turned off the
 * station's verdict, judged again from its evidence, is all there is.
 */
export function mayGoOnByMachine(recheck: Recheck | undefined): boolean {
  if (!recheck || recheck.state === 'off') return true;
  if (recheck.state === 'failed') return false;
  return recheck.checked.verdict.fields.every(({ weight, light }) => weight !== 'key' || light === 'green');
}

/**
 * The light that counts once the server has looked too: the worse of both. Red is not stored, so that what the server
 * alone sees as red is yellow for a person to look at. A look that failed confirms no green.
 */
export function lightAfterRecheck(station: LightColour, recheck: Recheck | undefined): LightColour {
  if (!recheck || recheck.state === 'off') return station;
  const server = recheck.state === 'done' ? recheck.checked.verdict.light : 'yellow';
  const worst = worstLight([station, server]) ?? 'yellow';
  return worst === 'red' ? 'yellow' : worst;
}
