import { createPinia } from 'pinia';
import { z } from 'zod';
import { createApp } from 'vue';
import 'element-plus/dist/index.css';
import '#ui/tokens.css';
import '#ui/base.css';
import '../computer.css';
import App from './App.vue';
import { createDeskRouter } from './router.ts';
import { provideServer } from './server/provide-server.ts';
import { createServerClient } from './server/server-client.ts';
import { useSession } from './stores/session.ts';

// The page's policy forbids eval; zod would try it, and the browser would report it.
z.config({ jitless: true });

const app = createApp(App);
app.use(createPinia());

const server = createServerClient({
  fetch: window.fetch.bind(window),
  onSessionLost: () => app.runWithContext(() => useSession().lose()),
});
provideServer(app, server);

const session = app.runWithContext(() => useSession());
app.use(
  createDeskRouter({
    isSignedIn: () => session.find().then((account) => account !== undefined),
    mustChangePassword: () => session.mustChangePassword !== undefined,
  }),
);
app.mount('#app');
