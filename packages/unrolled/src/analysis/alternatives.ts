// How another initialization or another cell would change the gradient at the start of training, on the inputs that the layer really gets.

import { chrono, constant, forgetGateBias, orthogonal } from '../nn/init.ts';
import type { Cell } from '../nn/recurrent/cell.ts';
import { GRUCell } from '../nn/recurrent/gru-cell.ts';
import { LSTMCell } from '../nn/recurrent/lstm-cell.ts';
import { RNNCell } from '../nn/recurrent/rnn-cell.ts';
import { noGrad } from '../tensor/autograd.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Growth, growthOf } from './growth.ts';
import { productsAlong, type RowStep } from './products-along.ts';

/** The remedies that are compared: another activation, start or cell. */
export type AlternativeName = 'tanh' | 'orthogonal' | 'lstm' | 'chrono' | 'gru';

/** A fresh cell of another kind, and what its steps multiply a gradient by. */
export interface Alternative {
  readonly name: AlternativeName;
  /** ‖∂s_T/∂s_{T−k}‖ for k = 1, 2, … */
  readonly product: readonly number[];
  readonly growth: Growth;
}

/** Builds fresh cells of the same sizes over `inputs` (each [1, I]) and measures by how much their last `steps` steps scale a gradient. */
export function alternativesTo(cell: Cell<unknown>, inputs: readonly Tensor[], steps: number): Alternative[] {
  const [I, H] = [cell.inputSize, cell.hiddenSize];
  const made: Record<AlternativeName, () => Cell<unknown>> = {
    tanh: () => new RNNCell(I, H) as Cell<unknown>,
    orthogonal: () => {
      const rnn = new RNNCell(I, H);
      orthogonal(rnn.weightHh);
      return rnn as Cell<unknown>;
    },
    lstm: () => {
      const lstm = new LSTMCell(I, H);
      if (lstm.biasIh) forgetGateBias(lstm.biasIh, 1);
      if (lstm.biasHh) constant(lstm.biasHh, 0);
      return lstm as Cell<unknown>;
    },
    chrono: () => {
      const lstm = new LSTMCell(I, H);
      if (lstm.biasIh) chrono(lstm.biasIh, Math.max(3, inputs.length));
      if (lstm.biasHh) constant(lstm.biasHh, 0);
      return lstm as Cell<unknown>;
    },
    gru: () => new GRUCell(I, H) as Cell<unknown>,
  };
  return (Object.keys(made) as AlternativeName[]).map((name) => {
    const { product } = productsAlong(...pathOf(made[name](), inputs, steps), { everyStep: false });
    return { name, product, growth: growthOf([1, ...product]) };
  });
}

/** Runs a cell over `inputs` from a zero state and returns its last `steps` steps. */
export function pathOf<S>(
  cell: Cell<S>,
  inputs: readonly Tensor[],
  steps: number,
): [cell: Cell<unknown>, path: RowStep[]] {
  let state = cell.initialState(1);
  const path: RowStep[] = noGrad(() =>
    inputs.map((x) => {
      const before = state;
      [, state] = cell.step(x, state);
      return { x, before, gates: [] };
    }),
  );
  return [cell as Cell<unknown>, path.slice(-steps)];
}
