import { computed, ref, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { registrationRoutes } from '#domain/contracts/public/registration.ts';
import type { Registration } from '#domain/contracts/public/registration.ts';
import { fillIn } from '#domain/record/fill-in.ts';
import type { Values } from '#domain/primitives.ts';
import { isFailure } from '#ui/client/failure.ts';
import { address, ask } from '../../client/server-client.ts';
import { createAutosave } from '../../forms/create-autosave.ts';

const routes = registrationRoutes;
/** A picture waits for those before it. */
const uploadTimeoutMs = 180_000;
const filingTimeoutMs = 60_000;

/** The registration of this browser. What is entered is at the server a moment later, so that nothing is lost with the page. */
export const useRegistration = defineStore('registration', () => {
  const current = shallowRef<Registration>();
  const isLoaded = ref(false);
  /** As they stand on the page; the server has them once `isSaved`. */
  const values = ref<Values>({});
  const { isSaved, isSaving, soon, flush, settle } = createAutosave<Values>({
    value: () => values.value,
    isOpen: () => current.value?.state === 'draft',
    send,
  });

  function show(next: Registration | undefined): void {
    current.value = next;
    isLoaded.value = true;
  }
  function showWhole(next: Registration | undefined): void {
    show(next);
    values.value = { ...next?.values };
    settle();
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
    soon();
  }
  async function send(sent: Values): Promise<boolean> {
    const type = current.value?.type ?? '';
    try {
      show(await ask(routes.saveRegistration, { body: { type, values: sent } }));
      return true;
    } catch (error) {
      if (isFailure(error, 'REGISTRATION_GONE') || isFailure(error, 'REGISTRATION_FILED')) await load();
      return false;
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
      soon();
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
    settle();
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
