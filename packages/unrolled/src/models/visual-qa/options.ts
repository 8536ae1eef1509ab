// How a model that answers questions about pictures is built.

import { checkOptions, OptionError } from '../../errors.ts';
import { requireProbability } from '../../tensor/ops/elementwise.ts';
import type { CellName } from '../cells.ts';
import type { ConvNetOptions } from '../conv-net.ts';
import { requireCount } from '../sequence-model.ts';

/**
 * How picture and question meet:
 * - `recurrent`: the picture's summary and the words go into one recurrent network, whose last state answers (the lecture's form).
 * - `product`: a network reads the question, the picture's vector has length 1, and their element-wise product answers (Antol et al. 2015).
 * - `blind`: the question alone, read as in `product`: what can be known without looking.
 */
export type VisualQAForm = 'recurrent' | 'product' | 'blind';

export const visualQAForms: readonly VisualQAForm[] = ['recurrent', 'product', 'blind'];

export interface VisualQAOptions {
  /** Symbols that questions are written in. */
  readonly vocabularySize: number;
  /** Different answers: the K most frequent ones. */
  readonly answers: number;
  /** Default 'product'. */
  readonly form?: VisualQAForm;
  /** Reads pictures [N, C, h, w] and is trained with the rest. This, `featureSize`, or form 'blind'. */
  readonly convNet?: ConvNetOptions | null;
  /** Of vectors [N, F] that something else made of the pictures. */
  readonly featureSize?: number | null;
  /** What is taken of the ConvNet: the mean over all places, or every place of its map, which keeps where things are. Default 'map'. */
  readonly summary?: 'pooled' | 'map';
  /** Default 'lstm'. */
  readonly cell?: CellName;
  /** Default 128. */
  readonly hiddenSize?: number;
  /** Default 1. Antol et al. have 2. */
  readonly numLayers?: number;
  /** Of the words. Default: hiddenSize. */
  readonly embeddingDim?: number;
  /** Of the space in which picture and question are multiplied. Default: hiddenSize. Antol et al. have 1024. */
  readonly commonSize?: number;
  /** Hidden layers, tanh, between what picture and question came to and the answers. Default: one of commonSize. Antol et al. have [1000, 1000]. */
  readonly mlp?: readonly number[];
  /** Of 'recurrent': the picture is the first input, or is there beside every word. Default 'first'. */
  readonly pictureAt?: 'first' | 'every';
  /** Of the question's vector, the layers and the answer's hidden layers. Default 0. */
  readonly dropout?: number;
}

export type VisualQAConfig = Required<VisualQAOptions>;

const who = 'VisualQA';

/** The options with their defaults. Throws an OptionError for those that cannot be. */
export function completeVisualQA(options: VisualQAOptions): VisualQAConfig {
  const { hiddenSize = 128, form = 'product', convNet = null, featureSize = null } = options;
  const { commonSize = hiddenSize } = options;
  const config: VisualQAConfig = {
    vocabularySize: options.vocabularySize,
    answers: options.answers,
    form,
    convNet,
    featureSize,
    summary: options.summary ?? 'map',
    cell: options.cell ?? 'lstm',
    hiddenSize,
    numLayers: options.numLayers ?? 1,
    embeddingDim: options.embeddingDim ?? hiddenSize,
    commonSize,
    mlp: options.mlp ?? [commonSize],
    pictureAt: options.pictureAt ?? 'first',
    dropout: options.dropout ?? 0,
  };
  checkOptions(who, options, Object.keys(config));
  const { vocabularySize, answers, numLayers, embeddingDim } = config;
  const counts = { vocabularySize, answers, hiddenSize, numLayers, embeddingDim, commonSize };
  for (const [name, n] of Object.entries(counts)) requireCount(who, name, n);
  for (const n of config.mlp) requireCount(who, 'mlp', n);
  requireProbability(who, 'dropout', config.dropout);
  oneOf('form', form, visualQAForms);
  oneOf('summary', config.summary, ['pooled', 'map']);
  oneOf('pictureAt', config.pictureAt, ['first', 'every']);
  const sources = Number(convNet !== null) + Number(featureSize !== null);
  if (form === 'blind' ? sources > 0 : sources !== 1) {
    const got = sources === 0 ? 'none' : sources === 1 ? 'one' : 'both';
    const expected =
      form === 'blind' ? 'none, since form blind never looks' : 'one of them, for pictures or for vectors';
    throw new OptionError(who, 'convNet, featureSize', `expected ${expected}, got ${got}`);
  }
  if (featureSize !== null) requireCount(who, 'featureSize', featureSize);
  return config;
}

function oneOf(name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new OptionError(who, name, `expected one of ${known.join(', ')}, got ${value}`);
}
