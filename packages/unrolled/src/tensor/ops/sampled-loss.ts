// Losses of large vocabularies that score a few classes instead of all V: the target of each row, and S classes that were sampled for the whole
// batch. Time and memory grow with S, not with V; only the rows of the weights that were used get a gradient. With s_v = w_v · x + b_v the score of
// class v, m draws from a distribution Q and c_v of them for class v:
//
//   sampled softmax   loss = −s_y + ln(e^(s_y) + Σ_(v ≠ y) c_v e^(s_v) / (m Q_v))                  (Bengio and Senécal 2008; Jean et al. 2015)
//   NCE               loss = −ln σ(Δ_y) − Σ_v c_v ln σ(−Δ_v),   Δ_v = s_v − ln Z − ln(m Q_v)       (Gutmann and Hyvärinen 2010; Mnih and Teh 2012)
//
// The sum inside the first logarithm is an unbiased estimate of Σ_v e^(s_v), whatever Q is: E[e^loss] is e to the loss over all classes. (Its
// gradient is biased, less with more samples, and not at all where Q is the model's own distribution: Blanc and Rendle 2018.) NCE's gradient is an
// unbiased estimate of that of its own expectation, whose minimum has the probabilities e^(s_v) / Z of the data, normalized without a sum over V.

import { requireKinds, requireNumber, requireOneOf } from '../../checks.ts';
import { checkOptions, OptionError, ShapeError, TensorError } from '../../errors.ts';
import { indices } from '../create.ts';
import { hostValues } from '../host-values.ts';
import { sameShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { embedding } from './embedding.ts';
import { requireAlike, requireFloat, requireSameBackend, requireTensor } from './operands.ts';
import { linear } from './product.ts';
import { cat, checkIndices } from './shaping.ts';
import { crossEntropy } from './softmax.ts';

/** Classes sampled with replacement, merged: each class once, with the number of its draws. */
export interface ClassSamples {
  /** S different classes. */
  readonly classes: Int32Array;
  /** How often each of them was drawn. */
  readonly counts: Int32Array;
  /** Draws in all, m: the sum of the counts. */
  readonly total: number;
  /** ln Q_v for every class of the vocabulary. */
  readonly logProbabilities: Float64Array;
}

/** Options of `sampledSoftmaxLoss`. */
export interface SampledLossOptions {
  /** 'mean' over the targets that count (the default), or their 'sum'. */
  readonly reduction?: 'mean' | 'sum';
  /** Targets of this value add nothing to the loss or the gradient. Default −100. */
  readonly ignoreIndex?: number;
}

/** Options of `nceLoss`. */
export interface NCELossOptions extends SampledLossOptions {
  /** ln Z, the constant by which scores become probabilities. Default ln V, which suits scores that start near 0. */
  readonly logNormalizer?: number;
}

/** The scores that a step needs, of N rows that count. */
interface SampledScores {
  readonly own: Tensor; // [N]: s_y
  readonly sampled: Tensor; // [N, S]
  readonly targets: ArrayLike<number>; // N classes
}

/**
 * Softmax loss over each row's target and the sampled classes: x [.., I], weight [V, I], bias [V], target int32 [..] → a scalar.
 * A sampled class that is a row's own target does not count in that row.
 *
 * Throws a ShapeError when they do not fit and an OptionError for a class outside 0 … V − 1.
 */
export function sampledSoftmaxLoss(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  target: Tensor,
  samples: ClassSamples,
  options: SampledLossOptions = {},
): Tensor {
  checkOptions('sampledSoftmaxLoss', options, ['reduction', 'ignoreIndex']);
  const { own, sampled, targets } = sampledScores('sampledSoftmaxLoss', x, weight, bias, target, samples, options);
  const { classes, counts, total, logProbabilities } = samples;
  const N = targets.length;
  const corrections = Array.from(classes, (v, k) => Math.log(counts[k] / total) - logProbabilities[v]);
  const logits = sampled.add(constant([classes.length], corrections, x)).add(ownTargets(classes, targets, x));
  const all = cat([own.reshape(N, 1), logits], 1); // [N, 1 + S], the target first
  const first = indices(new Int32Array(N), [N], { backend: x.backend });
  return crossEntropy(all, first, { reduction: options.reduction ?? 'mean' });
}

/**
 * Noise-contrastive estimation: each row tells its target from the sampled classes, the noise. x [.., I], weight [V, I], bias [V],
 * target int32 [..] → a scalar. It is no estimate of the softmax loss: measure that with `linearCrossEntropy`.
 *
 * Throws a ShapeError when they do not fit and an OptionError for a class outside 0 … V − 1.
 */
export function nceLoss(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  target: Tensor,
  samples: ClassSamples,
  options: NCELossOptions = {},
): Tensor {
  checkOptions('nceLoss', options, ['reduction', 'ignoreIndex', 'logNormalizer']);
  requireTensor('nceLoss', weight);
  const { logNormalizer = Math.log(weight.shape[0]), ...rest } = options;
  requireNumber('nceLoss', 'logNormalizer', logNormalizer);
  const { own, sampled, targets } = sampledScores('nceLoss', x, weight, bias, target, samples, rest);
  const { classes, counts, total, logProbabilities } = samples;
  const shift = (v: number) => -logNormalizer - Math.log(total) - logProbabilities[v];
  const data = own.add(constant([targets.length], Array.from(targets, shift), x)).neg(); // −Δ_y
  const noise = sampled.add(constant([classes.length], Array.from(classes, shift), x)); // Δ_v
  const loss = data
    .softplus()
    .sum()
    .add(
      noise
        .softplus()
        .mul(constant([classes.length], counts, x))
        .sum(),
    );
  return options.reduction === 'sum' ? loss : loss.div(Math.max(1, targets.length));
}

/** The scores of every target and of all sampled classes, from one look-up of the rows of the weights that they need. */
function sampledScores(
  who: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  target: Tensor,
  samples: ClassSamples,
  { reduction = 'mean', ignoreIndex = -100 }: SampledLossOptions,
): SampledScores {
  requireOneOf(who, 'reduction', reduction, ['mean', 'sum']);
  for (const t of [x, weight]) requireFloat(who, t);
  requireTensor(who, target);
  requireAlike(who, x, weight, bias);
  requireSameBackend(who, x, target);
  if (target.dtype !== 'int32') throw new TensorError(who, `expected int32 targets, got ${target.dtype}`);
  const I = x.shape.at(-1) as number;
  if (weight.rank !== 2 || weight.shape[1] !== I) throw new ShapeError(who, 'weight', ['V', I], weight.shape);
  const V = weight.shape[0];
  if (bias && !sameShape(bias.shape, [V])) throw new ShapeError(who, 'bias', [V], bias.shape);
  const lead = x.shape.slice(0, -1);
  if (!sameShape(target.shape, lead)) throw new ShapeError(who, 'target', lead, target.shape);
  checkIndices(who, target, V, ignoreIndex);
  checkSamples(who, samples, V);

  const { backend } = x;
  const all = hostValues(target);
  const live = Int32Array.from(all.keys()).filter((i) => all[i] !== ignoreIndex);
  const targets = live.map((i) => all[i]);
  const flat = x.reshape(sizeOf(lead), I);
  const rows = live.length === all.length ? flat : embedding(indices(live, [live.length], { backend }), flat); // [N, I]
  const [S, N] = [samples.classes.length, targets.length];
  const used = indices([...samples.classes, ...targets], [S + N], { backend });
  const table = embedding(used, weight); // [S + N, I]
  const offsets = bias && embedding(used, bias.unsqueeze(1)).squeeze(-1); // [S + N]
  const own = rows.mul(table.slice(0, S, S + N)).sum(-1);
  return {
    own: offsets ? own.add(offsets.slice(0, S, S + N)) : own,
    sampled: linear(rows, table.slice(0, 0, S), offsets && offsets.slice(0, 0, S)),
    targets,
  };
}

function checkSamples(who: string, samples: ClassSamples, V: number): void {
  requireKinds(
    who,
    { samples },
    { samples: { classes: 'numbers', counts: 'numbers', total: 'number', logProbabilities: 'numbers' } },
  );
  const { classes, counts, logProbabilities } = samples;
  if (logProbabilities.length !== V)
    throw new ShapeError(who, 'samples.logProbabilities, one for each class,', [V], [logProbabilities.length]);
  if (counts.length !== classes.length)
    throw new ShapeError(who, 'samples.counts, one for each sampled class,', [classes.length], [counts.length]);
  const wrong = classes.find((v) => !(Number.isInteger(v) && v >= 0 && v < V));
  if (wrong !== undefined)
    throw new OptionError(who, 'samples.classes', `expected classes from 0 to ${V - 1}, got ${wrong}`);
}

/** [N, S]: far below every score where a sampled class is the row's own target, else 0. */
function ownTargets(classes: Int32Array, targets: ArrayLike<number>, like: Tensor): Tensor {
  const [N, S] = [targets.length, classes.length];
  const column = new Map(Array.from(classes, (v, k) => [v, k] as const));
  const values = new Float32Array(N * S);
  for (let n = 0; n < N; n++) {
    const k = column.get(targets[n]);
    if (k !== undefined) values[n * S + k] = -1e30;
  }
  return constant([N, S], values, like);
}

function constant(shape: readonly number[], values: ArrayLike<number>, { dtype, backend }: Tensor): Tensor {
  const t = Tensor.empty(shape, dtype, backend);
  t.set(values);
  return t;
}
