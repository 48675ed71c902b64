import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AgentEvent } from '#domain/contracts/kiosk/events.ts';
import type { ScannerView, StackView } from '#domain/contracts/kiosk/stacks.ts';
import type { StackDocument } from '#domain/stack/schema.ts';
import { AgentFailure } from '../agent/agent-failure.ts';
import { useAgent } from '../agent/provide-agent.ts';

/** How often an arrangement is tried on what has come meanwhile. */
const mostTries = 5;

/** The stack that is open, kept fresh by the agent's events; and the scanners. */
export const useStacks = defineStore('stacks', () => {
  const agent = useAgent();
  const stack = shallowRef<StackView | undefined>();
  const scanners = shallowRef<readonly ScannerView[]>([]);
  let isFetching = false;
  let mustFetchAgain = false;
  const isSearching = ref(false);

  async function open(id: string): Promise<void> {
    show(await agent.stack(id));
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
  async function arrange(change: (documents: readonly StackDocument[]) => StackDocument[]): Promise<void> {
    for (let tries = 1; stack.value; tries += 1) {
      const documents = change(stack.value.documents).map(({ id, pages }) => ({ id, pages }));
      try {
        show(await agent.arrangeStack(stack.value, documents));
        return;
      } catch (error) {
        const isStale = error instanceof AgentFailure && error.wire.code === 'CONFLICT';
        if (!isStale || tries === mostTries) throw error;
        await open(stack.value.id);
      }
    }
  }
  /** An answer may come after the news of what happened behind it: the newest stays. */
  function show(next: StackView): void {
    const known = stack.value;
    if (known?.id !== next.id || next.revision >= known.revision) stack.value = next;
  }
  function close(): void {
    stack.value = undefined;
  }
  function take(event: AgentEvent): void {
    if (event.type === 'devices') void loadScanners().catch(() => undefined);
    if (event.type !== 'stack' || event.id !== stack.value?.id) return;
    if (event.revision < stack.value.revision) return;
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
        if (stack.value) show(await agent.stack(stack.value.id));
      } while (mustFetchAgain);
    } catch {
      // The connection is shown elsewhere; the next event asks again.
    } finally {
      isFetching = false;
    }
  }

  return { stack, scanners, isSearching, open, show, close, loadScanners, search, arrange, refresh, take };
});
