import { computed, ref } from 'vue';
import type { Ref } from 'vue';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { Marks, Quad } from '#domain/reading/schema.ts';
import type { Values } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { parseValues } from '#domain/fields/field-rules.ts';
import { useAgent } from '../agent/provide-agent.ts';
import { useAsyncAction } from '../agent/use-async-action.ts';
import { materialWords } from '../locales/material-words.ts';
import { useAutoSave } from '../record/use-auto-save.ts';
import { useOpenRecord } from '../stores/open-record.ts';
import { useStation } from '../stores/station.ts';
import { useAskState } from '#ui/ask/use-ask.ts';
import type { SealChoice } from '../seal/seal-point.ts';
import { useSubmit } from '../submit/use-submit.ts';
import type { MaterialPlace } from './use-open-material.ts';

/** Below this the pages do not look enough like the other kind to say so. */
const sureOfKind = 0.5;
/** 荣誉证书 is the title of a person's and of a company's: kinds that look about alike are not told apart. */
const clearlyOther = 0.1;

/** All that can be done on the material page; the page itself only shows and asks. */
export function useMaterialEditor(options: {
  place: Readonly<Ref<MaterialPlace | undefined>>;
  id: () => string;
  /** False: nothing is read of its pages, its fields are typed. */
  isRead?: boolean;
}) {
  const agent = useAgent();
  const open = useOpenRecord();
  const station = useStation();
  const { ask } = useAskState();
  const { trouble, isBusy, attempt, show, clear } = useAsyncAction();

  const field = ref<string | undefined>();
  const isVerifying = ref(false);
  /** The signing view is open, and only looked at. */
  const isSealing = ref(false);
  const isPreview = ref(false);
  const isResultOpen = ref(false);
  const showProblems = ref(false);
  const seenInstead = ref<string | undefined>();

  const slot = () => options.place.value?.slot.id ?? '';
  const of = (record: LudengRecord) => ({ record, slot: slot() });
  const form = useAutoSave({
    source: () => options.place.value?.material.values ?? {},
    save: (values) => open.edit((record) => agent.editValues(of(record), { values })),
  });
  /** Of two papers on one page each shows its own work. */
  const captureJob = computed(() =>
    open.job && open.job.kind !== 'seal' && open.job.slot === slot() ? open.job : undefined,
  );
  const mayVerify = computed(() => {
    const { place } = options;
    return (place.value?.isEditable ?? false) && Object.keys(place.value?.material.readings ?? {}).length > 0;
  });

  function load(): Promise<void | undefined> {
    field.value = undefined;
    showProblems.value = false;
    isVerifying.value = false;
    return attempt(() => open.open(options.id()));
  }

  async function capture(
    files: readonly Blob[],
    query: { source: 'camera' | 'upload'; auxiliary?: boolean },
  ): Promise<void> {
    const place = options.place.value;
    if (!place) return;
    const isReplacing = !query.auxiliary && place.material.pages.length > 0;
    const title = materialWords.capture.upload;
    if (isReplacing && !(await ask({ title, text: materialWords.capture.replaceAsk }))) return;
    await attempt(async () => {
      await form.flush();
      let last: Job | undefined;
      for (const [index, file] of files.entries()) {
        const added = query.auxiliary
          ? ({ auxiliary: 'true' } as const)
          : index > 0
            ? ({ append: 'true' } as const)
            : {};
        const job = await open.run((record) =>
          agent.capture(of(record), file, { source: query.source, ...added }),
        );
        last = last?.recognised?.length ? last : job;
      }
      if (!query.auxiliary) afterReading(last);
    });
  }
  function afterReading(job: Job | undefined): void {
    const place = options.place.value;
    if (!place || options.isRead === false) return;
    const [seen] = job?.recognised ?? [];
    const own = job?.recognised?.find(({ documentType }) => documentType === place.documentType.id);
    const isOther =
      seen !== undefined &&
      seen.confidence >= sureOfKind &&
      seen.confidence - (own?.confidence ?? 0) >= clearlyOther;
    seenInstead.value = isOther
      ? station.catalogue?.documentTypes.find(({ id }) => id === seen.documentType)?.name
      : undefined;
    isVerifying.value = place.material.mode === 'smart' || seenInstead.value !== undefined;
  }
  const upload = (files: File[], auxiliary: boolean): Promise<void> =>
    capture(files, { source: 'upload', auxiliary });
  const shots = (files: Blob[]): Promise<void> => capture(files, { source: 'camera' });

  async function portrait([picture]: Blob[]): Promise<void> {
    if (!picture) return;
    await attempt(async () => {
      await form.flush();
      await open.run((record) => agent.capture(of(record), picture, { source: 'camera', portrait: 'true' }));
    });
  }

  async function readCard(): Promise<void> {
    await attempt(async () => {
      await form.flush();
      await open.run((record) => agent.readCard(of(record)));
    });
  }
  async function setCorners(page: number, corners: Quad): Promise<void> {
    await attempt(async () => {
      const job = await open.run((record) => agent.setCorners(of(record), page, corners));
      if (!options.place.value?.material.confirmed) afterReading(job);
    });
  }
  async function reorder(order: number[]): Promise<void> {
    await attempt(() => open.edit((record) => agent.editPages(of(record), { order, rotate: [] })));
  }
  async function rotate(page: number): Promise<void> {
    const order = (options.place.value?.material.pages ?? []).map((_, index) => index);
    await attempt(() =>
      open.edit((record) => agent.editPages(of(record), { order, rotate: [{ page, degrees: 90 }] })),
    );
  }
  async function confirm(values: Values): Promise<void> {
    const done = await attempt(() =>
      open.edit((record) => agent.editValues(of(record), { values, confirmed: true })),
    );
    if (done) isVerifying.value = false;
  }
  async function setMode(mode: 'smart' | 'manual'): Promise<void> {
    await attempt(async () => {
      await form.flush();
      await open.edit((record) => agent.editValues(of(record), { values: form.values.value, mode }));
    });
  }
  /** Boxes move at once and are saved one after another; the last one stands. */
  async function mark(marks: Marks): Promise<void> {
    try {
      await open.edit((record) => agent.editMarks(of(record), marks));
    } catch (error) {
      show(error);
    }
  }
  /** What is missing or wrong in the form is said before anyone types a PIN. */
  const problems = computed(
    () => parseValues(options.place.value?.documentType.fields ?? [], form.values.value).problems,
  );
  async function startSealing(): Promise<void> {
    await form.flush();
    showProblems.value = Object.keys(problems.value).length > 0;
    if (form.trouble.value || showProblems.value) return;
    isPreview.value = false;
    isSealing.value = true;
  }
  async function startPreview(): Promise<void> {
    await form.flush();
    isPreview.value = true;
    isSealing.value = true;
  }
  async function seal(choice: SealChoice): Promise<void> {
    await attempt(() => open.run((record) => agent.seal(of(record), choice)));
  }
  /** `beside`: papers that stand on this one's page, checked with it. */
  async function save(beside: readonly string[] = []): Promise<void> {
    const job = await attempt(async () => {
      await form.flush();
      for (const other of beside) await open.run((record) => agent.check({ record, slot: other }));
      return open.run((record) => agent.check(of(record)));
    });
    if (job) isResultOpen.value = true;
  }
  const submitting = useSubmit();

  return {
    ...{ problems, showProblems },
    ...{ trouble, isBusy, clear, field, form, captureJob, mayVerify, seenInstead },
    ...{ isVerifying, isSealing, isPreview, isResultOpen },
    ...{ load, upload, shots, portrait, readCard, setCorners, reorder, rotate },
    cancel: () => open.cancel(),
    ...{ confirm, setMode, mark, startSealing, startPreview, seal, save, submitting },
  };
}
export type MaterialEditor = ReturnType<typeof useMaterialEditor>;
