/** How every network is run. */
import type { InferenceSession } from 'onnxruntime-node';

/** Threads that wait do not spin: on a counter's two cores the imaging thread and the page need them. */
export function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
