// Computes the test vectors of a run's certificate again, with the model that the run has now.

import { LanguageModel, type Pipeline, SequenceClassifier, SequenceTagger } from 'unrolled';
import { GraphModel } from 'unrolled/graph';
import { vectorNetwork } from 'unrolled/pipelines';
import { type Certificate, certificateOf, replay } from '../certificate/certificate.ts';
import { ConvertError } from '../errors.ts';
import type { VectorError } from '../model/vectors.ts';

/**
 * Replays the certificate (parsed JSON) of an imported run that is open. Returns it and the largest error now. Throws a ConvertError for a run that was not
 * imported, and where the error is above the certificate's tolerance.
 */
export function verifyRun(
  run: Pick<Pipeline, 'task' | 'model' | 'info'>,
  certificate: unknown,
): { readonly certificate: Certificate; readonly error: VectorError } {
  const source = `${run.info.name}/certificate.json`;
  const checked = certificateOf(certificate, source);
  const { model } = run;
  if (model instanceof GraphModel) return { certificate: checked, error: replay(model, checked, source) };
  const isOwn =
    model instanceof LanguageModel || model instanceof SequenceClassifier || model instanceof SequenceTagger;
  if (isOwn) return { certificate: checked, error: replay(vectorNetwork(model), checked, source) };
  throw new ConvertError(source, { expected: 'the run of an imported model', got: `one of ${run.task}` });
}
