/** The light of one field: what the person claims against the chip, the picture and the reading. */
import { isMarkable } from '../catalogue/lookup.ts';
import { fieldRules } from '../fields/field-rules.ts';
import { takesPart } from '../fields/takes-part.ts';
import type { Field } from '../catalogue/field.ts';
import { isGuessed } from '../reading/propose-marks.ts';
import { normaliseText } from '../text/normalise.ts';
import { reason } from './reasons.ts';
import type { ReasonContext } from './reasons.ts';
import type { ClaimScore, FieldEvidence, FieldVerdict, LightColour, ReasonCode } from './schema.ts';
import { thresholds } from './thresholds.ts';

export interface DecideFieldInput {
  field: Field;
  /** As entered. */
  claim: string;
  evidence: FieldEvidence | undefined;
}

/**
 * What the evidence comes to. `support`: the claim is on the paper. `against`: something else is. `partly`: neither is sure.
 * `nothing`: nothing speaks for the claim.
 */
type Finding = 'support' | 'against' | 'partly' | 'nothing';

export function decideField({ field, claim, evidence }: DecideFieldInput): FieldVerdict {
  const rule = fieldRules[field.kind];
  const raw = claim.trim();
  const parsed = raw === '' ? undefined : rule.parse(raw, field);
  const value = parsed?.ok ? parsed.value : raw;
  const chip = evidence?.chip?.trim() || undefined;
  const read = chip ?? evidence?.recognised.trim() ?? '';
  const claimed = raw === '' ? '' : rule.format(value, field);
  const recognised = read === '' ? '' : rule.format(read, field);
  const context: ReasonContext = { label: field.label, claimed, recognised };
  const verdict = (code: ReasonCode, light: LightColour | undefined, more: Partial<ReasonContext> = {}) => ({
    field: field.id,
    label: field.label,
    weight: field.weight,
    claimed,
    recognised,
    ...(light ? { light } : {}),
    reasons: [reason(code, { ...context, ...more })],
  });
  const wrong: LightColour = field.weight === 'key' ? 'red' : 'yellow';

  if (field.weight === 'plain') return verdict('not-compared', undefined);
  if (!parsed) {
    // An optional field that is empty is not compared, unless the paper shows that there is something to fill in.
    if (!field.required && recognised === '') return verdict('not-compared', undefined);
    return verdict('value-missing', wrong);
  }
  if (!parsed.ok) {
    const code = parsed.reason === 'check-digit' ? 'check-digit-wrong' : 'value-invalid';
    return verdict(code, wrong, { problem: parsed.problem });
  }
  // The chip is signed by its issuer; a camera is not. What it says outweighs every reading.
  if (chip !== undefined)
    return rule.agrees(value, canonical(chip, field), field)
      ? verdict('agrees-with-chip', 'green')
      : verdict('deviates-from-chip', wrong);
  if (isMarkable(field) && (evidence?.marks.length ?? 0) === 0) return verdict('mark-missing', wrong);

  switch (weigh(field, value, evidence)) {
    case 'support':
      return verdict('agrees', 'green');
    case 'against':
      return verdict('deviates', wrong);
    case 'partly':
      return verdict(evidence?.score?.goesOn ? 'mark-cuts-line' : 'uncertain', 'yellow');
    case 'nothing':
      // No lighter for a key field: a thumb over the number would make it fit to be submitted.
      return verdict(isGuessed(evidence?.marks) ? 'place-guessed' : 'unreadable', wrong);
  }
}

function weigh(field: Field, value: string, evidence: FieldEvidence | undefined): Finding {
  const rule = fieldRules[field.kind];
  const recognised = evidence?.recognised.trim() ?? '';
  const score = evidence?.score;
  const readSame = recognised !== '' && rule.agrees(value, canonical(recognised, field), field);
  if (!score) return recognised === '' ? 'nothing' : readSame ? 'support' : 'against';

  const free = rule.readFrom(score.freeReading, field);
  const freeSame = free !== undefined && rule.agrees(value, free, field);
  const freeOther = free !== undefined && !freeSame;
  const sure = score.freeConfidence >= thresholds.readingSure;
  const counts = score.freeConfidence >= thresholds.readingCounts;

  if (score.probability >= thresholds.green) {
    // Both are sure and they disagree: someone has to look.
    return freeOther && sure && !readSame ? 'partly' : 'support';
  }
  if (freeSame && score.probability >= thresholds.greenWithReading && counts) return 'support';
  // A mark around more than the value (the whole of 建筑工程施工总承包壹级 for the grade): the score of the line is
  // low although the value stands in it; then the reading decides.
  if (freeSame && sure && isPartOfLine(field, value, score)) return 'support';
  if (score.probability >= thresholds.red) return 'partly';

  if (freeSame && counts) return 'partly';
  const rivalWins = score.rivalMargin <= thresholds.rivalWins;
  if (freeOther && counts) return rivalWins ? 'against' : 'partly';
  if (freeOther && rivalWins && score.rival !== undefined) return 'against';
  return 'nothing';
}

/** The line says more than the value, and the value is what the kind's rule takes out of it. */
function isPartOfLine(field: Field, value: string, score: ClaimScore): boolean {
  // Literally: a rule that reads 2O日 as the 2nd must not make a part of what is none.
  const line = bare(score.freeReading);
  return (
    takesPart(field) &&
    fieldRules[field.kind].paperForms(value, field).some((form) => {
      const part = bare(form);
      return part !== '' && line.length > part.length && line.includes(part);
    })
  );
}

/** Without signs that readers and people set as they like. */
function bare(text: string): string {
  return normaliseText(text).replace(/[^\p{L}\p{N}]/gu, '');
}

function canonical(text: string, field: Field): string {
  const rule = fieldRules[field.kind];
  const parsed = rule.parse(text, field);
  return parsed.ok ? parsed.value : (rule.readFrom(text, field) ?? text);
}
