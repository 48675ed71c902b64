/** Values as a person entered them, held against their fields. */
import type { Field } from '#domain/catalogue/field.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { parseValues } from '#domain/fields/field-rules.ts';
import type { Values } from '#domain/primitives.ts';

function known(fields: readonly Field[], values: Values): Values {
  const ids = new Set(fields.map(({ id }) => id));
  return Object.fromEntries(Object.entries(values).filter(([id]) => ids.has(id)));
}

export function refuseLong(fields: readonly Field[], values: Values): void {
  for (const field of fields) {
    const value = values[field.id];
    if (value !== undefined && value.length > field.maxLength) {
      throw new AppError('VALUE_TOO_LONG', {
        field: field.id,
        label: field.label,
        maxLength: field.maxLength,
        length: value.length,
      });
    }
  }
}

/** 补充完善 leaves key fields as they were submitted (LNC-185). */
export function refuseLocked(locked: readonly string[], before: Values, after: Values): void {
  const changed = locked.find((id) => after[id] !== undefined && after[id] !== before[id]);
  if (changed !== undefined) throw new AppError('RECORD_NOT_EDITABLE', { field: changed });
}

/** What parses is kept in canonical form; what does not is kept as typed, so that nothing the person wrote is lost. */
export function canonical(fields: readonly Field[], values: Values): Values {
  const own = known(fields, values);
  return { ...own, ...parseValues(fields, own).values };
}

export function checkedValues(fields: readonly Field[], values: Values): Values {
  refuseLong(fields, values);
  const parsed = parseValues(fields, values);
  for (const { id, label } of fields) {
    const problem = parsed.problems[id];
    if (problem !== undefined) throw new AppError('FIELD_INVALID', { field: id, label, problem });
  }
  return parsed.values;
}
