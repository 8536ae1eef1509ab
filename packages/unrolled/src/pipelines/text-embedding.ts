// Embeddings of texts: what the recurrent layers of a language model put out. Texts of similar length are read together, in pieces of a fixed number
// of steps, so that memory does not grow with their length. A text's embedding does not depend on the others.

import { requireOneOf, requireWhole, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { type SignalLike, throwIfAborted } from '../abort.ts';
import { computeValues } from '../inference/compute.ts';
import type { LanguageModel, LanguageState } from '../models/language-model.ts';
import { CarriedState } from '../nn/recurrent/state.ts';
import { indices } from '../tensor/create.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { idsOf, type TextCodec } from './text-codec.ts';

/** Options of `embed`. */
export interface TextEmbeddingOptions {
  /** The output after the last symbol, or the mean over all symbols. Default 'last'. */
  readonly pooling?: 'last' | 'mean';
  /** Batch size. Default 32. */
  readonly batchSize?: number;
  readonly signal?: SignalLike | null;
}

const who = 'text-generation';
const stepsAtOnce = 16; // others have their turn in between

export async function embedTexts(
  model: LanguageModel,
  vocabulary: TextCodec,
  texts: string | readonly (string | ArrayLike<number>)[],
  options: TextEmbeddingOptions = {},
): Promise<Float32Array[]> {
  checkOptions(who, options, ['pooling', 'batchSize', 'signal']);
  const { pooling = 'last', batchSize = 32, signal } = options;
  requireOneOf(who, 'pooling', pooling, ['last', 'mean']);
  requireWhole(who, 'batchSize', batchSize, 1);
  const list = typeof texts === 'string' ? [texts] : texts;
  if (!Array.isArray(list)) throw new OptionError(who, 'texts', `expected a text or a list, got ${shown(list)}`);
  const all = list.map((text) => idsOf(who, 'texts', vocabulary, text));
  const order = Array.from(all.keys()).sort((a, b) => all[b].length - all[a].length || a - b);
  const found: Float32Array[] = [];
  for (let from = 0; from < order.length; from += batchSize) {
    const some = order.slice(from, from + batchSize);
    const read = await readTogether(
      model,
      some.map((n) => all[n]),
      pooling,
      signal,
    );
    for (const [b, n] of some.entries()) found[n] = read[b];
  }
  return found;
}

/** Embeddings of texts that are read side by side, the longest first. Sums are in float64, in the order of the steps. */
async function readTogether(
  model: LanguageModel,
  texts: readonly Int32Array[],
  pooling: 'last' | 'mean',
  signal: SignalLike | null | undefined,
): Promise<Float32Array[]> {
  const H = model.recurrent.outputSize;
  const B = texts.length;
  const sums = texts.map(() => new Float64Array(H));
  const carried = new CarriedState<LanguageState>();
  const longest = texts[0].length;
  try {
    for (let from = 0; from < longest; from += stepsAtOnce) {
      throwIfAborted(who, signal);
      const T = Math.min(stepsAtOnce, longest - from);
      const lengths = texts.map((ids) => Math.min(Math.max(ids.length - from, 0), T));
      const ids = new Int32Array(T * B);
      for (const [b, text] of texts.entries()) for (let t = 0; t < lengths[b]; t++) ids[t * B + b] = text[from + t];
      const { y } = await computeValues(model, () => {
        const [output, next] = model.hidden(indices(ids, [T, B]), carried.value, { lengths });
        carried.replace(next);
        return { y: output }; // [T, B, H]
      });
      for (const [b, sum] of sums.entries())
        for (let t = pooling === 'last' ? Math.max(lengths[b] - 1, 0) : 0; t < lengths[b]; t++)
          for (let j = 0; j < H; j++) sum[j] = (pooling === 'last' ? 0 : sum[j]) + y[(t * B + b) * H + j];
      await yieldToEventLoop();
    }
  } finally {
    carried.replace(null);
  }
  return sums.map((sum, b) => {
    const count = pooling === 'last' ? 1 : Math.max(texts[b].length, 1);
    return Float32Array.from(sum, (value) => value / count);
  });
}
