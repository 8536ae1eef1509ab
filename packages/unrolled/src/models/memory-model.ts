// The smallest recurrent model: a recurrent layer over vectors, and a linear layer on its output, at each step or after the last.
//
//                                     y
//                                     ↑ W h_T + b
//   h₀ ▶ h₁ ▶ h₂ ▶ h₃ ▶ …  ▶ h_T
//        ↑    ↑    ↑         ↑
//        x₁   x₂   x₃        x_T

import { requireObject, requireRoom, requireSizes } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { chrono, constant, forgetGateBias } from '../nn/init.ts';
import { Linear } from '../nn/linear.ts';
import { Module } from '../nn/module.ts';
import type { ForwardOptions, Recurrent } from '../nn/recurrent/recurrent.ts';
import { tensorsOf } from '../nn/recurrent/state.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  type CellName,
  completeRecurrentDropout,
  makeLayer,
  type RecurrentDropoutOptions,
  recurrentDropoutOptions,
  requireCell,
} from './cells.ts';
import { requireType } from './model-type.ts';

/** Options of `MemoryModel`. */
export interface MemoryModelOptions extends RecurrentDropoutOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'memory-model';
  /** Default 'gru'. */
  readonly cell?: CellName;
  /** Default 32. */
  readonly hiddenSize?: number;
  /** Default 1. */
  readonly numLayers?: number;
  /** Initial forget gate bias of an LSTM: the larger, the longer it remembers. Default: random, about 0. */
  readonly forgetBias?: number | null;
  /** Or: steps that an LSTM's gates should span at the start (chrono initialization). Default: none. */
  readonly timescale?: number | null;
}

/** Cells whose biases are those of the gates i f g o. */
const withForgetBias: readonly CellName[] = ['lstm', 'lstm-peephole', 'lstm-layer-norm'];

/** Options of a `MemoryModel`, defaults filled in. */
export type MemoryModelConfig = Required<Omit<MemoryModelOptions, keyof RecurrentDropoutOptions>> &
  RecurrentDropoutOptions &
  MemoryModelSizes;

interface MemoryModelSizes {
  readonly inputSize: number;
  readonly outputSize: number;
}

/**
 *     const model = new MemoryModel(2, 1, { cell: 'lstm', hiddenSize: 64, forgetBias: 1 });
 *     model.last(x);        // x [T, B, 2] → [B, 1], from the state after each row's last step
 *     model.forward(x);     // → [T, B, 1]
 */
export class MemoryModel extends Module {
  readonly config: MemoryModelConfig;
  readonly recurrent: Recurrent<unknown>;
  readonly head: Linear;

  constructor(options: MemoryModelOptions & MemoryModelSizes);
  constructor(inputSize: number, outputSize: number, options?: MemoryModelOptions);
  constructor(size: number | (MemoryModelOptions & MemoryModelSizes), out?: number, rest: MemoryModelOptions = {}) {
    super();
    const { inputSize, outputSize, ...options } =
      typeof size === 'object' && size !== null ? size : { ...rest, inputSize: size, outputSize: out as number };
    if (typeof size !== 'object') requireObject('MemoryModel', 'options', rest);
    requireType('MemoryModel', 'memory-model', options);
    checkOptions('MemoryModel', options, [
      'type',
      'cell',
      'hiddenSize',
      'numLayers',
      'forgetBias',
      'timescale',
      ...recurrentDropoutOptions,
    ]);
    const { cell = 'gru', hiddenSize = 32, numLayers = 1, forgetBias = null, timescale = null } = options;
    requireSizes('MemoryModel', { inputSize, outputSize }, true);
    requireSizes('MemoryModel', { hiddenSize, numLayers });
    requireCell('MemoryModel', cell);
    if ((forgetBias !== null || timescale !== null) && !withForgetBias.includes(cell)) {
      throw new OptionError(
        'MemoryModel',
        forgetBias !== null ? 'forgetBias' : 'timescale',
        `only an LSTM has a forget gate of its own, and the cell is ${cell}`,
      );
    }
    requireRoom('MemoryModel', 'inputSize', inputSize, 4 * hiddenSize); // before the first weight is drawn
    requireRoom('MemoryModel', 'hiddenSize', hiddenSize, 4 * hiddenSize);
    requireRoom('MemoryModel', 'outputSize', outputSize, hiddenSize);
    const inside = completeRecurrentDropout('MemoryModel', options);
    const sizes = { inputSize, outputSize, cell, hiddenSize, numLayers };
    this.config = { type: 'memory-model', ...sizes, forgetBias, timescale, ...inside };
    this.recurrent = makeLayer('MemoryModel', cell, inputSize, hiddenSize, { numLayers, ...inside });
    this.head = new Linear(hiddenSize, outputSize);
    for (const [name, p] of this.recurrent.namedParameters()) {
      if (name.startsWith('bias_ih') && forgetBias !== null) forgetGateBias(p, forgetBias);
      if (name.startsWith('bias_ih') && timescale !== null) chrono(p, timescale);
      if (name.startsWith('bias_hh') && timescale !== null) constant(p, 0);
    }
  }

  /** x [T, B, inputSize] → [T, B, outputSize]. */
  forward(x: Tensor, options: ForwardOptions = {}): Tensor {
    return this.head.forward(this.recurrent.forward(x, null, options)[0]);
  }

  /** x [T, B, inputSize] → [B, outputSize], from the last layer's h after the last step of each row. */
  last(x: Tensor, options: ForwardOptions = {}): Tensor {
    const [, state] = this.recurrent.forward(x, null, options);
    return this.head.forward(tensorsOf(state)[0].select(0, this.config.numLayers - 1));
  }
}
