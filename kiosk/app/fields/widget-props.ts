import type { Field } from '#domain/catalogue/field.ts';

/** What every field widget takes; it emits `change` with the canonical value, or what was typed where it does not parse. */
export interface WidgetProps {
  readonly field: Field;
  readonly value: string;
  readonly disabled: boolean;
  readonly inputId: string;
}
