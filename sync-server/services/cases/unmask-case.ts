import { AppError } from '#domain/errors/app-error.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { UnmaskCaseRequest, UnmaskedField } from '#domain/contracts/desk/cases.ts';
import { maskOf } from '#domain/fields/personal-values.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { fieldsOfMaterial, fieldsOfRecord } from './masked-detail.ts';

/** The field's values, whole: as filled in, as read, as the chip has it. Throws NOT_FOUND where nothing of it is masked. */
export function unmaskField(
  record: LudengRecord,
  { slot, field: id }: Pick<UnmaskCaseRequest, 'slot' | 'field'>,
  pinned: Catalogue,
): UnmaskedField {
  const material = record.materials.find((one) => one.slot === slot);
  const fields = material ? fieldsOfMaterial(material, pinned) : fieldsOfRecord(record, pinned);
  const field = fields.find((one) => one.id === id);
  const value = material ? material.values[id] : (record.form[id] ?? record.answers[id]);
  const read = material?.readings[id]?.value;
  const chip = material?.chip[id];
  const isThere = [value, read, chip].some((one) => one !== undefined);
  if ((slot !== undefined && !material) || !field || !maskOf(field) || !isThere)
    throw new AppError('NOT_FOUND', { field: id });
  return {
    value: value ?? '',
    ...(read === undefined ? {} : { read }),
    ...(chip === undefined ? {} : { chip }),
  };
}
