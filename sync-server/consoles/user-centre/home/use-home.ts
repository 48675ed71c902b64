import { shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { ownSystemRoutes } from '#domain/contracts/public/own-systems.ts';
import type { OwnSystem } from '#domain/contracts/public/own-systems.ts';
import { unitRoutes } from '#domain/contracts/unit/unit.ts';
import type { UnitAccount } from '#domain/contracts/unit/unit.ts';
import { createAsyncAction } from '#ui/client/async-action.ts';
import { createErrorOf } from '../../client/error-of.ts';
import { failureWords } from '../../client/failure-words.ts';
import { createSessionClient } from '../../client/session-client.ts';

/** Who is signed in at a unit's back end, and how its pages ask. */
export const useHome = defineStore('unit-home', () => {
  const self = shallowRef<UnitAccount>();
  const systems = shallowRef<readonly OwnSystem[]>([]);
  const { isOver, ask } = createSessionClient();

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
