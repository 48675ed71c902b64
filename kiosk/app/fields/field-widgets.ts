import type { Component } from 'vue';
import type { FieldKind } from '#domain/catalogue/field.ts';
import ChoiceWidget from './ChoiceWidget.vue';
import DateWidget from './DateWidget.vue';
import LongTextWidget from './LongTextWidget.vue';
import MonthWidget from './MonthWidget.vue';
import PeriodWidget from './PeriodWidget.vue';
import TextWidget from './TextWidget.vue';
import YesNoWidget from './YesNoWidget.vue';

/** One widget for each field kind; the compiler demands all of them. */
export const fieldWidgets = {
  text: TextWidget,
  'long-text': LongTextWidget,
  'company-name': TextWidget,
  'person-name': TextWidget,
  address: TextWidget,
  date: DateWidget,
  month: MonthWidget,
  period: PeriodWidget,
  money: TextWidget,
  'credit-code': TextWidget,
  'id-number': TextWidget,
  'certificate-number': TextWidget,
  choice: ChoiceWidget,
  'yes-no': YesNoWidget,
  phone: TextWidget,
} as const satisfies Record<FieldKind, Component>;
