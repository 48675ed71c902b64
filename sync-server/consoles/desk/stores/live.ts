import { defineStore } from 'pinia';
import { ref } from 'vue';
import { useServer } from '../server/provide-server.ts';
import { isFailure } from '#ui/client/failure.ts';
import { listenToServer } from '../server/server-events.ts';
import { useCaseList } from './case-list.ts';
import { useOpenCase } from './open-case.ts';

const againMs = 5_000;

/** The line to the server while somebody is signed in. After a gap everything shown is read anew. */
export const useLive = defineStore('live', () => {
  const server = useServer();
  const list = useCaseList();
  const openCase = useOpenCase();
  const isConnected = ref(false);
  let line: { close(): void } | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;

  function start(): void {
    stop();
    let wasLost = false;
    line = listenToServer({
      url: server.eventsAddress(),
      onEvent(event) {
        list.take(event);
        openCase.take(event);
      },
      onConnected() {
        isConnected.value = true;
        if (wasLost) catchUp();
      },
      onLost(isFinal) {
        wasLost = true;
        isConnected.value = false;
        if (isFinal) tryAgain();
      },
    });
  }
  /** The browser does not try again after a refusal: asking tells whether the session ended or the server was away. */
  function tryAgain(): void {
    again = setTimeout(() => {
      server.me().then(
        () => {
          start();
          catchUp();
        },
        (error: unknown) => {
          if (!isFailure(error, 'UNAUTHENTICATED')) tryAgain();
        },
      );
    }, againMs);
  }
  function catchUp(): void {
    if (list.isLoaded) void list.load();
    void openCase.reload();
  }
  function stop(): void {
    clearTimeout(again);
    line?.close();
    line = undefined;
    isConnected.value = false;
  }
  return { isConnected, start, stop };
});
