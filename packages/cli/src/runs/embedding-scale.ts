// Embeddings begin as Normal(0, 1), as in PyTorch. For classifiers of a few thousand texts a smaller deviation generalizes better: what a word means is then
// learned, and less of it is where the word happened to begin. Where symbols have to be told apart exactly, as in captions and sums, 1 learns sooner.

import { Embedding, type Module } from 'unrolled';

/** Brings the initial values of every embedding of `model` from deviation 1 to `scale`. Draws nothing: the weights of other layers stay as they are. */
export function scaleEmbeddings(model: Module, scale = 1): void {
  if (scale === 1) return;
  const weights = new Set([...embeddingsOf(model)].map(({ weight }) => weight)); // one may be shared
  for (const weight of weights) weight.set(weight.dataSync().map((value) => scale * value));
}

function* embeddingsOf(module: Module): Generator<Embedding> {
  if (module instanceof Embedding) yield module;
  for (const [, child] of module.children()) yield* embeddingsOf(child);
}
