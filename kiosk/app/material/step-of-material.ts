/** Which of the kind's steps comes next; pure. */
import type { JourneyStep } from '#domain/catalogue/record-kind.ts';
import { allows } from '#domain/record/lifecycle.ts';
import type { LudengRecord, Material } from '#domain/record/schema.ts';

/** The first of `journey` that is still to be done; undefined when all is done. */
export function stepOfMaterial(options: {
  record: Pick<LudengRecord, 'state' | 'light'>;
  material: Material;
  markable: readonly { id: string; required: boolean }[];
  journey: readonly JourneyStep[];
}): JourneyStep | undefined {
  const { record, material, markable, journey } = options;
  if (!allows(record, 'edit')) return undefined;
  // what was sealed is neither confirmed nor marked any more
  const isSealed = material.seal !== undefined;
  const isDone: Record<JourneyStep, boolean> = {
    capture: isSealed || material.pages.length > 0,
    // by the station itself, as soon as there are pages
    read: isSealed || material.pages.length > 0,
    confirm: isSealed || material.mode === 'manual' || material.confirmed,
    mark:
      isSealed ||
      markable.every(
        // An optional field that is left empty is not compared.
        ({ id, required }) =>
          (material.marks[id] ?? []).length > 0 || (!required && (material.values[id] ?? '') === ''),
      ),
    seal: isSealed,
    check: material.checked !== undefined && material.checked.verdict.light !== 'red',
    submit: false,
  };
  return journey.find((step) => !isDone[step]);
}
