import { computed, ref } from 'vue';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import { dropPage, mergeWithPrevious, movePage, splitBefore, takeBack } from '#domain/batch/arrange.ts';
import { kindOfDocument } from '#domain/batch/propose-documents.ts';
import type { ScanSettings, BatchDocument } from '#domain/batch/schema.ts';
import { useAskState } from '#ui/ask/use-ask.ts';
import { RequestFailure } from '#ui/client/failure.ts';
import type { ShownError } from '#ui/client/failure.ts';
import { useAgent } from '../agent/provide-agent.ts';
import { errorOf, useAsyncAction } from '../agent/use-async-action.ts';
import { batchWords as words } from '../locales/batch-words.ts';
import { useRecords } from '../stores/records.ts';
import { useBatches } from '../stores/batches.ts';
import { useTargets } from './use-targets.ts';

const jobPauseMs = 400;

/** All that can be done with the open batch; the page itself only shows and asks. */
export function useBatchEditor(from: { record: () => string | undefined; slot: () => string | undefined }) {
  const agent = useAgent();
  const batches = useBatches();
  const records = useRecords();
  const { ask } = useAskState();
  const { trouble, isBusy, attempt, clear } = useAsyncAction();
  const targets = useTargets(from.record);
  const chosen = ref<Record<string, string>>({});
  const selected = ref<string | undefined>();
  const placing = ref<string | undefined>();
  const isAdding = ref(false);
  /** Files that were chosen by hand and could not be opened. */
  const notAdded = ref<{ id: string; name: string; error: ShownError }[]>([]);

  const unread = computed(() => batches.batch?.pages.filter(({ kinds }) => kinds === undefined).length ?? 0);

  /** What the person chose, else a material of the kind that the document looks like, else the one they came from. */
  function targetOf(document: BatchDocument): string | undefined {
    const mine = chosen.value[document.id];
    if (mine !== undefined) return mine;
    const kind = batches.batch && kindOfDocument(batches.batch, document);
    const taken = new Set(
      (batches.batch?.documents ?? []).flatMap(({ placed }) =>
        placed ? [`${placed.recordId}/${placed.slot}`] : [],
      ),
    );
    const free = targets.value.filter(({ key }) => !taken.has(key));
    if (kind !== undefined) return free.find(({ documentType }) => documentType === kind)?.key;
    const here = `${from.record() ?? ''}/${from.slot() ?? ''}`;
    return batches.batch?.documents.length === 1 ? free.find(({ key }) => key === here)?.key : undefined;
  }

  async function load(): Promise<void> {
    await attempt(async () => {
      await Promise.all([batches.loadScanners(), records.refresh()]);
      const [open] = (await agent.batches()).filter((one) => one.open > 0 || one.scanning);
      if (open) await batches.open(open.id);
    });
  }
  async function ensureBatch(): Promise<string> {
    if (!batches.batch) batches.show(await agent.createBatch());
    return batches.batch?.id ?? '';
  }
  const start = (choice: { scannerId: string; settings: ScanSettings }): Promise<void | undefined> =>
    attempt(async () => batches.show(await agent.scanBatch(await ensureBatch(), choice)));
  async function stop(): Promise<void> {
    const { batch } = batches;
    if (batch) await attempt(async () => batches.show(await agent.stopScan(batch.id)));
  }
  /** One that cannot be opened holds up none of the others. */
  async function addFiles(files: readonly File[]): Promise<void> {
    isAdding.value = true;
    await attempt(async () => {
      const id = await ensureBatch();
      for (const file of files) {
        try {
          batches.show(await agent.addToBatch(id, file));
        } catch (error) {
          if (!(error instanceof RequestFailure) || error.wire.code === 'STORE_FULL') throw error;
          notAdded.value = [
            ...notAdded.value,
            { id: error.wire.traceId, name: file.name, error: errorOf(error) },
          ];
        }
      }
    });
    isAdding.value = false;
  }
  async function dismiss(sheet: string): Promise<void> {
    const { batch } = batches;
    const isOwn = notAdded.value.some(({ id }) => id === sheet);
    notAdded.value = notAdded.value.filter(({ id }) => id !== sheet);
    if (!isOwn && batch)
      await attempt(async () => batches.show(await agent.dismissRefused({ batch: batch.id, sheet })));
  }
  async function discard(): Promise<void> {
    const { batch } = batches;
    if (!batch) return;
    const isOpen = batch.pages.length > 0 && batch.documents.some(({ placed }) => !placed);
    if (
      isOpen &&
      !(await ask({ title: words.discard, text: words.discardAsk, accept: words.discard, tone: 'danger' }))
    )
      return;
    await attempt(async () => {
      await agent.deleteBatch(batch.id);
      batches.close();
      notAdded.value = [];
      selected.value = undefined;
    });
  }

  const arrange = (change: (documents: readonly BatchDocument[]) => BatchDocument[]): Promise<unknown> =>
    attempt(() => batches.arrange(change));
  const withSelected = (
    change: (documents: readonly BatchDocument[], page: string) => BatchDocument[],
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
    const order = batches.batch?.documents.flatMap(({ pages }) => pages) ?? [];
    const at = order.indexOf(selected.value ?? '');
    await withSelected(dropPage);
    selected.value = order[at + 1] ?? order[at - 1];
  }
  const restore = (page: string) =>
    arrange((documents) => takeBack(documents, page, batches.batch?.pages.map(({ id }) => id) ?? []));
  async function rotate(): Promise<void> {
    const { batch } = batches;
    const page = selected.value;
    if (batch && page) await attempt(async () => batches.show(await agent.turnBatchPage(batch.id, page, 90)));
  }

  async function place(document: BatchDocument): Promise<void> {
    const { batch } = batches;
    const target = targets.value.find(({ key }) => key === targetOf(document));
    if (!batch || !target) return;
    const { recordId, slot } = target;
    const isMore = batch.documents.some(
      ({ placed }) => placed?.recordId === recordId && placed.slot === slot,
    );
    const there = await attempt(() => agent.record(recordId));
    const pages = there?.materials.find((material) => material.slot === slot)?.pages.length ?? 0;
    if (!there) return;
    if (!isMore && pages > 0 && !(await ask({ title: target.title, text: words.replaceAsk(pages) }))) return;
    placing.value = document.id;
    await attempt(async () => {
      const of = { batch: batch.id, document: document.id };
      const { jobId } = await agent.placeDocument(of, {
        recordId,
        slot,
        place: isMore ? 'append' : 'replace',
      });
      await ended(jobId);
      await batches.open(batch.id);
    });
    placing.value = undefined;
  }
  async function ended(id: string): Promise<Job> {
    for (;;) {
      const job = await agent.job(id);
      if (job.error) throw new RequestFailure(job.error);
      if (job.state === 'done') return job;
      await new Promise((resolve) => setTimeout(resolve, jobPauseMs));
    }
  }

  return {
    ...{ trouble, isBusy, clear, targets, chosen, selected, placing, isAdding, notAdded, unread, targetOf },
    ...{ load, start, stop, addFiles, dismiss, discard, move, split, merge, drop, restore, rotate, place },
  };
}
export type BatchEditor = ReturnType<typeof useBatchEditor>;
