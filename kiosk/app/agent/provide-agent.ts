import { inject } from 'vue';
import type { App, InjectionKey } from 'vue';
import type { AgentClient } from './agent-client.ts';

const agentKey: InjectionKey<AgentClient> = Symbol('agent');

export function provideAgent(app: App, agent: AgentClient): void {
  app.provide(agentKey, agent);
}
/** In components, and in stores, which share the app's injections. */
export function useAgent(): AgentClient {
  const agent = inject(agentKey);
  if (!agent) throw new Error('the agent client is provided in main.ts');
  return agent;
}
