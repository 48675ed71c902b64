import { ref, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { ownSystemRoutes } from '#domain/contracts/public/own-systems.ts';
import type { OwnSystem } from '#domain/contracts/public/own-systems.ts';
import { addressOf } from '#domain/contracts/route.ts';
import { unitEventSchema, unitRoutes } from '#domain/contracts/unit/unit.ts';
import type { UnitAccount } from '#domain/contracts/unit/unit.ts';
import { createAsyncAction } from '#ui/client/async-action.ts';
import { createLiveLine } from '../../client/live-line.ts';
import { createErrorOf } from '#ui/client/error-of.ts';
import { failureWords } from '../../client/failure-words.ts';
import { createSessionClient } from '../../client/session-client.ts';

/** Who is signed in at a unit's back end, and how its pages ask. */
export const useHome = defineStore('unit-home', () => {
  const self = shallowRef<UnitAccount>();
  const systems = shallowRef<readonly OwnSystem[]>([]);
  const { isOver, ask } = createSessionClient();

  /** Raised whenever something of the unit came or went on. */
  const changes = ref(0);
  const line = createLiveLine({
    address: addressOf(unitRoutes.unitEvents),
    event: unitEventSchema,
    types: ['unit-changed'],
    onEvent: () => (changes.value += 1),
    onBack: () => (changes.value += 1),
    ask: () => ask(unitRoutes.unitAccount),
  });

  /** Throws what the server says. */
  async function load(): Promise<void> {
    isOver.value = false;
    self.value = await ask(unitRoutes.unitAccount);
    systems.value = await ask(ownSystemRoutes.ownSystems);
    line.start();
  }
  const forget = (): void => {
    line.stop();
    self.value = undefined;
    systems.value = [];
  };
  return { self, systems, isOver, changes, ask, load, forget };
});

/** One action at a time, its failure in the words of the error table. */
export const useHomeAction = () => createAsyncAction(createErrorOf(failureWords));
