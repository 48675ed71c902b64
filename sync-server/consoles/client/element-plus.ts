/**
 * Element Plus declares these components by their prop options, which vue-tsc takes for the props themselves; here they
 * get the props that this page uses.
 */
import { ElConfigProvider as RawConfigProvider, ElPagination as RawPagination } from 'element-plus';
import type zhCn from 'element-plus/es/locale/lang/zh-cn';
import type { DefineComponent } from 'vue';

export const ElConfigProvider = RawConfigProvider as unknown as DefineComponent<{ locale?: typeof zhCn }>;
export const ElPagination = RawPagination as unknown as DefineComponent<{
  currentPage?: number;
  pageSize?: number;
  total?: number;
  layout?: string;
  background?: boolean;
  onCurrentChange?: (page: number) => void;
}>;
