// What a captioner is trained on, summed over the captions of a batch (Xu et al. 2015, equations 11 and 14):
//
//   −ln p(y)                                        the words
//   + λ Σ_i (1 − Σ_t α_ti)²                          attention: every region is worth about one look
//   − w (ln p(y | s) − b) Σ_t ln α_t,s_t − λ_e Σ_t H(α_t)      hard: see ./choice.ts; the advantage counts as a number

import { requireKinds } from '../../checks.ts';
import type { Linear } from '../../nn/linear.ts';
import type { ModuleBuffer } from '../../nn/module.ts';
import { tensor } from '../../tensor/create.ts';
import { linearCrossEntropy } from '../../tensor/ops/linear-cross-entropy.ts';
import { crossEntropy } from '../../tensor/ops/softmax.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { noTarget } from '../seq2seq/batch.ts';
import type { CaptionBatch } from './batch.ts';
import { leastWeight } from './choice.ts';
import { hostValues } from '../../tensor/host-values.ts';
import type { CaptionerConfig } from './options.ts';
import type { HardAttentionChoice, WordOutput } from './word-decoder.ts';

/** Options of `Captioner.loss`. */
export interface CaptionLossOptions {
  /** 'mean' over the targets (the default), or the 'sum'. */
  readonly reduction?: 'mean' | 'sum';
  /** Whether the attention's own terms count, or the words alone. Default true. */
  readonly terms?: boolean;
  /** The part ε of every target word that is spread evenly over all words, as in `crossEntropy`. Default 0. */
  readonly labelSmoothing?: number;
  /** How hard attention chooses its region. Default: 'sample' in training, else 'argmax'. */
  readonly hardAttention?: HardAttentionChoice;
}

/** The part of a Captioner that the loss uses. */
interface Trained {
  readonly config: CaptionerConfig;
  readonly training: boolean;
  readonly output: Linear;
  readonly baseline: ModuleBuffer | null;
  decode(batch: CaptionBatch, choice: HardAttentionChoice): WordOutput;
  scores(output: Tensor): Tensor;
}

export function captionLoss(model: Trained, batch: CaptionBatch, options: CaptionLossOptions): Tensor {
  const { reduction = 'mean', terms = true, hardAttention: choice = model.training ? 'sample' : 'argmax' } = options;
  const { labelSmoothing = 0 } = options;
  requireKinds('Captioner.loss', { batch }, { batch: { target: 'tensor', targets: 'number' } });
  const { config, output: last } = model;
  const { target } = batch;
  const { output, weights, chosen } = model.decode(batch, choice);
  const scale = reduction === 'mean' ? 1 / Math.max(1, batch.targets) : 1;
  const learnsToChoose = terms && chosen && choice === 'sample';
  const words = { ignoreIndex: noTarget, labelSmoothing };
  const [T, B] = target.shape;
  const each = learnsToChoose
    ? crossEntropy(model.scores(output).reshape(T * B, -1), target.reshape(T * B), { ...words, reduction: 'none' })
    : null;
  let loss = each
    ? each.sum()
    : linearCrossEntropy(output, last.weight, last.bias, target, { ...words, reduction: 'sum' });
  if (weights && terms) {
    const counts = mask(target, weights);
    if (config.coverage > 0) {
      const looked = weights.mul(counts.unsqueeze(2)).sum(0); // [B, R]
      loss = loss.add(looked.neg().add(1).square().sum().mul(config.coverage));
    }
    if (each && learnsToChoose) {
      const advantage = advantageOf(each.detach().reshape(T, B).sum(0).neg(), model);
      loss = loss.sub(chosen.mul(counts).sum(0).mul(advantage).sum().mul(config.reward));
      const entropy = weights.mul(weights.clamp(leastWeight, 1).log()).sum(2).mul(counts).sum().neg();
      loss = loss.sub(entropy.mul(config.entropy));
    }
  }
  return loss.mul(scale);
}

/** 1 where a target counts, 0 past its caption's end: [T, B]. */
function mask(target: Tensor, { dtype, backend }: Tensor): Tensor {
  return tensor(
    Float64Array.from(hostValues(target), (id) => (id === noTarget ? 0 : 1)),
    target.shape,
    { dtype, backend },
  );
}

const keep = 0.9;

/** ln p(y | s) less the baseline [B]; in training the baseline then moves. The first batch is its own. */
function advantageOf(logProbability: Tensor, model: Trained): Tensor {
  const { array } = (model.baseline as ModuleBuffer).storage;
  const mean = logProbability.mean().itemSync();
  const baseline = array[1] > 0 ? array[0] / array[1] : mean;
  if (model.training && Number.isFinite(mean)) {
    array[0] = keep * array[0] + (1 - keep) * mean;
    array[1] = keep * array[1] + (1 - keep);
  }
  return logProbability.sub(baseline);
}
