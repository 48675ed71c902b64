import { computed, ref } from 'vue';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import { dropPage, mergeWithPrevious, movePage, splitBefore, takeBack } from '#domain/stack/arrange.ts';
import { kindOfDocument } from '#domain/stack/propose-documents.ts';
import type { ScanSettings, StackDocument } from '#domain/stack/schema.ts';
import { useAskState } from '#ui/ask/use-ask.ts';
import { AgentFailure } from '../agent/agent-failure.ts';
import type { Trouble } from '../agent/agent-failure.ts';
import { useAgent } from '../agent/provide-agent.ts';
import { troubleOf, useTrouble } from '../agent/use-trouble.ts';
import { stackWords as words } from '../locales/stack-words.ts';
import { useRecords } from '../stores/records.ts';
import { useStacks } from '../stores/stacks.ts';
import { useTargets } from './use-targets.ts';

const jobPauseMs = 400;

/** All that can be done with the open stack; the page itself only shows and asks. */
export function useStackWork(from: { record: () => string | undefined; slot: () => string | undefined }) {
  const agent = useAgent();
  const stacks = useStacks();
  const records = useRecords();
  const { ask } = useAskState();
  const { trouble, isBusy, attempt, clear } = useTrouble();
  const targets = useTargets(from.record);
  const chosen = ref<Record<string, string>>({});
  const selected = ref<string | undefined>();
  const placing = ref<string | undefined>();
  const isAdding = ref(false);
  /** Files that were chosen by hand and could not be opened. */
  const notAdded = ref<{ id: string; name: string; error: Trouble }[]>([]);

  const unread = computed(() => stacks.stack?.pages.filter(({ kinds }) => kinds === undefined).length ?? 0);

  /** What the person chose, else a material of the kind that the document looks like, else the one they came from. */
  function targetOf(document: StackDocument): string | undefined {
    const mine = chosen.value[document.id];
    if (mine !== undefined) return mine;
    const kind = stacks.stack && kindOfDocument(stacks.stack, document);
    const taken = new Set(
      (stacks.stack?.documents ?? []).flatMap(({ placed }) =>
        placed ? [`${placed.recordId}/${placed.slot}`] : [],
      ),
    );
    const free = targets.value.filter(({ key }) => !taken.has(key));
    if (kind !== undefined) return free.find(({ certificate }) => certificate === kind)?.key;
    const here = `${from.record() ?? ''}/${from.slot() ?? ''}`;
    return stacks.stack?.documents.length === 1 ? free.find(({ key }) => key === here)?.key : undefined;
  }

  async function load(): Promise<void> {
    await attempt(async () => {
      await Promise.all([stacks.loadScanners(), records.refresh()]);
      const [open] = (await agent.stacks()).filter((one) => one.open > 0 || one.scanning);
      if (open) await stacks.open(open.id);
    });
  }
  async function ensureStack(): Promise<string> {
    if (!stacks.stack) stacks.show(await agent.createStack());
    return stacks.stack?.id ?? '';
  }
  const start = (choice: { scannerId: string; settings: ScanSettings }): Promise<void | undefined> =>
    attempt(async () => stacks.show(await agent.scanStack(await ensureStack(), choice)));
  async function stop(): Promise<void> {
    const { stack } = stacks;
    if (stack) await attempt(async () => stacks.show(await agent.stopScan(stack.id)));
  }
  /** One that cannot be opened holds up none of the others. */
  async function addFiles(files: readonly File[]): Promise<void> {
    isAdding.value = true;
    await attempt(async () => {
      const id = await ensureStack();
      for (const file of files) {
        try {
          stacks.show(await agent.addToStack(id, file));
        } catch (error) {
          if (!(error instanceof AgentFailure) || error.wire.code === 'STORE_FULL') throw error;
          notAdded.value = [
            ...notAdded.value,
            { id: error.wire.traceId, name: file.name, error: troubleOf(error) },
          ];
        }
      }
    });
    isAdding.value = false;
  }
  async function dismiss(sheet: string): Promise<void> {
    const { stack } = stacks;
    const isOwn = notAdded.value.some(({ id }) => id === sheet);
    notAdded.value = notAdded.value.filter(({ id }) => id !== sheet);
    if (!isOwn && stack)
      await attempt(async () => stacks.show(await agent.dismissRefused({ stack: stack.id, sheet })));
  }
  async function discard(): Promise<void> {
    const { stack } = stacks;
    if (!stack) return;
    const isOpen = stack.pages.length > 0 && stack.documents.some(({ placed }) => !placed);
    if (
      isOpen &&
      !(await ask({ title: words.discard, text: words.discardAsk, accept: words.discard, tone: 'danger' }))
    )
      return;
    await attempt(async () => {
      await agent.deleteStack(stack.id);
      stacks.close();
      notAdded.value = [];
      selected.value = undefined;
    });
  }

  const arrange = (change: (documents: readonly StackDocument[]) => StackDocument[]): Promise<unknown> =>
    attempt(() => stacks.arrange(change));
  const withSelected = (
    change: (documents: readonly StackDocument[], page: string) => StackDocument[],
  ): Promise<unknown> | undefined => {
    const page = selected.value;
    return page === undefined ? undefined : arrange((documents) => change(documents, page));
  };
  const move = (by: 1 | -1) => withSelected((documents, page) => movePage(documents, page, by));
  const split = () => withSelected(splitBefore);
  const merge = () =>
    withSelected((documents, page) =>
      mergeWithPrevious(documents, documents.find(({ pages }) => pages.includes(page))?.id ?? ''),
    );
  async function drop(): Promise<void> {
    const order = stacks.stack?.documents.flatMap(({ pages }) => pages) ?? [];
    const at = order.indexOf(selected.value ?? '');
    await withSelected(dropPage);
    selected.value = order[at + 1] ?? order[at - 1];
  }
  const restore = (page: string) =>
    arrange((documents) => takeBack(documents, page, stacks.stack?.pages.map(({ id }) => id) ?? []));
  async function rotate(): Promise<void> {
    const { stack } = stacks;
    const page = selected.value;
    if (stack && page) await attempt(async () => stacks.show(await agent.turnStackPage(stack.id, page, 90)));
  }

  async function place(document: StackDocument): Promise<void> {
    const { stack } = stacks;
    const target = targets.value.find(({ key }) => key === targetOf(document));
    if (!stack || !target) return;
    const { recordId, slot } = target;
    const isMore = stack.documents.some(
      ({ placed }) => placed?.recordId === recordId && placed.slot === slot,
    );
    const there = await attempt(() => agent.record(recordId));
    const pages = there?.materials.find((material) => material.slot === slot)?.pages.length ?? 0;
    if (!there) return;
    if (!isMore && pages > 0 && !(await ask({ title: target.title, text: words.replaceAsk(pages) }))) return;
    placing.value = document.id;
    await attempt(async () => {
      const of = { stack: stack.id, document: document.id };
      const { jobId } = await agent.placeDocument(of, {
        recordId,
        slot,
        place: isMore ? 'append' : 'replace',
      });
      await ended(jobId);
      await stacks.open(stack.id);
    });
    placing.value = undefined;
  }
  async function ended(id: string): Promise<Job> {
    for (;;) {
      const job = await agent.job(id);
      if (job.error) throw new AgentFailure(job.error);
      if (job.state === 'done') return job;
      await new Promise((resolve) => setTimeout(resolve, jobPauseMs));
    }
  }

  return {
    ...{ trouble, isBusy, clear, targets, chosen, selected, placing, isAdding, notAdded, unread, targetOf },
    ...{ load, start, stop, addFiles, dismiss, discard, move, split, merge, drop, restore, rotate, place },
  };
}
export type StackWork = ReturnType<typeof useStackWork>;
