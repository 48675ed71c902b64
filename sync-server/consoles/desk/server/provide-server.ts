import { inject } from 'vue';
import type { App, InjectionKey } from 'vue';
import type { ServerClient } from './server-client.ts';

const serverKey: InjectionKey<ServerClient> = Symbol('server');

export function provideServer(app: App, server: ServerClient): void {
  app.provide(serverKey, server);
}

/** In components, and in stores, which share the app's injections. */
export function useServer(): ServerClient {
  const server = inject(serverKey);
  if (!server) throw new Error('the server client is provided in main.ts');
  return server;
}
