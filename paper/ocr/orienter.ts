/** Runs the small network that tells which way up a page lies. */
import * as ort from 'onnxruntime-node';
import type { Picture } from '../imaging/picture.ts';
import type { ModelPack } from './model-pack.ts';
import { pageInput } from './page-input.ts';
import { sessionOptions } from '../networks/session-options.ts';

export interface Orienter {
  /** Quarter turns clockwise that bring the page upright; undefined where the network is not sure enough. */
  look(page: Picture): Promise<number | undefined>;
}

/** Undefined for a pack without such a network. */
export async function createOrienter(
  { orientation: spec }: ModelPack,
  threads: number,
): Promise<Orienter | undefined> {
  if (!spec) return undefined;
  const session = await ort.InferenceSession.create(spec.bytes, sessionOptions(threads));
  return {
    look: async (page) => {
      const tensor = await pageInput(page, spec.input);
      const results = await session.run({ [spec.input.name]: tensor });
      const output = results[spec.output.name] as ort.Tensor;
      const logits = Array.from(output.data as Float32Array);
      tensor.dispose();
      output.dispose();
      const most = Math.max(...logits);
      const confidence = 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
      return confidence >= spec.minConfidence ? logits.indexOf(most) : undefined;
    },
  };
}
