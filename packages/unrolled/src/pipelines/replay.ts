// A model of another system has a certificate in its run: test vectors that were computed when it was imported. They are computed once more when the run is
// opened: other numbers than those that were certified are no answer.

import { requireKinds } from '../checks.ts';
import { OptionError, UnrolledError } from '../errors.ts';
import type { GraphModel } from '../graph/graph-model.ts';
import { type GraphValue, HostArray } from '../graph/value.ts';
import type { TestVector } from '../graph/vectors.ts';
import { compute } from '../inference/compute.ts';
import type { LanguageModel } from '../models/language-model.ts';
import type { SequenceClassifier } from '../models/sequence-classifier.ts';
import type { SequenceTagger } from '../models/sequence-tagger.ts';
import { indices } from '../tensor/create.ts';
import { Tensor } from '../tensor/tensor.ts';
import { isGraph } from './require-model.ts';
import { RunError } from './run-error.ts';
import type { OpenedRun } from './run.ts';

/** What test vectors ask: values by name in, values by name out. */
export interface VectorNetwork {
  forward(inputs: Readonly<Record<string, GraphValue>>): Record<string, GraphValue>;
}

/** A text model of a run. */
export type TextModel = LanguageModel | SequenceClassifier | SequenceTagger;

/**
 * A text model as test vectors ask it: `input` int [T, B] → `probabilities` [T, B, C], or [B, C] of a classifier, and those of the last step as `last` [B, C].
 */
export function vectorNetwork(model: TextModel): VectorNetwork {
  requireKinds('vectorNetwork', { model }, { model: 'module' });
  return {
    forward: (inputs) => {
      requireKinds('vectorNetwork', { inputs }, { inputs: 'object' });
      const { input } = inputs;
      if (!(input instanceof HostArray)) throw new OptionError('vectorNetwork', 'input', 'expected ids of the host');
      const x = indices(Array.from(input.values), input.shape);
      const given = model.forward(x);
      const logits = Array.isArray(given) ? given[0] : given;
      if (!(logits instanceof Tensor)) throw new OptionError('vectorNetwork', 'model', 'expected a model of text');
      const probabilities = logits.softmax();
      const last = logits.rank === 2 ? probabilities : probabilities.select(0, logits.shape[0] - 1);
      return { probabilities, last };
    },
  };
}

/** Replays the certificate of a text run that was imported; what was trained here has none. */
export async function replayImported(run: OpenedRun, model: GraphModel | TextModel): Promise<void> {
  if ((Object(run.info.config.data) as { imported?: unknown }).imported === true) await replayCertificate(run, model);
}

/**
 * Computes the test vectors of the run's certificate, if it has one. Rejects with a RunError where the model gives other numbers, and for what is no
 * certificate.
 */
export async function replayCertificate(run: OpenedRun, model: GraphModel | TextModel): Promise<void> {
  const source = `${run.info.name}/certificate.json`;
  const found = await run.json('certificate').catch((error: unknown) => {
    if (error instanceof RunError && error.kind === 'missing') return null;
    throw error;
  });
  if (found === null) return;
  const { vectors, error } = Object(found[0]) as { vectors?: readonly TestVector[]; error?: { tolerance?: unknown } };
  if (!Array.isArray(vectors) || typeof error?.tolerance !== 'number')
    throw new RunError('corrupt', source, 'is not the certificate of a conversion');
  const network = isGraph(model) ? model : vectorNetwork(model);
  const { vectorError } = await import('../graph/vectors.ts'); // a page with models that were trained here loads none of it
  try {
    const { relative } = compute(model, () => vectorError(network, vectors, source));
    if (relative <= error.tolerance) return;
    const expected = `expected a relative error of at most ${error.tolerance}, got ${relative.toExponential(1)}`;
    throw new RunError('mismatch', source, `the model does not compute what was certified: ${expected}`);
  } catch (cause) {
    if (cause instanceof RunError) throw cause;
    if (cause instanceof UnrolledError)
      throw new RunError('mismatch', source, `does not fit the model: ${cause.message}`, { cause });
    throw cause;
  }
}
