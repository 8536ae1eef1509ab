// Options of a Seq2Seq, with their defaults and checks.

import { requireObject, requireRoom, shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { requireProbability } from '../../tensor/ops/operands.ts';
import {
  type CellName,
  completeRecurrentDropout,
  type RecurrentDropoutOptions,
  recurrentDropoutOptions,
  requireCell,
} from '../cells.ts';
import { requireType } from '../model-type.ts';
import { completeOutput, type OutputOptions, outputOptions } from '../output-layer.ts';
import { requireCount } from '../sequence-model.ts';

/**
 * How the decoder learns what the encoder has read:
 *
 *   plain      it starts from the encoder's last state (Sutskever et al. 2014)
 *   context    it starts there, and reads the last output again at every step (Cho et al. 2014)
 *   repeat     it reads the last output at every step and nothing else, no symbol of its own (Keras' RepeatVector)
 *   additive   attends to all encoder states before every step, score = v · tanh(W_q s(t−1) + W_k h) (Bahdanau et al. 2015)
 *   dot        attends to all encoder states after every step, score = s_t · h (Luong et al. 2015)
 *   general    … score = s_t · W h
 *   concat     … score = v · tanh(W_q s_t + W_k h)
 */
export type DecoderKind = 'plain' | 'context' | 'repeat' | 'additive' | 'dot' | 'general' | 'concat';

/** The kinds of decoder of a `Seq2Seq`, by name. */
export const decoderKinds: readonly DecoderKind[] = [
  'plain',
  'context',
  'repeat',
  'additive',
  'dot',
  'general',
  'concat',
];

/** Attention after the step, as Luong et al. have it. */
export const isLuong = (kind: DecoderKind): kind is 'dot' | 'general' | 'concat' =>
  kind === 'dot' || kind === 'general' || kind === 'concat';

/** Options of `Seq2Seq`. */
export interface Seq2SeqOptions extends OutputOptions, RecurrentDropoutOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'seq2seq';
  /** How many symbols the source and the target are written in. */
  readonly sourceVocabulary: number;
  readonly targetVocabulary: number;
  /** Default 'additive'. */
  readonly decoder?: DecoderKind;
  /** Cell of encoder and decoder. Default 'gru'. */
  readonly cell?: CellName;
  /** Hidden size of the encoder, in each direction. Default 256. */
  readonly hiddenSize?: number;
  /** Default: hiddenSize. */
  readonly decoderSize?: number;
  /** Number of layers of encoder and decoder alike. Default 1. */
  readonly numLayers?: number;
  /** Whether the encoder is bidirectional. Default true. */
  readonly bidirectional?: boolean;
  /** Width of the trained embeddings; 0 feeds one-hot rows. Default: hiddenSize. */
  readonly embeddingDim?: number;
  /** Width A of the space in which 'additive' and 'concat' compare. Default: decoderSize. */
  readonly attentionSize?: number;
  /** For 'dot', 'general' and 'concat': what was found at a step is read at the next (Luong's input feeding). Default true for them. */
  readonly inputFeeding?: boolean;
  /** The encoder reads the source from its end, so that its beginning is fresh when the target begins (Sutskever et al. 2014). Default false. */
  readonly reverseSource?: boolean;
  /** One table of embeddings for both languages; the vocabularies must be one. Default false. */
  readonly shareEmbeddings?: boolean;
  /** Whether to tie the output weights to the target embedding (Press and Wolf 2017), initialized from N(0, 1/E). Default false. */
  readonly tieWeights?: boolean;
  /** Dropout probability on the embeddings, between layers and before the output product. Default 0. */
  readonly dropout?: number;
  /** The symbol a target starts after. Default 2. */
  readonly start?: number;
  /** The symbol a target ends with; null where all have one length and none is marked. Default 3. */
  readonly end?: number | null;
}

/** Options of a `Seq2Seq`, defaults filled in. */
export type Seq2SeqConfig = Required<Omit<Seq2SeqOptions, keyof OutputOptions | keyof RecurrentDropoutOptions>> &
  OutputOptions &
  RecurrentDropoutOptions;

/** Every option with its value. Throws an OptionError for one that makes no sense. */
export function complete(options: Seq2SeqOptions): Seq2SeqConfig {
  const who = 'Seq2Seq';
  requireObject(who, 'options', options);
  const { sourceVocabulary, targetVocabulary, decoder = 'additive', hiddenSize = 256 } = options;
  const { decoderSize = hiddenSize, embeddingDim = hiddenSize } = options;
  const config: Seq2SeqConfig = {
    type: 'seq2seq',
    sourceVocabulary,
    targetVocabulary,
    decoder,
    cell: options.cell ?? 'gru',
    hiddenSize,
    decoderSize,
    numLayers: options.numLayers ?? 1,
    bidirectional: options.bidirectional ?? true,
    embeddingDim,
    attentionSize: options.attentionSize ?? decoderSize,
    inputFeeding: options.inputFeeding ?? isLuong(decoder),
    reverseSource: options.reverseSource ?? false,
    shareEmbeddings: options.shareEmbeddings ?? false,
    tieWeights: options.tieWeights ?? false,
    dropout: options.dropout ?? 0,
    start: options.start ?? 2,
    end: options.end === undefined ? 3 : options.end,
  };
  checkOptions(who, options, [...Object.keys(config), ...outputOptions, ...recurrentDropoutOptions]);
  requireType(who, 'seq2seq', options);
  const counts = { sourceVocabulary, targetVocabulary, hiddenSize, decoderSize, numLayers: config.numLayers };
  for (const [name, n] of Object.entries({ ...counts, attentionSize: config.attentionSize }))
    requireCount(who, name, n);
  requireProbability(who, 'dropout', config.dropout);
  requireCell(who, config.cell);
  const refuse = (option: string, problem: string): never => {
    throw new OptionError(who, option, problem);
  };
  if (!decoderKinds.includes(decoder))
    refuse('decoder', `expected one of ${decoderKinds.join(', ')}, got ${shown(decoder)}`);
  if (!(Number.isInteger(embeddingDim) && embeddingDim >= 0))
    refuse('embeddingDim', `expected a whole number from 0, got ${shown(embeddingDim)}`);
  if (config.inputFeeding && !isLuong(decoder)) refuse('inputFeeding', `${decoder} has no attention after its step`);
  const width = hiddenSize * (config.bidirectional ? 2 : 1);
  if (decoder === 'dot' && width !== decoderSize)
    refuse(
      'decoder',
      `dot compares states of one size: decoderSize must be ${width}, not ${decoderSize}; or use general`,
    );
  if (config.shareEmbeddings && sourceVocabulary !== targetVocabulary)
    refuse(
      'shareEmbeddings',
      `the vocabularies have ${sourceVocabulary} and ${targetVocabulary} symbols; make them one`,
    );
  if ((config.shareEmbeddings || config.tieWeights) && embeddingDim === 0)
    refuse(config.tieWeights ? 'tieWeights' : 'shareEmbeddings', 'there are no embeddings: embeddingDim is 0');
  if (config.tieWeights && readoutSize(config) !== embeddingDim)
    refuse('tieWeights', `${decoder} needs embeddingDim ${readoutSize(config)}, not ${embeddingDim}`);
  for (const name of ['start', 'end'] as const) {
    const symbol = config[name];
    if (symbol !== null && !(Number.isInteger(symbol) && symbol >= 0 && symbol < targetVocabulary))
      refuse(name, `expected a symbol from 0 to ${targetVocabulary - 1}, got ${shown(symbol)}`);
  }
  // All sizes together, before the first weight is drawn.
  requireRoom(who, 'sourceVocabulary', sourceVocabulary, Math.max(1, embeddingDim));
  requireRoom(who, 'targetVocabulary', targetVocabulary, Math.max(embeddingDim, readoutSize(config)));
  requireRoom(who, 'hiddenSize', hiddenSize, 4 * hiddenSize);
  requireRoom(who, 'decoderSize', decoderSize, 4 * decoderSize);
  requireRoom(who, 'attentionSize', config.attentionSize, Math.max(width, decoderSize));
  return {
    ...config,
    ...completeRecurrentDropout(who, options),
    ...completeOutput(who, options, targetVocabulary, config.tieWeights),
  };
}

/** Width of what the output product reads: the decoder's state, or a layer over state and context, as wide as a tied embedding. */
export function readoutSize({ decoder, decoderSize, tieWeights, embeddingDim }: Seq2SeqConfig): number {
  const direct = decoder === 'plain' || decoder === 'repeat';
  return direct ? decoderSize : tieWeights ? embeddingDim : decoderSize;
}
