import { ref, shallowRef } from 'vue';
import { portalRecordRoutes } from '#domain/contracts/portal/records.ts';
import { portalPickRoutes } from '#domain/contracts/portal/picks.ts';
import type { Choice, PortalDraft } from '#domain/contracts/portal/records.ts';
import type { Values } from '#domain/primitives.ts';
import { isFailure, RequestFailure, Unreachable } from '#ui/client/failure.ts';
import { createAutosave } from '../../forms/create-autosave.ts';
import type { FilesOfForm } from '../../forms/files-of-form.ts';
import { address } from '../../client/server-client.ts';
import { useSession } from '../stores/session.ts';

const routes = portalRecordRoutes;
const uploadTimeoutMs = 180_000;
const filingTimeoutMs = 60_000;

interface Entries {
  answers: Values[];
  form: Values;
  papers: Record<string, Values>;
}

/** A draft of the portal while its page is open: what is typed is at the server a moment later. */
export function useDraft(where: () => { programme: string; id: string }) {
  const session = useSession();
  const current = shallowRef<PortalDraft>();
  const entries = shallowRef<Entries>({ answers: [], form: {}, papers: {} });
  /** Somebody else changed it meanwhile: what stands here is not sent over it. */
  const isStale = ref(false);
  /** It was handed in or thrown away elsewhere. */
  const isGone = ref(false);
  /** By this page, or thrown away by it: then it is no wonder that it is gone. */
  let isHandedIn = false;
  const { isSaved, isSaving, soon, flush, settle } = createAutosave<Entries>({
    value: () => entries.value,
    isOpen: () => current.value !== undefined && !isStale.value,
    send,
  });

  function showWhole(draft: PortalDraft): void {
    current.value = draft;
    entries.value = { answers: draft.answers, form: draft.form, papers: draft.papers };
    isStale.value = false;
    settle();
  }
  /** Throws what the server says. */
  async function load(): Promise<void> {
    showWhole(await session.ask(routes.portalDraft, { params: where() }));
  }
  /** A hint came that something of the subject was changed: shown at once, where nothing of this page would be lost by it. */
  async function look(): Promise<void> {
    if (!current.value || isStale.value || isGone.value) return;
    await flush();
    try {
      const told = await session.ask(routes.portalDraft, { params: where() });
      if (told.revision > current.value.revision && isSaved.value) showWhole(told);
    } catch (error) {
      // handed in by this very page, the page is about to go
      if (isFailure(error, 'NOT_FOUND')) isGone.value = !isHandedIn;
      else if (!(error instanceof RequestFailure || error instanceof Unreachable)) throw error;
    }
  }
  async function fetchBack(): Promise<void> {
    showWhole(await session.ask(routes.fetchBackDraft, { params: where() }));
  }
  async function send(sent: Entries): Promise<boolean> {
    const revision = current.value?.revision ?? 0;
    try {
      current.value = await session.ask(routes.savePortalDraft, {
        params: where(),
        body: { ...sent, revision },
      });
      return true;
    } catch (error) {
      if (isFailure(error, 'DRAFT_CHANGED')) isStale.value = true;
      return false;
    }
  }

  function set(next: Partial<Entries>): void {
    entries.value = { ...entries.value, ...next };
    soon();
  }
  const { form, papers } = {
    form: (id: string, text: string): void => set({ form: { ...entries.value.form, [id]: text } }),
    papers: (slot: string, id: string, text: string): void =>
      set({ papers: { ...entries.value.papers, [slot]: { ...entries.value.papers[slot], [id]: text } } }),
  };

  const files: FilesOfForm = {
    async addFile(slot, file, name) {
      await flush();
      current.value = await session.ask(routes.addPortalFile, {
        ...{ params: { ...where(), slot }, query: { name: name.slice(0, 200) || slot } },
        ...{ body: file, timeoutMs: uploadTimeoutMs },
      });
    },
    async removeFile(slot, sha) {
      await flush();
      current.value = await session.ask(routes.removePortalFile, { params: { ...where(), slot, sha } });
    },
    fileAddress: (slot, sha) => address(routes.portalFile, { params: { ...where(), slot, sha } }),
  };

  /** What is to be corrected, by place; empty where it was handed in, as which record. Throws what the server refuses it for. */
  async function handIn(): Promise<{ problems: Record<string, string>; record?: string }> {
    await flush();
    isHandedIn = true;
    const answer = await session
      .ask(routes.handInPortalDraft, { ...{ params: where(), timeoutMs: filingTimeoutMs } })
      .catch((error: unknown) => {
        isHandedIn = false;
        throw error;
      });
    if (Object.keys(answer.problems).length === 0) settle();
    else isHandedIn = false;
    return answer;
  }
  /** Whoever was chosen fills his fields. Throws what the server says. */
  async function choose(choice: Choice): Promise<void> {
    await flush();
    showWhole(await session.ask(portalPickRoutes.choosePortalCandidate, { params: where(), body: choice }));
  }
  async function drop(): Promise<void> {
    settle();
    isHandedIn = true;
    await session.ask(routes.dropPortalDraft, { params: where() });
  }
  return {
    ...{
      current,
      entries,
      isSaved,
      isSaving,
      isStale,
      isGone,
      load,
      look,
      fetchBack,
      flush,
      files,
      handIn,
      drop,
      choose,
    },
    ...{ enterForm: form, enterPaper: papers, setAnswers: (answers: Values[]): void => set({ answers }) },
  };
}
