import { createPinia } from 'pinia';
import { createApp, watch } from 'vue';
import 'element-plus/dist/index.css';
import '#ui/tokens.css';
import '#ui/base.css';
import './element-plus.css';
import App from './App.vue';
import { openAccess, reopenAtNewCode } from './agent/access.ts';
import { createAgentClient } from './agent/agent-client.ts';
import { listenToAgent } from './agent/agent-events.ts';
import { provideAgent } from './agent/provide-agent.ts';
import { useLeave } from './journey/use-leave.ts';
import { createKioskRouter } from './router.ts';
import { useOpenRecord } from './stores/open-record.ts';
import { useRecords } from './stores/records.ts';
import { useBatches } from './stores/batches.ts';
import { useStation } from './stores/station.ts';

/** Wires the page and mounts it. */
export async function startPage(): Promise<void> {
  reopenAtNewCode(window);
  const fetchFrom = window.fetch.bind(window);
  const agent = createAgentClient({ access: await openAccess(window, fetchFrom), fetch: fetchFrom });
  const app = createApp(App);
  app.use(createPinia());
  provideAgent(app, agent);

  const { station, records, openRecord, batches, leave } = app.runWithContext(() => ({
    station: useStation(),
    records: useRecords(),
    leave: useLeave(),
    openRecord: useOpenRecord(),
    batches: useBatches(),
  }));

  const router = createKioskRouter({
    mayEnter(name) {
      if (name === 'devices') return undefined;
      if (!station.session) return name === 'welcome' ? undefined : '/';
      if (name === 'welcome') return '/role';
      return station.session.role === undefined && name !== 'role' ? '/role' : undefined;
    },
  });

  listenToAgent({
    url: agent.eventsUrl(),
    onEvent(event) {
      station.take(event);
      records.take(event);
      openRecord.take(event);
      batches.take(event);
    },
    onConnected() {
      // what is not there any more is no lost agent: that is told by the connection itself
      void station.refresh().then(
        () => Promise.allSettled([openRecord.catchUp(), records.catchUp(), batches.refresh()]),
        () => undefined,
      );
    },
    onLost: () => station.setReachable(false),
  });

  // The session's end, whatever ended it, leaves nothing of the person behind: neither in memory nor in the history.
  watch(
    () => station.session,
    (session, before) => {
      if (session || !before) return;
      records.clear();
      openRecord.close();
      batches.close();
      void router.replace('/');
    },
  );

  void station
    .refresh()
    .then(() => (agent.access.isFresh && station.session ? leave() : undefined))
    .catch(() => undefined)
    .then(() => {
      // Installed only now: its first look at the address must know who is logged in.
      app.use(router);
      app.mount('#app');
    });
}
