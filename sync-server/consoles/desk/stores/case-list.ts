import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { CaseSummary } from '#domain/contracts/desk/cases.ts';
import type { CaseEvent } from './case-event.ts';
import { useServer } from '../server/provide-server.ts';
import { errorOf } from '../server/server-failure.ts';
import type { ShownError } from '#ui/client/failure.ts';

export type CaseTab = 'open' | 'closed' | 'all';
export const pageSize = 20;

/** The list as it stands on the screen; leaving it for a case and coming back finds it as it was. */
export const useCaseList = defineStore('case-list', () => {
  const server = useServer();
  const tab = ref<CaseTab>('open');
  const search = ref('');
  const page = ref(1);
  const rows = shallowRef<readonly CaseSummary[]>([]);
  const total = ref(0);
  const counts = shallowRef<Record<CaseTab, number> | undefined>();
  /** Cases that came while the list was open and were not looked at yet. */
  const fresh = shallowRef<ReadonlySet<string>>(new Set());
  const isLoading = ref(false);
  const isLoaded = ref(false);
  const trouble = shallowRef<ShownError | undefined>();
  const pages = computed(() => Math.max(1, Math.ceil(total.value / pageSize)));
  let turn = 0;

  /** The last asked for wins. */
  async function load(): Promise<void> {
    const mine = ++turn;
    isLoading.value = true;
    try {
      const query = { state: tab.value, search: search.value.trim(), page: page.value, pageSize };
      const [list, all] = await Promise.all([
        server.cases(query),
        server.cases({ state: 'all', pageSize: 1 }),
      ]);
      if (mine !== turn) return;
      rows.value = list.cases;
      total.value = list.total;
      counts.value = { open: all.open, closed: all.total - all.open, all: all.total };
      trouble.value = undefined;
      isLoaded.value = true;
    } catch (error) {
      if (mine === turn) trouble.value = errorOf(error);
    } finally {
      if (mine === turn) isLoading.value = false;
    }
    // the last page emptied: a decision took its only case away
    if (mine === turn && page.value > pages.value) await show({ page: pages.value });
  }
  async function show(change: { tab?: CaseTab; search?: string; page?: number }): Promise<void> {
    tab.value = change.tab ?? tab.value;
    search.value = change.search ?? search.value;
    page.value = change.page ?? 1;
    await load();
  }
  function take(event: CaseEvent): void {
    if (event.type === 'case-opened') fresh.value = new Set([...fresh.value, event.caseId]);
    if (isLoaded.value) void load();
  }
  function looked(id: string): void {
    fresh.value = new Set([...fresh.value].filter((other) => other !== id));
  }
  function hasNeighbour(id: string, by: -1 | 1): boolean {
    const index = rows.value.findIndex((row) => row.id === id);
    if (index < 0) return rows.value.length > 0;
    const otherPage = page.value + by;
    return rows.value[index + by] !== undefined || (otherPage >= 1 && otherPage <= pages.value);
  }
  /** The case before (-1) or after (1) in the list, over the edge of the page too. */
  async function neighbour(id: string, by: -1 | 1): Promise<string | undefined> {
    const index = rows.value.findIndex((row) => row.id === id);
    if (index < 0) return rows.value[0]?.id;
    const beside = rows.value[index + by];
    if (beside) return beside.id;
    if (!hasNeighbour(id, by)) return undefined;
    await show({ page: page.value + by });
    return (by > 0 ? rows.value[0] : rows.value.at(-1))?.id;
  }
  /** The case to offer after `id`: the next open one in the list, else any that is open. */
  async function nextOpen(id: string): Promise<CaseSummary | undefined> {
    const index = rows.value.findIndex((row) => row.id === id);
    const after = rows.value.slice(index + 1).find((row) => row.state === 'open' && row.id !== id);
    if (after) return after;
    const { cases } = await server.cases({ state: 'open', pageSize: 2 });
    return cases.find((row) => row.id !== id);
  }
  function clear(): void {
    turn += 1;
    tab.value = 'open';
    search.value = '';
    page.value = 1;
    rows.value = [];
    counts.value = undefined;
    fresh.value = new Set();
    isLoaded.value = false;
    trouble.value = undefined;
  }

  return {
    tab,
    search,
    page,
    rows,
    total,
    counts,
    fresh,
    isLoading,
    isLoaded,
    trouble,
    pages,
    load,
    show,
    take,
    looked,
    hasNeighbour,
    neighbour,
    nextOpen,
    clear,
  };
});
