import { defineStore } from 'pinia';
import { reactive } from 'vue';
import { consoleEventSchema } from '#domain/contracts/desk/events.ts';
import { createLiveLine } from '../../client/live-line.ts';
import { useServer } from '../server/provide-server.ts';
import { useCaseList } from './case-list.ts';
import { useOpenCase } from './open-case.ts';

/** The line to the server while somebody is signed in. */
export const useLive = defineStore('live', () => {
  const server = useServer();
  const list = useCaseList();
  const openCase = useOpenCase();
  /** Raised whenever one of that kind came or changed: pages look again. */
  const changes = reactive({ accounts: 0, cases: 0, log: 0, stations: 0 });

  const { isConnected, start, stop } = createLiveLine({
    address: server.eventsAddress(),
    event: consoleEventSchema,
    types: ['case-opened', 'case-changed', 'accounts-changed', 'log-changed', 'stations-changed'],
    onEvent(event) {
      if (event.type === 'accounts-changed') changes.accounts += 1;
      else if (event.type === 'stations-changed') changes.stations += 1;
      else if (event.type !== 'log-changed') {
        changes.cases += 1;
        list.take(event);
        openCase.take(event);
      }
      if (event.type !== 'stations-changed') changes.log += 1;
    },
    onBack() {
      if (list.isLoaded) void list.load();
      void openCase.reload();
      changes.accounts += 1;
      changes.cases += 1;
      changes.log += 1;
      changes.stations += 1;
    },
    ask: () => server.me(),
  });
  return { isConnected, changes, start, stop };
});
