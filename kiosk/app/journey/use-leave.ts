import { useAgent } from '../agent/provide-agent.ts';
import { useStation } from '../stores/station.ts';

/** Ends the session: the page is cleared even if the agent cannot be told. */
export function useLeave(): (reason?: 'logout' | 'idle') => Promise<void> {
  const agent = useAgent();
  const station = useStation();
  return async (reason = 'logout') => {
    try {
      station.draftsKeptUntil = (await agent.logout()).draftsKeptUntil;
    } catch {
      // The agent ends idle sessions by itself.
    } finally {
      station.setSession(undefined);
      station.endedBecause = reason;
    }
  };
}
