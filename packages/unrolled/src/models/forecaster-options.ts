// The options of a forecaster, completed and checked.

import { requireEach, requireNumber, requireSizes, requireWhole, shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { requireProbability } from '../tensor/ops/operands.ts';
import { type CellName, requireCell, completeRecurrentDropout, type RecurrentDropoutOptions } from './cells.ts';

/** Options of `Forecaster`. */
export interface ForecasterOptions extends RecurrentDropoutOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'forecaster';
  /** Numbers C a step. */
  readonly channels: number;
  /** Steps read. */
  readonly length: number;
  /** Steps forecast. */
  readonly horizon: number;
  /** Numbers K a step that are known in advance. Default 0. */
  readonly known?: number;
  /** Default 'gru'. */
  readonly cell?: CellName;
  /** Default 64. */
  readonly hiddenSize?: number;
  /** Default 1. */
  readonly numLayers?: number;
  /** Dropout probability on each layer's output. Default 0. */
  readonly dropout?: number;
  /** All steps at once, or one after the other, each from the last. Default 'direct'. */
  readonly method?: 'direct' | 'recursive';
  /**
   * One network for all channels, which reads each of them alone: it learns from C times as many windows, and nothing of how channels go
   * together. Default false.
   */
  readonly perChannel?: boolean;
  /**
   * What the network's word is added to: nothing, each channel's last value, or a linear function of each channel's own window, one for all
   * channels (direct only). Series that go on as they were want one; 'linear' is strong on periodic ones. Default 'last'.
   */
  readonly skip?: 'none' | 'last' | 'linear';
  /**
   * 'reversible' brings each window to mean 0 and deviation 1 before it is read, and its forecast back (RevIN, Kim 2022): for series whose level
   * moves away from that of training. Default 'none'.
   */
  readonly normalization?: 'none' | 'reversible';
  /** Default 'mse', or 'quantile' with `quantiles`. */
  readonly loss?: 'mse' | 'mae' | 'quantile';
  /** For 'quantile': which, rising. They never cross. Default [0.1, 0.5, 0.9]. */
  readonly quantiles?: readonly number[];
}

/** Options of a `Forecaster`, defaults filled in. */
export type ForecasterConfig = Required<Omit<ForecasterOptions, keyof RecurrentDropoutOptions>> &
  RecurrentDropoutOptions;

const choices = {
  method: ['direct', 'recursive'],
  skip: ['none', 'last', 'linear'],
  normalization: ['none', 'reversible'],
  loss: ['mse', 'mae', 'quantile'],
} as const;

/** Completes the options with their defaults; throws an OptionError for contradictory ones. */
export function completeOptions(options: ForecasterOptions): ForecasterConfig {
  const { channels, length, horizon, known = 0, hiddenSize = 64, numLayers = 1, dropout = 0 } = options;
  requireSizes('Forecaster', { channels, length, horizon, hiddenSize, numLayers });
  requireWhole('Forecaster', 'known', known);
  requireProbability('Forecaster', 'dropout', dropout);
  requireCell('Forecaster', options.cell ?? 'gru');
  const { cell = 'gru', method = 'direct', perChannel = false, skip = 'last', normalization = 'none' } = options;
  const loss = options.loss ?? (options.quantiles && options.quantiles.length > 0 ? 'quantile' : 'mse');
  for (const [name, value] of Object.entries({ method, skip, normalization, loss })) {
    const allowed: readonly string[] = choices[name as keyof typeof choices];
    if (!allowed.includes(value))
      throw new OptionError('Forecaster', name, `expected one of ${allowed.join(', ')}, got ${shown(value)}`);
  }
  if (options.quantiles !== undefined) requireEach('Forecaster', 'quantiles', options.quantiles, requireNumber);
  const quantiles = options.quantiles ?? (loss === 'quantile' ? [0.1, 0.5, 0.9] : []);
  if (loss !== 'quantile' && quantiles.length > 0)
    throw new OptionError('Forecaster', 'quantiles', `belong to the loss 'quantile', and it is '${loss}'`);
  if (
    loss === 'quantile' &&
    !(quantiles.length > 0 && quantiles.every((q, k) => q > 0 && q < 1 && (k === 0 || q > quantiles[k - 1])))
  )
    throw new OptionError(
      'Forecaster',
      'quantiles',
      `expected rising numbers between 0 and 1, got [${quantiles.join(', ')}]`,
    );
  if (method === 'recursive' && skip === 'linear')
    throw new OptionError(
      'Forecaster',
      'skip',
      "'linear' says all steps at once, which a recursive forecast does not; take 'last'",
    );
  return {
    type: 'forecaster',
    channels,
    length,
    horizon,
    known,
    cell,
    hiddenSize,
    numLayers,
    dropout,
    ...completeRecurrentDropout('Forecaster', options),
    method,
    perChannel,
    skip,
    normalization,
    loss,
    quantiles,
  };
}
