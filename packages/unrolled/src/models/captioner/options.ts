// Options of a Captioner, with their defaults and checks.

import { requireObject, requireRoom, shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { requireProbability } from '../../tensor/ops/operands.ts';
import {
  type CellName,
  cellNames,
  completeRecurrentDropout,
  type RecurrentDropoutOptions,
  recurrentDropoutOptions,
} from '../cells.ts';
import { encoderConfig, type ImageEncoder, type ImageEncoderConfig } from '../image-encoder.ts';
import { requireType } from '../model-type.ts';
import { requireCount } from '../sequence-model.ts';

/**
 * How the words learn what is in the image, v its vector and a_i its regions:
 *
 *   inject   h_t = cell([e_t; v], h_(t−1)): a third matrix W_ih for the image, at the first step or at every one (CS231n, lecture 10)
 *   initial  h_0 = W v + b (CS231n, assignment 3)
 *   prefix   the image is read before the words, as one of them: h_0 = cell(W v + b, 0) (Show and Tell, Vinyals et al. 2015)
 *   soft     attends to all regions before every word, ẑ_t = Σ_i α_ti a_i (Show, Attend and Tell, Xu et al. 2015)
 *   hard     attends to one region before every word, sampled from α_t (the same paper)
 */
export type CaptionerForm = 'inject' | 'initial' | 'prefix' | 'soft' | 'hard';

/** The forms of a captioner, by name. */
export const captionerForms: readonly CaptionerForm[] = ['inject', 'initial', 'prefix', 'soft', 'hard'];

export const attends = (form: CaptionerForm): form is 'soft' | 'hard' => form === 'soft' || form === 'hard';

/** Options of `Captioner`. */
export interface CaptionerOptions extends RecurrentDropoutOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'captioner';
  /** How many words there are, start and end among them. */
  readonly vocabularySize: number;
  /** The encoder: options of a `ConvNet`, a pretrained network (`GraphEncoder` of `unrolled/graph`), or null where features come ready made. Default {}. */
  readonly encoder?: ImageEncoderConfig | ImageEncoder | null;
  /** Width D of features that come ready made. */
  readonly featureSize?: number | null;
  /** Number of regions with a position embedding: a trained vector added to each region's features. Default 0: none. */
  readonly positions?: number;
  /** Default 'soft'. */
  readonly form?: CaptionerForm;
  /** For 'inject': the steps that see the image. Default 'first'. */
  readonly injection?: 'first' | 'every';
  /** Default 'lstm'. */
  readonly cell?: CellName;
  /** Default 256. */
  readonly hiddenSize?: number;
  /** Default: hiddenSize. */
  readonly embeddingDim?: number;
  /** With attention: width A of the space in which regions and state are compared. Default: hiddenSize. */
  readonly attentionSize?: number;
  /** With attention: β_t = σ(w · h_(t−1) + b) scales what was found. Default true. */
  readonly gate?: boolean;
  /**
   * With attention: words are chosen by tanh(e_t + L_h h_t + L_z ẑ_t) instead of h_t alone. 'linear': without the tanh, the paper's equation 7; what is
   * seen then counts on its own, so that unseen combinations are described better. Default true.
   */
  readonly deepOutput?: boolean | 'linear';
  /** With attention: λ of the penalty λ Σ_i (1 − Σ_t α_ti)², doubly stochastic regularization. Default 1; 0 for none. */
  readonly coverage?: number;
  /** Entropy bonus for 'hard': weight of the entropy of α. Default 0.01. */
  readonly entropy?: number;
  /** Soft/hard mixture for 'hard': probability that a caption uses the expected vector Σ α a instead of samples. Default 0.5. */
  readonly mixture?: number;
  /** For 'hard': weight of the reward's gradient. Default 1. */
  readonly reward?: number;
  /** Dropout probability on the embeddings and before the output product. Default 0. */
  readonly dropout?: number;
  /**
   * Chance that a word is hidden from the decoder in training, so that what comes next is found in the image and not only in the words before
   * it (Bowman et al. 2016). Default 0.
   */
  readonly wordDropout?: number;
  /** The symbol a caption starts after. Default 2. */
  readonly start?: number;
  /** The symbol it ends with. Default 3. */
  readonly end?: number;
}

/** Options of a `Captioner`, defaults filled in. */
export type CaptionerConfig = Required<Omit<CaptionerOptions, keyof RecurrentDropoutOptions | 'encoder'>> &
  RecurrentDropoutOptions & { readonly encoder: ImageEncoderConfig | null };

/** Every option with its value. Throws an OptionError for one that makes no sense. */
export function complete(options: CaptionerOptions): CaptionerConfig {
  const who = 'Captioner';
  requireObject(who, 'options', options);
  const { vocabularySize, hiddenSize = 256, form = 'soft' } = options;
  const config: CaptionerConfig = {
    type: 'captioner',
    vocabularySize,
    encoder: options.encoder
      ? encoderConfig(options.encoder)
      : options.encoder === null || options.featureSize
        ? null
        : {},
    featureSize: options.featureSize ?? null,
    positions: options.positions ?? 0,
    form,
    injection: options.injection ?? 'first',
    cell: options.cell ?? 'lstm',
    hiddenSize,
    embeddingDim: options.embeddingDim ?? hiddenSize,
    attentionSize: options.attentionSize ?? hiddenSize,
    gate: options.gate ?? true,
    deepOutput: options.deepOutput ?? true,
    coverage: options.coverage ?? 1,
    entropy: options.entropy ?? 0.01,
    mixture: options.mixture ?? 0.5,
    reward: options.reward ?? 1,
    dropout: options.dropout ?? 0,
    wordDropout: options.wordDropout ?? 0,
    start: options.start ?? 2,
    end: options.end ?? 3,
  };
  checkOptions(who, options, [...Object.keys(config), ...recurrentDropoutOptions]);
  requireType(who, 'captioner', options);
  const refuse = (option: string, problem: string): never => {
    throw new OptionError(who, option, problem);
  };
  const { embeddingDim, attentionSize, coverage, entropy, reward } = config;
  for (const [name, n] of Object.entries({ vocabularySize, hiddenSize, embeddingDim, attentionSize }))
    requireCount(who, name, n);
  if (config.featureSize !== null) requireCount(who, 'featureSize', config.featureSize);
  // Before the first weight is drawn.
  requireRoom(who, 'vocabularySize', vocabularySize, Math.max(embeddingDim, hiddenSize));
  requireRoom(who, 'embeddingDim', embeddingDim, 4 * hiddenSize);
  requireRoom(who, 'hiddenSize', hiddenSize, Math.max(4 * hiddenSize, attentionSize));
  requireRoom(who, 'featureSize', config.featureSize ?? 1, Math.max(4 * hiddenSize, embeddingDim, attentionSize));
  if ((config.encoder === null) === (config.featureSize === null))
    refuse('encoder', 'expected options of a network, or null and the featureSize of features that come ready made');
  if (!(Number.isInteger(config.positions) && config.positions >= 0))
    refuse('positions', `expected a whole number from 0, got ${shown(config.positions)}`);
  if (![true, false, 'linear'].includes(config.deepOutput))
    refuse('deepOutput', `expected true, false or 'linear', got ${shown(config.deepOutput)}`);
  if (!captionerForms.includes(form))
    refuse('form', `expected one of ${captionerForms.join(', ')}, got ${shown(form)}`);
  if (!['first', 'every'].includes(config.injection))
    refuse('injection', `expected 'first' or 'every', got ${shown(config.injection)}`);
  if (!cellNames.includes(config.cell))
    refuse('cell', `expected one of ${cellNames.join(', ')}, got ${shown(config.cell)}`);
  for (const name of ['dropout', 'wordDropout'] as const) requireProbability(who, name, config[name]);
  if (!(typeof config.mixture === 'number' && config.mixture >= 0 && config.mixture <= 1))
    refuse('mixture', `expected a probability in [0, 1], got ${shown(config.mixture)}`);
  for (const [name, n] of Object.entries({ coverage, entropy, reward }))
    if (!(typeof n === 'number' && n >= 0 && n < Infinity)) refuse(name, `expected a number from 0, got ${shown(n)}`);
  for (const name of ['start', 'end'] as const) {
    const symbol = config[name];
    if (!(Number.isInteger(symbol) && symbol >= 0 && symbol < vocabularySize))
      refuse(name, `expected a symbol from 0 to ${vocabularySize - 1}, got ${shown(symbol)}`);
  }
  if (config.start === config.end) refuse('end', 'start and end are one symbol');
  return { ...config, ...completeRecurrentDropout(who, options) };
}
