/** The words of the programme whose page is open, given once by the page and read by whatever stands in it. */
import { computed, inject, provide } from 'vue';
import type { ComputedRef, InjectionKey } from 'vue';
import { messagesOf } from '#domain/catalogue/messages.ts';
import type { Messages, OwnMessages } from '#domain/catalogue/messages.ts';

const key: InjectionKey<ComputedRef<Messages>> = Symbol('messages');
const standard = computed(() => messagesOf());

/** For all components beneath; the own words of a kind go before those of its programme. */
export function provideMessages(own: () => readonly (OwnMessages | undefined)[]): ComputedRef<Messages> {
  const messages = computed(() => messagesOf(...own()));
  provide(key, messages);
  return messages;
}

/** Outside a page of a programme: the standard words. */
export const useMessages = (): ComputedRef<Messages> => inject(key, standard);
