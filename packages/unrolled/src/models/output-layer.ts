// What turns the last hidden layer into a distribution over the vocabulary, and its loss. All forms give the exact distribution outside of training;
// they differ in what a training step computes:
//
//   full       softmax over all V classes
//   sampled    softmax over the target and sampled classes          same weights as full
//   nce        the target against sampled noise                     same weights as full
//   adaptive   a softmax of clusters, exact                         weights of its own: AdaptiveLogSoftmaxWithLoss

import { requireOneOf, requireWhole } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { AdaptiveLogSoftmaxWithLoss, checkCutoffs } from '../nn/adaptive-softmax.ts';
import { ClassSampler, mostClasses } from '../nn/class-sampler.ts';
import { Linear } from '../nn/linear.ts';
import { linearCrossEntropy } from '../tensor/ops/linear-cross-entropy.ts';
import { linear } from '../tensor/ops/product.ts';
import { nceLoss, sampledSoftmaxLoss } from '../tensor/ops/sampled-loss.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The forms of a model's output layer. */
export const outputNames = ['full', 'sampled', 'nce', 'adaptive'] as const;

/** The name of a form of output layer. */
export type OutputName = (typeof outputNames)[number];

/** Options of a model's output layer. */
export interface OutputOptions {
  /** The softmax of training: full, sampled (Jean et al. 2015), nce (Mnih and Teh 2012) or adaptive (Grave et al. 2017). Default 'full'. */
  readonly output?: OutputName;
  /** Draws of a training step, for sampled and nce. Default 1024. */
  readonly samples?: number;
  /** Where the clusters of classes end that are sorted by frequency, for adaptive. Default: a tenth and two fifths of the vocabulary. */
  readonly cutoffs?: readonly number[];
}

export const outputOptions = ['output', 'samples', 'cutoffs'] as const;

/** Whether a training step draws classes. */
export function drawsClasses({ output }: OutputOptions): boolean {
  return output === 'sampled' || output === 'nce';
}

/** The options that the form has, with their defaults; none for the full softmax. Throws an OptionError for those that belong to another form. */
export function completeOutput(who: string, options: OutputOptions, classes: number, tied: boolean): OutputOptions {
  const { output = 'full', samples, cutoffs } = options;
  requireOneOf(who, 'output', output, outputNames);
  const refuse = (option: string, problem: string): never => {
    throw new OptionError(who, option, problem);
  };
  const draws = drawsClasses(options);
  if (samples !== undefined && !draws) refuse('samples', `belongs to output 'sampled' or 'nce', not '${output}'`);
  if (cutoffs !== undefined && output !== 'adaptive')
    refuse('cutoffs', `belongs to output 'adaptive', not '${output}'`);
  if (output === 'full') return {};
  if (draws) {
    requireWhole(who, 'samples', samples ?? 1, 1);
    if ((samples ?? 1) > mostClasses) refuse('samples', `expected at most ${mostClasses}, got ${samples}`);
    return { output, samples: samples ?? 1024 };
  }
  if (tied) refuse('tieWeights', "output 'adaptive' has weights of its own, which cannot be the embedding");
  if (classes < 3 && cutoffs === undefined) refuse('output', `'adaptive' needs 3 classes or more, not ${classes}`);
  const cuts = cutoffs ?? [Math.ceil(classes / 10), Math.ceil((2 * classes) / 5)];
  checkCutoffs(who, cuts, classes);
  return { output, cutoffs: [...cuts] };
}

/** The layer's weights; null where they are the embedding's. */
export function makeOutput(
  { output = 'full', cutoffs = [] }: OutputOptions,
  inFeatures: number,
  classes: number,
  tied: boolean,
): Linear | AdaptiveLogSoftmaxWithLoss | null {
  if (output === 'adaptive') return new AdaptiveLogSoftmaxWithLoss(inFeatures, classes, cutoffs, { headBias: true });
  if (tied) return null;
  const layer = new Linear(inFeatures, classes);
  if (output === 'nce') (layer.bias as Tensor).set(noiseScores(classes));
  return layer;
}

/**
 * Biases with which a model begins as the noise that it is told from, Q_v = exp(b_v) / V: rare words start rare, and need not be drawn to become so
 * (the self-normalization of Devlin et al. 2014, with the frequencies in place of 1 / V). `nceLoss` takes ln V from every score.
 */
function noiseScores(classes: number): Float32Array {
  const { logProbabilities } = ClassSampler.zipf(classes);
  return Float32Array.from(logProbabilities, (q) => q + Math.log(classes));
}

/** Scores of all classes, of which the softmax is the distribution: h [.., I] → [.., V]. `tied` is the embedding where the layer is null. */
export function outputScores(
  layer: Linear | AdaptiveLogSoftmaxWithLoss | null,
  tied: Tensor | null,
  h: Tensor,
): Tensor {
  return layer ? layer.forward(h) : linear(h, tied as Tensor);
}

/** Options of `outputLoss`. */
export interface OutputLossOptions {
  readonly reduction: 'mean' | 'sum';
  readonly ignoreIndex?: number;
  readonly labelSmoothing?: number;
  /** Whether it is a training step; else the loss is that of the whole distribution. */
  readonly training: boolean;
  readonly sampler: ClassSampler | null;
}

/** The loss of a training step, or of an evaluation: h [.., I], target int32 [..] → a scalar. */
export function outputLoss(
  who: string,
  { output = 'full', samples = 0 }: OutputOptions,
  layer: Linear | AdaptiveLogSoftmaxWithLoss | null,
  tied: Tensor | null,
  h: Tensor,
  target: Tensor,
  options: OutputLossOptions,
): Tensor {
  const { training, sampler, labelSmoothing = 0, ...rest } = options;
  if (labelSmoothing > 0 && output !== 'full')
    throw new OptionError(who, 'labelSmoothing', `needs the scores of all classes, which output '${output}' avoids`);
  if (layer instanceof AdaptiveLogSoftmaxWithLoss) return layer.loss(h, target, rest);
  const [weight, bias] = layer ? [layer.weight, layer.bias] : [tied as Tensor, null];
  if (!training || output === 'full') return linearCrossEntropy(h, weight, bias, target, { ...rest, labelSmoothing });
  const drawn = (sampler ?? ClassSampler.zipf(weight.shape[0])).draw(samples);
  const loss = output === 'nce' ? nceLoss : sampledSoftmaxLoss;
  return loss(h, weight, bias, target, drawn, rest);
}
