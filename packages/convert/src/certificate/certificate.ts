// The certificate of a conversion: what was converted, what was decided, and test vectors with the error that was measured. It is a file of JSON next to the
// model; `verify` computes the vectors again.
//
//   { "format": "unrolled certificate", "version": 1, "source": { "name", "sha256", … }, "decisions": […], "vectors": […], "error": { … } }

import type { GraphModel } from 'unrolled/graph';
import { ConvertError } from '../errors.ts';
import type { Decision, Skipped, Warning } from '../model/report.ts';
import { type TestVector, type VectorError, vectorError } from '../model/vectors.ts';

/** The content of certificate.json. */
export interface Certificate {
  readonly format: 'unrolled certificate';
  readonly version: 1;
  /** The file that was converted, and its format. */
  readonly source: {
    readonly name: string;
    readonly format: string;
    readonly producer: string | null;
    readonly sha256: string;
  };
  /** What it became: a format, or `unrolled`. */
  readonly target: string;
  readonly decisions: readonly Decision[];
  readonly warnings: readonly Warning[];
  readonly skipped: readonly Skipped[];
  readonly vectors: readonly TestVector[];
  /** The largest error over all vectors when the certificate was made, and the one up to which a replay passes. */
  readonly error: VectorError & { readonly tolerance: number };
}

/** The name of the file next to a converted model. */
export const certificateName = 'certificate.json';

/** Reads a certificate from parsed JSON. Throws a ConvertError for anything else. */
export function certificateOf(json: unknown, source: string): Certificate {
  const { format, version, vectors, error } = Object(json) as Partial<Certificate>;
  if (format !== 'unrolled certificate')
    throw new ConvertError(source, { expected: 'the certificate of a conversion', got: 'other JSON' });
  if (version !== 1)
    throw new ConvertError(source, {
      expected: 'version 1',
      got: typeof version === 'number' ? String(version) : 'none',
      advice: 'update @unrolled/convert',
    });
  if (!Array.isArray(vectors) || !Number.isFinite(error?.tolerance))
    throw new ConvertError(source, { expected: 'test vectors and a tolerance', got: 'none' });
  return json as Certificate;
}

/**
 * Computes the certificate's test vectors with `model` and compares. Throws a ConvertError where the error is above the tolerance: the model does not compute
 * what was certified.
 */
export function replay(
  model: Pick<GraphModel, 'forward'>,
  certificate: Certificate,
  source = certificateName,
): VectorError {
  const { absolute, relative } = vectorError(model, certificate.vectors, source);
  const { tolerance } = certificate.error;
  if (relative <= tolerance) return { absolute, relative };
  throw new ConvertError(source, {
    where: 'test vectors',
    expected: `a relative error of at most ${tolerance}`,
    got: relative.toExponential(1),
    advice: 'this is not the model that was certified, or it is computed otherwise here',
  });
}
