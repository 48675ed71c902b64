/** Values that say who somebody is or how to reach him: which fields hold them, and how they are shown by default. */
import type { Field } from '../catalogue/field.ts';
import { maskIdNumber, maskMobile } from '../text/masking.ts';

const masks: Partial<Record<Field['kind'], (text: string) => string>> = {
  'id-number': maskIdNumber,
  phone: maskMobile,
};

/** How a value of such a field is shown; undefined where the field holds no personal data. */
export const maskOf = ({ kind }: Pick<Field, 'kind'>): ((text: string) => string) | undefined => masks[kind];
