// A unit that is held at a value, without stepping through the model: what reads its h, the recurrent weights of its own layer, the input weights of the
// next and the output's, has a column for it. That column becomes 0, and the column times the value goes into the bias: the sums are the same, and the
// kernels run over the whole sequence. A cell whose gates multiply h before the weights do (gruResetBefore), or without a bias, has no such form.

import type { LanguageModel } from '../../models/language-model.ts';
import { Linear } from '../../nn/linear.ts';
import { GatedCell } from '../../nn/recurrent/cell.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** A matrix whose columns are read by units, and the bias that its product is added to. */
interface Reader {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/** What reads h of a layer; null where it is read in another way too. */
export function readersOf(model: LanguageModel, layer: string): Reader[] | null {
  const { recurrent, decoder } = model;
  const k = Number(/^l(\d+)$/.exec(layer)?.[1] ?? Number.NaN);
  if (model.config.block !== 'none') return null;
  const [own, next] = [recurrent.cells[k], recurrent.cells[k + 1]];
  const last = k === recurrent.cells.length - 1;
  if (!isRead(own) || !(last || isRead(next))) return null;
  const readers = [{ weight: own.weightHh, bias: own.biasHh }];
  if (!last && isRead(next)) return [...readers, { weight: next.weightIh, bias: next.biasIh }];
  if (!(decoder instanceof Linear) || !decoder.bias) return null;
  return [...readers, { weight: decoder.weight, bias: decoder.bias }];
}

interface Read extends GatedCell<unknown> {
  readonly biasIh: NonNullable<GatedCell<unknown>['biasIh']>;
  readonly biasHh: NonNullable<GatedCell<unknown>['biasHh']>;
}

const isRead = (cell: unknown): cell is Read =>
  cell instanceof GatedCell &&
  cell.fused !== null &&
  cell.fused !== 'gruResetBefore' &&
  cell.biasIh !== null &&
  cell.biasHh !== null;

/** Runs `body` with a unit at a value wherever it is read; the weights are afterwards what they were, to the bit. */
export function holdingUnit<R>(readers: readonly Reader[], unit: number, value: number, body: () => R): R {
  const before = readers.map(({ weight, bias }) => [weight.dataSync().slice(), bias.dataSync().slice()] as const);
  try {
    for (const [k, { weight, bias }] of readers.entries()) {
      const [w, b] = [before[k][0].slice(), before[k][1].slice()];
      const [rows, columns] = weight.shape;
      for (let r = 0; r < rows; r++) {
        b[r] += w[r * columns + unit] * value;
        w[r * columns + unit] = 0;
      }
      weight.set(w);
      bias.set(b);
    }
    return body();
  } finally {
    for (const [k, { weight, bias }] of readers.entries()) {
      weight.set(before[k][0]);
      bias.set(before[k][1]);
    }
  }
}
