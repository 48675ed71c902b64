/** Which of the seven steps (上传 识别 确认 标记 签章 保存 提交) comes next; pure. */
import { allows } from '#domain/record/lifecycle.ts';
import type { LudengRecord, Material } from '#domain/record/schema.ts';

/** 0…6 is the step to do now; 7 when all is done. */
export function stepOfMaterial(options: {
  record: Pick<LudengRecord, 'state' | 'light'>;
  material: Material;
  markable: readonly { id: string; required: boolean }[];
}): number {
  const { record, material, markable } = options;
  if (!allows(record, 'edit')) return 7;
  if (material.checked && material.checked.verdict.light !== 'red' && material.seal) return 6;
  if (material.seal) return 5;
  if (material.pages.length === 0) return 0;
  const isManual = material.mode === 'manual';
  if (!isManual && !material.confirmed) return 2;
  const unmarked = markable.filter(
    // An optional field that is left empty is not compared.
    ({ id, required }) =>
      (material.marks[id] ?? []).length === 0 && (required || (material.values[id] ?? '') !== ''),
  );
  return unmarked.length > 0 ? 3 : 4;
}
