// The recurrent layers by the names that configurations and commands use.

import { shown } from '../checks.ts';
import { Recurrent, type RecurrentOptions } from '../nn/recurrent/recurrent.ts';
import { RecurrentBlocks, type RecurrentBlocksOptions } from '../nn/recurrent/recurrent-blocks.ts';
import { GRU, LSTM, RNN } from '../nn/recurrent/layers.ts';
import type { Cell } from '../nn/recurrent/cell.ts';
import { CoupledLSTMCell } from '../nn/recurrent/coupled-lstm-cell.ts';
import { LayerNormGRUCell } from '../nn/recurrent/layer-norm-gru-cell.ts';
import { LayerNormLSTMCell } from '../nn/recurrent/layer-norm-lstm-cell.ts';
import { LRUCell } from '../nn/recurrent/lru-cell.ts';
import { MinGRUCell } from '../nn/recurrent/min-gru-cell.ts';
import { MinLSTMCell } from '../nn/recurrent/min-lstm-cell.ts';
import { PeepholeLSTMCell } from '../nn/recurrent/peephole-lstm-cell.ts';
import { SkipRNNCell } from '../nn/recurrent/skip-rnn-cell.ts';
import { SLSTMCell } from '../nn/recurrent/slstm-cell.ts';
import { requireProbability } from '../tensor/ops/operands.ts';
import { constant, identity, normal } from '../nn/init.ts';
import { OptionError, suggest } from '../errors.ts';

type Make = (inputSize: number, hiddenSize: number, options: RecurrentOptions) => Recurrent<unknown>;

/** The layers of a cell that has no class of its own for them. */
function layerOf<S>(make: (inputSize: number, hiddenSize: number) => Cell<S>): Make {
  return (inputSize, hiddenSize, options) =>
    new Recurrent((i) => make(i, hiddenSize), { ...options, inputSize }) as Recurrent<unknown>;
}

/** The cells that models can have, one line each. */
export const cellLayers = {
  rnn: (i, h, options) => new RNN(i, h, options) as Recurrent<unknown>,
  'rnn-relu': (i, h, options) => new RNN(i, h, { ...options, nonlinearity: 'relu' }) as Recurrent<unknown>,
  irnn: (i, h, options) => irnn(i, h, options) as Recurrent<unknown>,
  lstm: (i, h, options) => new LSTM(i, h, options) as Recurrent<unknown>,
  'lstm-peephole': layerOf((i, h) => new PeepholeLSTMCell(i, h)),
  'lstm-layer-norm': layerOf((i, h) => new LayerNormLSTMCell(i, h)),
  'lstm-coupled': layerOf((i, h) => new CoupledLSTMCell(i, h)),
  gru: (i, h, options) => new GRU(i, h, options) as Recurrent<unknown>,
  'gru-reset-before': (i, h, options) => new GRU(i, h, { ...options, resetAfter: false }) as Recurrent<unknown>,
  'gru-layer-norm': layerOf((i, h) => new LayerNormGRUCell(i, h)),
  'rnn-skip': layerOf((i, h) => new SkipRNNCell(i, h)),
  mingru: layerOf((i, h) => new MinGRUCell(i, h)),
  minlstm: layerOf((i, h) => new MinLSTMCell(i, h)),
  lru: layerOf((i, h) => new LRUCell(i, h)),
  slstm: layerOf((i, h) => new SLSTMCell(i, h)),
} satisfies Record<string, Make>;

/** The name of a recurrent cell. */
export type CellName = keyof typeof cellLayers;

/** The names of all recurrent cells that models are made of. */
export const cellNames = Object.keys(cellLayers) as CellName[];

/** Refuses what is no cell's name, and says which was meant. */
export function requireCell(who: string, cell: unknown): asserts cell is CellName {
  if (typeof cell !== 'string' || !Object.hasOwn(cellLayers, cell))
    throw new OptionError(
      who,
      'cell',
      `unknown cell ${typeof cell === 'string' ? cell : shown(cell)}; ${suggest(cell as string, cellNames)}`,
    );
}

/** Throws an OptionError that lists the names there are. */
export function makeLayer(
  who: string,
  cell: string,
  inputSize: number,
  hiddenSize: number,
  options: RecurrentOptions,
): Recurrent<unknown> {
  requireCell(who, cell);
  return cellLayers[cell](inputSize, hiddenSize, options);
}

/** Dropout inside of recurrent layers, for the options of models. */
export interface RecurrentDropoutOptions {
  /** Dropout probability on h in the recurrent product, with one mask for all steps (Gal and Ghahramani 2016), in training. Default 0. */
  readonly recurrentDropout?: number;
  /** Zoneout probability: each number of the state keeps its value at a step (Krueger et al. 2017). Default 0. */
  readonly zoneout?: number;
}

export const recurrentDropoutOptions = ['recurrentDropout', 'zoneout'] as const;

/** Those of the options that are above 0: a configuration without them is that of a model that has none. Throws an OptionError for no probability. */
export function completeRecurrentDropout(who: string, options: RecurrentDropoutOptions): RecurrentDropoutOptions {
  const given = recurrentDropoutOptions.map((name) => [name, options[name] ?? 0] as const);
  for (const [name, p] of given) requireProbability(who, name, p);
  return Object.fromEntries(given.filter(([, p]) => p > 0));
}

/** The blocks that can surround each layer. */
export const blockNames = ['none', 'residual'] as const;

/** The name of a block around recurrent layers. */
export type BlockName = (typeof blockNames)[number];

/** The layers of a cell by themselves, or in residual blocks. Throws an OptionError for a convolution without blocks. */
export function makeBlocks(
  who: string,
  block: BlockName,
  cell: string,
  inputSize: number,
  hiddenSize: number,
  options: Omit<RecurrentBlocksOptions, 'inputSize'>,
): Recurrent<unknown> {
  const { convolution = 0, ...layers } = options;
  if (block === 'residual') {
    const make = (size: number) => makeLayer(who, cell, size, hiddenSize, {}).cells[0];
    return new RecurrentBlocks(make, hiddenSize, { ...layers, convolution, inputSize });
  }
  requireNoConvolution(who, convolution);
  return makeLayer(who, cell, inputSize, hiddenSize, layers);
}

/** Throws an OptionError for a convolution where there is no residual block that it would be a part of. */
export function requireNoConvolution(who: string, convolution: number): void {
  if (convolution !== 0)
    throw new OptionError(who, 'convolution', "it is a part of the residual block: block: 'residual'");
}

/**
 * A relu network that starts as the identity (Le, Jaitly and Hinton 2015): W_hh = I, biases 0, W_ih normal with deviation 0.001. Without
 * input it keeps its state for ever, and so does the gradient.
 */
function irnn(inputSize: number, hiddenSize: number, options: RecurrentOptions): RNN {
  const layer = new RNN(inputSize, hiddenSize, { ...options, nonlinearity: 'relu' });
  for (const [name, p] of layer.namedParameters()) {
    if (name.startsWith('weight_hh')) identity(p);
    else if (name.startsWith('weight_ih')) normal(p, 0, 0.001);
    else constant(p, 0);
  }
  return layer;
}
