import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AgentEvent } from '#domain/contracts/kiosk/events.ts';
import type { ScannerView, BatchView } from '#domain/contracts/kiosk/batches.ts';
import type { BatchDocument } from '#domain/batch/schema.ts';
import { RequestFailure } from '#ui/client/failure.ts';
import { useAgent } from '../agent/provide-agent.ts';

/** How often an arrangement is tried on what has come meanwhile. */
const maxTries = 5;

/** The batch that is open, kept fresh by the agent's events; and the scanners. */
export const useBatches = defineStore('stacks', () => {
  const agent = useAgent();
  const batch = shallowRef<BatchView | undefined>();
  const scanners = shallowRef<readonly ScannerView[]>([]);
  let isFetching = false;
  let mustFetchAgain = false;
  const isSearching = ref(false);

  async function open(id: string): Promise<void> {
    show(await agent.batch(id));
  }
  async function loadScanners(): Promise<void> {
    scanners.value = await agent.scanners();
  }
  async function search(): Promise<void> {
    isSearching.value = true;
    try {
      scanners.value = await agent.findScanners();
    } finally {
      isSearching.value = false;
    }
  }
  /** The change is made on the documents as they are by then: pages come in while a person sorts. */
  async function arrange(change: (documents: readonly BatchDocument[]) => BatchDocument[]): Promise<void> {
    for (let tries = 1; batch.value; tries += 1) {
      const documents = change(batch.value.documents).map(({ id, pages }) => ({ id, pages }));
      try {
        show(await agent.arrangeBatch(batch.value, documents));
        return;
      } catch (error) {
        const isStale = error instanceof RequestFailure && error.wire.code === 'CONFLICT';
        if (!isStale || tries === maxTries) throw error;
        await open(batch.value.id);
      }
    }
  }
  /** An answer may come after the news of what happened behind it: the newest stays. */
  function show(next: BatchView): void {
    const known = batch.value;
    if (known?.id !== next.id || next.revision >= known.revision) batch.value = next;
  }
  function close(): void {
    batch.value = undefined;
  }
  function take(event: AgentEvent): void {
    if (event.type === 'devices') void loadScanners().catch(() => undefined);
    if (event.type !== 'stack' || event.id !== batch.value?.id) return;
    if (event.revision < batch.value.revision) return;
    void refresh();
  }
  /** One question at a time; what changed meanwhile is asked for once more. */
  async function refresh(): Promise<void> {
    if (isFetching) {
      mustFetchAgain = true;
      return;
    }
    isFetching = true;
    try {
      do {
        mustFetchAgain = false;
        if (batch.value) show(await agent.batch(batch.value.id));
      } while (mustFetchAgain);
    } catch {
      // The connection is shown elsewhere; the next event asks again.
    } finally {
      isFetching = false;
    }
  }

  return { batch, scanners, isSearching, open, show, close, loadScanners, search, arrange, refresh, take };
});
