import { onScopeDispose, shallowRef } from 'vue';
import type { z } from 'zod';
import type { frameAnswerSchema } from '#domain/contracts/kiosk/devices.ts';
import { useAgent } from '../agent/provide-agent.ts';
import { drawFrame } from './read-still.ts';

export type FrameAnswer = z.infer<typeof frameAnswerSchema>;
export interface Guidance {
  readonly answer: FrameAnswer;
  /** Size of the frame in which the corners are given. */
  readonly width: number;
  readonly height: number;
}

const frameWidthPx = 640;
/** Fifteen frames a second where the agent keeps up; a slower answer is waited for. */
const minIntervalMs = 1000 / 15;

/** Asks the agent about small frames, one at a time; an answer that comes after a stop or a newer start is dropped. */
export function useFrameGuidance(options: {
  video: () => HTMLVideoElement | null;
  onSeen: (guidance: Guidance) => void;
}) {
  const agent = useAgent();
  const guidance = shallowRef<Guidance | undefined>();
  let running: AbortController | undefined;

  function start(): void {
    stop();
    running = new AbortController();
    void loop(running.signal);
  }
  function stop(): void {
    running?.abort();
    running = undefined;
    guidance.value = undefined;
  }
  async function loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const before = performance.now();
      await look(signal);
      const restMs = Math.max(0, minIntervalMs - (performance.now() - before));
      await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  }
  async function look(signal: AbortSignal): Promise<void> {
    const video = options.video();
    if (!video || video.videoWidth === 0) return;
    try {
      const frame = await drawFrame(video, frameWidthPx, 0.7);
      if (!frame || signal.aborted) return;
      const answer = await agent.frame(frame, signal);
      if (signal.aborted) return;
      const width = Math.min(frameWidthPx, video.videoWidth);
      guidance.value = { answer, width, height: Math.round((video.videoHeight * width) / video.videoWidth) };
      options.onSeen(guidance.value);
    } catch {
      // Guidance is a help: without it the picture is shot by hand.
      if (!signal.aborted) guidance.value = undefined;
    }
  }
  onScopeDispose(stop);

  return { guidance, start, stop };
}
