import { shallowRef } from 'vue';
import type { FileVerdict, IssuedCredential } from '#domain/contracts/public/credentials.ts';
import { isFailure } from '#ui/client/failure.ts';
import { words } from '../locales/zh-CN.ts';
import { useServer } from '../server/provide-server.ts';
import { useAsyncAction } from '../server/use-async-action.ts';
import { examineCredential } from './issued-credential.ts';
import type { CredentialView } from './issued-credential.ts';

export interface CredentialNote {
  tone: 'bad' | 'quiet';
  title: string;
  texts: readonly string[];
}

/** What was asked for on the public page, and what came of it: a credential or a sentence, never both. */
export function useCredential() {
  const server = useServer();
  const { trouble, isBusy, attempt } = useAsyncAction();
  const found = shallowRef<{ issued: IssuedCredential; view: CredentialView }>();
  const note = shallowRef<CredentialNote>();
  const own = words.credential;

  function clear(): void {
    found.value = undefined;
    note.value = undefined;
  }
  const say = (said: CredentialNote): void => void (note.value = said);

  async function show(issued: IssuedCredential, asked: string): Promise<void> {
    found.value = { issued, view: await examineCredential(issued, asked, window.crypto.subtle) };
  }
  const orMissing = (ask: () => Promise<void>) =>
    attempt(async () => {
      try {
        await ask();
      } catch (error) {
        if (!isFailure(error, 'NOT_FOUND')) throw error;
        say({ tone: 'quiet', title: own.notFound, texts: [own.notFoundNote, own.whereCode] });
      }
    });

  return {
    ...{ found, note, trouble, isBusy, clear, say },

    byNumber: async (identifier: string): Promise<void> => {
      await orMissing(async () => show(await server.identifiedCredential(identifier), identifier));
    },

    byCode: async (asked: { uniqueCode: string; verificationCode: string }): Promise<void> => {
      await orMissing(async () => show(await server.credential(asked), asked.uniqueCode));
    },

    byFile: async (file: File): Promise<void> => {
      clear();
      await attempt(async () => {
        const { verdict, credential } = await server.checkCredential(file);
        if (credential) await show(credential, credential.uniqueCode);
        if (verdict !== 'genuine') say(noteOf(verdict));
      });
    },
  };
}

function noteOf(verdict: Exclude<FileVerdict, 'genuine'>): CredentialNote {
  const { title, note } = words.credential.files[verdict];
  return { tone: 'bad', title, texts: [note] };
}
