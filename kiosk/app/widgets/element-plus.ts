/**
 * Element Plus declares these components by their prop options, which vue-tsc takes for the props themselves; here they
 * get the props that this page uses.
 */
import {
  ElConfigProvider as RawConfigProvider,
  ElDatePicker as RawDatePicker,
  ElOption as RawOption,
  ElSelect as RawSelect,
  ElSlider as RawSlider,
  ElSwitch as RawSwitch,
} from 'element-plus';
import type zhCn from 'element-plus/es/locale/lang/zh-cn';
import type { DefineComponent } from 'vue';

/** The shape of every language that Element Plus brings. */
type Language = typeof zhCn;
type Size = 'large' | 'default' | 'small';

export const ElConfigProvider = RawConfigProvider as unknown as DefineComponent<{
  locale?: Language;
  size?: Size;
}>;
export const ElSelect = RawSelect as unknown as DefineComponent<{
  id?: string;
  modelValue?: string;
  size?: Size;
  disabled?: boolean;
  placeholder?: string;
}>;
export const ElOption = RawOption as unknown as DefineComponent<{ value: string; label?: string }>;
export const ElSlider = RawSlider as unknown as DefineComponent<{
  modelValue?: number;
  min?: number;
  max?: number;
  step?: number;
}>;
export const ElSwitch = RawSwitch as unknown as DefineComponent<{ modelValue?: boolean; size?: Size }>;
export const ElDatePicker = RawDatePicker as unknown as DefineComponent<{
  id?: string;
  type?: 'date' | 'month';
  editable?: boolean;
  disabledDate?: (day: Date) => boolean;
  size?: Size;
  valueFormat?: string;
  format?: string;
  modelValue?: string;
  disabled?: boolean;
  placeholder?: string;
}>;
