// Sequences of numbers as a network reads them: missing values filled, each feature standardized by the mean and deviation of the training part. The same
// numbers are needed wherever the model is asked, so they are kept in the run, as features.json.
//
//   temperature   21.5   .    22.0        .  is filled with the value before it; before the first value with the mean
//   z             −0.3 −0.3   0.1         z = (x − mean) / deviation, at most ±clip
//   Δz             0     0    1.2         with `differences`: x_t − x_(t−1), standardized alike, as a feature of its own

import { requireKinds, shown } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';
import { momentsOf } from './moments.ts';

/** A feature scaler as a run keeps it. */
export interface FeatureScalerJSON {
  /** Names of the F features, in their order. */
  readonly names: readonly string[];
  /** Whether each feature's difference from the step before follows as a feature of its own. */
  readonly differences: boolean;
  /** Mean and standard deviation of what is read, F or 2F values each. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Standardized values are limited to ±clip: a feature that hardly ever changes must not outweigh the others when it does. Null: no limit. */
  readonly clip: number | null;
}

/** Options of `FeatureScaler.fit`. */
export interface FeatureScalerOptions {
  /** Whether to add each feature's difference from the step before. Default false. */
  readonly differences?: boolean;
  /** Whether to standardize. Without, values are read as they are, and a missing value before the first one is 0. Default true. */
  readonly standardize?: boolean;
}

/** A sequence as a model reads it. */
export interface ScaledSequence {
  /** [T, I] row by row, I = `inputSize`. */
  readonly values: Float32Array;
  /** How many values were missing. */
  readonly missing: number;
}

const usualClip = 10; // standard deviations
const largestFloat = 3.4028234e38; // of a float32
const mostFeatures = 2 ** 20;

/**
 *     const scaler = FeatureScaler.fit(training, ['x', 'y', 'pressure']);   // each sequence [T, 3] row by row, NaN where a value is missing
 *     const { values, missing } = scaler.encode(sequence);                  // Float32Array [T, 3]
 *     const model = new SequenceClassifier({ inputSize: scaler.inputSize, classes: 4 });
 *
 * `toJSON` and `fromJSON` carry it to where the model is used.
 */
export class FeatureScaler {
  readonly names: readonly string[];
  readonly differences: boolean;
  readonly #mean: Float64Array;
  readonly #deviation: Float64Array;
  readonly #clip: number;

  private constructor(measured: FeatureScalerJSON) {
    requireKinds(
      'FeatureScaler',
      { measured },
      { measured: { names: 'texts', mean: 'numbers', deviation: 'numbers' } },
    );
    const { names, differences, mean, deviation, clip } = measured;
    this.names = names;
    this.differences = differences;
    this.#mean = Float64Array.from(mean);
    this.#deviation = Float64Array.from(deviation);
    this.#clip = clip ?? largestFloat;
  }

  /** Measures the features of training sequences, each [T, F] row by row. Throws a FormatError for a feature without any number. */
  static fit(
    sequences: readonly ArrayLike<number>[],
    names: readonly string[],
    { differences = false, standardize = true }: FeatureScalerOptions = {},
  ): FeatureScaler {
    requireKinds('FeatureScaler.fit', { sequences, names }, { sequences: 'lists', names: 'texts' });
    const F = names.length;
    if (F === 0 || F > mostFeatures)
      throw new OptionError('FeatureScaler.fit', 'names', `expected 1 to ${mostFeatures} features, got ${F}`);
    for (const [n, sequence] of sequences.entries()) requireSteps('FeatureScaler.fit', sequence, F, `sequence ${n}`);
    const I = differences ? 2 * F : F;
    const neutral = { mean: new Float64Array(I), deviation: new Float64Array(I).fill(1) };
    const { mean, deviation } = standardize ? measured(sequences, names, differences) : neutral;
    const clip = standardize ? usualClip : null;
    return new FeatureScaler({ names, differences, mean: [...mean], deviation: [...deviation], clip });
  }

  /** From a file. `source` names it in errors. Throws a FormatError that says what is wrong. */
  static fromJSON(json: unknown, source = 'features'): FeatureScaler {
    const { names, differences, mean, deviation, clip } = Object(json) as Record<keyof FeatureScalerJSON, unknown>;
    const fail = (what: string, expected: string, got: unknown): never => {
      throw new FormatError(source, `${what}: expected ${expected}, got ${shown(got)}`);
    };
    if (!Array.isArray(names) || names.length === 0 || names.length > mostFeatures || !names.every(isText))
      return fail('names', 'a list of names', names);
    if (typeof differences !== 'boolean') return fail('differences', 'true or false', differences);
    const I = differences ? 2 * names.length : names.length;
    const numbers = (value: unknown): value is number[] =>
      Array.isArray(value) && value.length === I && value.every((v) => Number.isFinite(v));
    if (!numbers(mean)) return fail('mean', `${I} numbers`, mean);
    if (!numbers(deviation) || !deviation.every((v) => v > 0))
      return fail('deviation', `${I} numbers above 0`, deviation);
    if (clip !== null && !((clip as number) > 0 && Number.isFinite(clip)))
      return fail('clip', 'a number above 0 or null', clip);
    return new FeatureScaler({ names, differences, mean, deviation, clip: clip as number | null });
  }

  /** Numbers of a step as the model reads it: I. */
  get inputSize(): number {
    return this.#mean.length;
  }

  toJSON(): FeatureScalerJSON {
    const { names, differences } = this;
    const clip = this.#clip < largestFloat ? this.#clip : null;
    return { names, differences, mean: [...this.#mean], deviation: [...this.#deviation], clip };
  }

  /** A sequence [T, F], row by row, NaN or infinite where a value is missing. Throws an OptionError unless it is whole steps. */
  encode(sequence: ArrayLike<number>): ScaledSequence {
    const { names } = this;
    const F = names.length;
    const T = requireSteps('FeatureScaler.encode', sequence, F, 'sequence');
    const { values: filled, missing } = fillForward(sequence, this.#mean.subarray(0, F));
    const raw = this.differences ? withDifferences(filled, F) : filled;
    const [I, limit] = [this.inputSize, this.#clip];
    const values = new Float32Array(T * I);
    for (let k = 0; k < values.length; k++) {
      const z = (raw[k] - this.#mean[k % I]) / this.#deviation[k % I];
      values[k] = Math.max(-limit, Math.min(limit, z));
    }
    return { values, missing };
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The number of steps. */
function requireSteps(who: string, sequence: ArrayLike<number>, F: number, what: string): number {
  requireKinds(who, { [what]: sequence }, { [what]: 'list' });
  if (sequence.length > 0 && sequence.length % F === 0) return sequence.length / F;
  const got = sequence.length === 0 ? 'none' : `${sequence.length} numbers`;
  throw new OptionError(who, what, `expected whole steps of ${F} features, got ${got}`);
}

function measured(sequences: readonly ArrayLike<number>[], names: readonly string[], differences: boolean) {
  const F = names.length;
  const plain = concatenated(sequences);
  const counts = new Float64Array(F);
  for (let k = 0; k < plain.length; k++) if (Number.isFinite(plain[k])) counts[k % F]++;
  const empty = counts.indexOf(0);
  if (empty >= 0) throw new FormatError(`feature ${names[empty]}`, 'has no number in the training data');
  const own = momentsOf({ names, values: plain });
  if (!differences) return own;
  const changes = sequences.map((sequence) => {
    const { values } = fillForward(sequence, own.mean);
    return withDifferences(values, F).filter((_, k) => k % (2 * F) >= F);
  });
  const change = momentsOf({ names, values: concatenated(changes) });
  return {
    mean: Float64Array.of(...own.mean, ...change.mean),
    deviation: Float64Array.of(...own.deviation, ...change.deviation),
  };
}

function concatenated(sequences: readonly ArrayLike<number>[]): Float64Array {
  const all = new Float64Array(sequences.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sequence of sequences)
    for (let k = 0; k < sequence.length; k++) all[at++] = Number.isFinite(sequence[k]) ? sequence[k] : Number.NaN;
  return all;
}

/** Each missing value as the one before it, or where there is none as `first`, one number for each feature. */
function fillForward(sequence: ArrayLike<number>, first: ArrayLike<number>) {
  const F = first.length;
  const values = new Float64Array(sequence.length);
  let missing = 0;
  for (let k = 0; k < values.length; k++) {
    if (Number.isFinite(sequence[k])) values[k] = sequence[k];
    else {
      missing++;
      values[k] = k < F ? first[k] : values[k - F];
    }
  }
  return { values, missing };
}

/** [T, F] → [T, 2F]: the features, and behind them their differences from the step before, 0 at the first. */
function withDifferences(values: Float64Array, F: number): Float64Array {
  const all = new Float64Array(2 * values.length);
  for (let k = 0; k < values.length; k++) {
    const at = Math.floor(k / F) * 2 * F + (k % F);
    all[at] = values[k];
    all[at + F] = k < F ? 0 : values[k] - values[k - F];
  }
  return all;
}
