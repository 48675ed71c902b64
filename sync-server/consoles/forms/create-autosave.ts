import { ref } from 'vue';

const saveAfterMs = 500;

export interface AutosaveOptions<T> {
  /** What stands on the page now; another object once it has changed. */
  value: () => T;
  isOpen: () => boolean;
  /** False where it did not arrive: it stays unsaved, and the next entry tries again. */
  send: (value: T) => Promise<boolean>;
}

/** What is entered is at the server a moment later, so that nothing is lost with the page. */
export function createAutosave<T>({ value, isOpen, send }: AutosaveOptions<T>) {
  const isSaved = ref(true);
  const isSaving = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();

  function soon(): void {
    isSaved.value = false;
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), saveAfterMs);
  }
  /** One after the other; the last state is what counts. */
  async function flush(): Promise<void> {
    clearTimeout(timer);
    saving = saving.then(save);
    await saving;
  }
  async function save(): Promise<void> {
    if (isSaved.value || !isOpen()) return;
    const sent = value();
    isSaving.value = true;
    try {
      if (await send(sent)) isSaved.value = sent === value();
    } finally {
      isSaving.value = false;
    }
  }
  /** Nothing is left to be sent: what stands on the page came from the server, or is to be forgotten. */
  function settle(): void {
    clearTimeout(timer);
    isSaved.value = true;
  }
  return { isSaved, isSaving, soon, flush, settle };
}
