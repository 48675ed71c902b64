import { ref, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { ownSystemRoutes } from '#domain/contracts/public/own-systems.ts';
import type { OwnSystem } from '#domain/contracts/public/own-systems.ts';
import type { ServerPermission } from '#domain/contracts/route.ts';
import { unitRoutes } from '#domain/contracts/unit/unit.ts';
import type { UnitAccount } from '#domain/contracts/unit/unit.ts';
import { createAsyncAction } from '#ui/client/async-action.ts';
import { createClient } from '#ui/client/create-client.ts';
import { createErrorOf } from '../../client/error-of.ts';
import { failureWords } from '../../client/failure-words.ts';

/** Who is signed in at a unit's back end, and how its pages ask. */
export const useHome = defineStore('unit-home', () => {
  const self = shallowRef<UnitAccount>();
  const systems = shallowRef<readonly OwnSystem[]>([]);
  /** The session is over: frozen, replaced, signed out elsewhere. */
  const isOver = ref(false);

  const { ask } = createClient<ServerPermission>({
    origin: '',
    fetch: (...args) => window.fetch(...args),
    unexpected: failureWords.unexpected,
    onFailure: ({ wire }) => {
      if (wire.code === 'UNAUTHENTICATED') isOver.value = true;
    },
  });

  /** Throws what the server says. */
  async function load(): Promise<void> {
    isOver.value = false;
    self.value = await ask(unitRoutes.unitAccount);
    systems.value = await ask(ownSystemRoutes.ownSystems);
  }
  const forget = (): void => {
    self.value = undefined;
    systems.value = [];
  };
  return { self, systems, isOver, ask, load, forget };
});

/** One action at a time, its failure in the words of the error table. */
export const useHomeAction = () => createAsyncAction(createErrorOf(failureWords));
