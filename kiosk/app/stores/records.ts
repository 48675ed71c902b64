import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AgentEvent } from '#domain/contracts/kiosk/events.ts';
import { summarise } from '#domain/record/summary.ts';
import type { RecordSummary } from '#domain/record/summary.ts';
import { useAgent } from '../agent/provide-agent.ts';

export type Upload = Extract<AgentEvent, { type: 'upload' }>;

/** The subject's records as the lists show them, and how far each upload is. */
export const useRecords = defineStore('records', () => {
  const agent = useAgent();
  const records = shallowRef<readonly RecordSummary[]>([]);
  const uploads = shallowRef<Readonly<Record<string, Upload>>>({});
  const isLoaded = ref(false);

  /** What was told of records while the newest list was asked for: its answer may be older. */
  let news: RecordSummary[] | undefined;
  let asked = 0;

  async function refresh(): Promise<void> {
    asked += 1;
    const own = asked;
    news = [];
    const listed = await agent.records();
    // overtaken by a later one, or of somebody who has left
    if (own !== asked || !news) return;
    records.value = news.reduce(withNews, listed);
    news = undefined;
    isLoaded.value = true;
  }
  /** After a lost connection what happened meanwhile may have been missed: ask. */
  async function catchUp(): Promise<void> {
    if (isLoaded.value) await refresh();
  }
  function take(event: AgentEvent): void {
    if (event.type === 'upload') uploads.value = { ...uploads.value, [event.recordId]: event };
    // of what was released only the agent knows how much may be shown
    if (event.type !== 'record' || event.record.released) return;
    const told = summarise(event.record);
    news?.push(told);
    records.value = withNews(records.value, told);
  }
  function clear(): void {
    asked += 1;
    news = undefined;
    records.value = [];
    uploads.value = {};
    isLoaded.value = false;
  }

  return { records, uploads, isLoaded, refresh, catchUp, take, clear };
});

/** Whether another one belongs in the list is for the agent to say. */
const withNews = (listed: readonly RecordSummary[], told: RecordSummary): readonly RecordSummary[] =>
  listed.map((one) => (one.id === told.id && !one.released ? told : one));
