import { computed, ref, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { registrationRoutes } from '#domain/contracts/public/registration.ts';
import type { Registration } from '#domain/contracts/public/registration.ts';
import { fillIn } from '#domain/record/fill-in.ts';
import type { Values } from '#domain/primitives.ts';
import { isFailure } from '#ui/client/failure.ts';
import { address, ask } from '../../client/server-client.ts';

const routes = registrationRoutes;
/** A picture waits for those before it. */
const uploadTimeoutMs = 180_000;
const filingTimeoutMs = 60_000;
const saveAfterMs = 500;

/** The registration of this browser. What is entered is at the server a moment later, so that nothing is lost with the page. */
export const useRegistration = defineStore('registration', () => {
  const current = shallowRef<Registration>();
  const isLoaded = ref(false);
  /** As they stand on the page; the server has them once `isSaved`. */
  const values = ref<Values>({});
  const isSaved = ref(true);
  const isSaving = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();

  function show(next: Registration | undefined): void {
    current.value = next;
    isLoaded.value = true;
  }
  function showWhole(next: Registration | undefined): void {
    show(next);
    values.value = { ...next?.values };
    isSaved.value = true;
  }

  /** Throws what the server says. */
  async function load(): Promise<void> {
    showWhole((await ask(routes.ownRegistration)).registration);
  }
  async function begin(programme: string, type: string): Promise<void> {
    showWhole(await ask(routes.beginRegistration, { body: { programme, type } }));
  }
  async function chooseType(type: string): Promise<void> {
    await flush();
    showWhole(await ask(routes.saveRegistration, { body: { type, values: values.value } }));
  }

  function enter(field: string, text: string): void {
    values.value = { ...values.value, [field]: text };
    saveSoon();
  }
  function saveSoon(): void {
    isSaved.value = false;
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), saveAfterMs);
  }

  /** One after the other; the last state is what counts. A failure leaves it unsaved, and the next entry tries again. */
  async function flush(): Promise<void> {
    clearTimeout(timer);
    saving = saving.then(save);
    await saving;
  }
  async function save(): Promise<void> {
    const registration = current.value;
    if (isSaved.value || registration?.state !== 'draft') return;
    const sent = values.value;
    isSaving.value = true;
    try {
      const body = { type: registration.type, values: sent };
      show(await ask(routes.saveRegistration, { body }));
      isSaved.value = sent === values.value;
    } catch (error) {
      if (isFailure(error, 'REGISTRATION_GONE') || isFailure(error, 'REGISTRATION_FILED')) await load();
    } finally {
      isSaving.value = false;
    }
  }

  /** Throws what the picture is refused for. */
  async function addFile(attachment: string, file: Blob, name: string): Promise<void> {
    await flush();
    const next = await ask(routes.addRegistrationFile, {
      ...{ params: { attachment }, query: { name: name.slice(0, 200) || attachment } },
      ...{ body: file, timeoutMs: uploadTimeoutMs },
    });
    // what was typed meanwhile stays, as on the server
    const fresh = Object.fromEntries(
      Object.entries(next.filled).filter(([id, text]) => current.value?.filled[id] !== text),
    );
    const own = { values: values.value, filled: current.value?.filled ?? {} };
    show(next);
    const merged = fillIn(own, fresh).values;
    if (Object.entries(merged).some(([id, text]) => values.value[id] !== text)) {
      values.value = merged;
      saveSoon();
    }
  }
  async function removeFile(attachment: string, sha: string): Promise<void> {
    show(await ask(routes.removeRegistrationFile, { params: { attachment, sha } }));
  }
  const fileAddress = (attachment: string, sha: string): string =>
    address(routes.registrationFile, { params: { attachment, sha } });

  /** What is to be corrected, by field; empty where it was filed. */
  async function file(): Promise<Record<string, string>> {
    await flush();
    const { registration, problems } = await ask(routes.fileRegistration, { timeoutMs: filingTimeoutMs });
    show(registration);
    return problems;
  }
  async function drop(): Promise<void> {
    clearTimeout(timer);
    isSaved.value = true;
    await ask(routes.dropRegistration);
    showWhole(undefined);
  }
  const withdraw = async (): Promise<void> => showWhole(await ask(routes.withdrawRegistration));
  const reopen = async (): Promise<void> => showWhole(await ask(routes.reopenRegistration));
  const remind = async (): Promise<void> => void (await ask(routes.remindConfirmer));
  const takeUp = async (id: string): Promise<void> =>
    showWhole(await ask(routes.takeUpRegistration, { params: { id } }));

  return {
    ...{ current, isLoaded, values, isSaved, isSaving },
    filled: computed(() => current.value?.filled ?? {}),
    ...{ load, begin, chooseType, enter, flush, addFile, removeFile, fileAddress },
    ...{ file, drop, withdraw, reopen, remind, takeUp },
  };
});
