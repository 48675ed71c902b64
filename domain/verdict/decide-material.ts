/** Field by field, then the material: station and server run the same function over the same evidence. */
import { canonicalOf } from '../fields/field-rules.ts';
import type { DocumentType } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import type { Subject, Values } from '../primitives.ts';
import { contradictions } from './chosen-lines.ts';
import type { ChosenLine } from './chosen-lines.ts';
import { decideField } from './decide-field.ts';
import { runChecks } from './run-checks.ts';
import type { FieldEvidence, FieldVerdict, LightColour, MaterialVerdict, Reason } from './schema.ts';

export interface DecideMaterialInput {
  documentType: DocumentType;
  /** As entered; canonical where it parses. */
  values: Values;
  /** By field id; a field without evidence counts as not marked. */
  evidence: Readonly<Record<string, FieldEvidence>>;
  /** Absent where nobody is logged in (a batch of files): whose document it is is not judged then. */
  subject?: Subject;
  otherMaterials: readonly { slot: string; values: Values }[];
  /** What was chosen before this paper came; absent where nothing was. */
  chosen?: readonly ChosenLine[];
  /** Local day of the check, YYYY-MM-DD: expiry is judged against it. */
  day: string;
}

/**
 * Red: a key field deviates, nothing supports it, or a check on it fails. Yellow: every key field stands, and something
 * is uncertain or a digital field is not sound. Green: all that is compared agrees, and something is compared.
 */
export function decideMaterial(input: DecideMaterialInput): MaterialVerdict {
  const failures = runChecks(input);
  const contradicted = contradictions({ ...input, chosen: input.chosen ?? [] });
  const fields = input.documentType.fields.map((field) => {
    const verdict = decideField({
      field,
      claim: input.values[field.id] ?? '',
      evidence: evidenceFor(input, field),
    });
    return withContradictions(
      withFailures(verdict, failures.get(field.id) ?? []),
      contradicted.get(field.id) ?? [],
    );
  });
  return { light: lightOf(fields), fields };
}

/**
 * Evidence speaks of one claim. When the value was changed after it was gathered, the score is void; the reading and
 * the chip stay, for they say what the paper says whatever is claimed.
 */
function evidenceFor({ evidence, values }: DecideMaterialInput, field: Field): FieldEvidence | undefined {
  const found = evidence[field.id];
  if (!found || canonicalOf(found.claim, field) === canonicalOf(values[field.id] ?? '', field)) return found;
  const { score: _score, ...rest } = found;
  return rest;
}

function withFailures(verdict: FieldVerdict, failures: readonly Reason[]): FieldVerdict {
  // A plain field is not compared and carries no light, so a check on it cannot change one.
  if (failures.length === 0 || verdict.weight === 'plain') return verdict;
  const failed: LightColour = verdict.weight === 'key' ? 'red' : 'yellow';
  const kept = verdict.light === 'green' || verdict.light === undefined ? [] : verdict.reasons;
  return {
    ...verdict,
    light: verdict.light === 'red' ? 'red' : failed,
    reasons: [...kept, ...failures],
  };
}

/** Red whatever the weight: the paper is another one than was chosen. */
function withContradictions(verdict: FieldVerdict, reasons: readonly Reason[]): FieldVerdict {
  if (reasons.length === 0) return verdict;
  const kept = verdict.light === 'green' || verdict.light === undefined ? [] : verdict.reasons;
  return { ...verdict, light: 'red', reasons: [...reasons, ...kept] };
}

function lightOf(fields: readonly FieldVerdict[]): LightColour {
  const lights = fields.map((field) => field.light);
  if (lights.includes('red')) return 'red';
  // Green gives a credential: a material of which nothing was compared cannot have one.
  return lights.includes('yellow') || !lights.includes('green') ? 'yellow' : 'green';
}
