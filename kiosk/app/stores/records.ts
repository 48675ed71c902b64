import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AgentEvent } from '#domain/contracts/kiosk/events.ts';
import type { RecordSummary } from '#domain/record/summary.ts';
import { useAgent } from '../agent/provide-agent.ts';

export type Upload = Extract<AgentEvent, { type: 'upload' }>;

/** The subject's records as the lists show them, and how far each upload is. */
export const useRecords = defineStore('records', () => {
  const agent = useAgent();
  const records = shallowRef<readonly RecordSummary[]>([]);
  const uploads = shallowRef<Readonly<Record<string, Upload>>>({});
  const isLoaded = ref(false);

  async function refresh(): Promise<void> {
    records.value = await agent.records();
    isLoaded.value = true;
  }
  function take(event: AgentEvent): void {
    if (event.type === 'upload') uploads.value = { ...uploads.value, [event.recordId]: event };
  }
  function clear(): void {
    records.value = [];
    uploads.value = {};
    isLoaded.value = false;
  }

  return { records, uploads, isLoaded, refresh, take, clear };
});
