import { ref } from 'vue';
import { useAskState } from '#ui/ask/use-ask.ts';
import { useAgent } from '../agent/provide-agent.ts';
import { useAsyncAction } from '../agent/use-async-action.ts';
import { peopleWords } from '../locales/people-words.ts';
import { submitWords } from '../locales/submit-words.ts';
import { useOpenRecord } from '../stores/open-record.ts';
import { useMessages } from '#ui/messages/messages.ts';

export interface SubmitKey {
  tokenId: string;
  certificateId: string;
  pin: string;
}

/** Failures after which another key or the PIN helps: the dialog for them stays open, or opens. */
const isAboutKey = (code: string | undefined): boolean =>
  code !== undefined && /^(?:RECORD_NOT_SEALED$|PIN_|TOKEN_|CERTIFICATE_|DEVICE_|REVOCATION_)/.test(code);

/**
 * 提交: asked once, then sent. The key seals the record as a whole; it is asked for only where the station does not hold the
 * one that has just sealed the materials.
 */
export function useSubmit({
  flush,
  isSealed = () => true,
  isCheckedFirst = () => false,
}: {
  flush?: (() => Promise<void>) | undefined;
  /** A kind that is not sealed asks for no key. */
  isSealed?: () => boolean;
  /** Form and papers are held against each other before: the result takes the question's place. */
  isCheckedFirst?: () => boolean;
} = {}) {
  const agent = useAgent();
  const open = useOpenRecord();
  const { ask } = useAskState();
  const messages = useMessages();
  const { trouble, isBusy, attempt, clear } = useAsyncAction();
  const isKeyAsked = ref(false);
  const isResultAsked = ref(false);

  async function send(key?: SubmitKey): Promise<void> {
    const sent = await attempt(() => open.edit((record) => agent.submit(record, key)));
    const code = trouble.value?.code;
    isKeyAsked.value = sent === undefined && isAboutKey(code);
    // the dialog itself says so
    if (code === 'RECORD_NOT_SEALED') clear();
  }
  async function submit(): Promise<void> {
    await flush?.();
    if (isCheckedFirst()) {
      isResultAsked.value = true;
      return;
    }
    const { ask: sealed, submit: accept } = submitWords.submit;
    const text = isSealed() ? sealed : peopleWords.submitPlain;
    const title = messages.value.submitTitle;
    if (await ask({ title, text, accept })) await send();
  }
  return { trouble, isBusy, isKeyAsked, isResultAsked, submit, send, clear };
}
