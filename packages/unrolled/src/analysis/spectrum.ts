// Why a gradient vanishes or explodes: the Jacobians that it is multiplied by on the way back.
//
//   ∂s_T/∂s_{T−k} = J_T J_{T−1} … J_{T−k+1},      J_t = ∂s_t/∂s_{t−1}          s = h, or (h, c)
//
// For h_t = tanh(W_hh h_{t−1} + …) a step's Jacobian is diag(1 − h_t²) W_hh, so ‖∂h_T/∂h_{T−k}‖ ≤ (γ σ_max)^k with γ = 1, the steepest that tanh gets
// (Pascanu, Mikolov and Bengio 2013). σ_max < 1 is sufficient for vanishing; σ_max > 1 is necessary for exploding, and not sufficient. What really
// happens depends on the data, so it is measured along them.

import { requireKinds, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import type { Module } from '../nn/module.ts';
import type { Cell } from '../nn/recurrent/cell.ts';
import { LinearCell } from '../nn/recurrent/linear-cell.ts';
import { type ObservedStep, observeSteps } from '../nn/recurrent/observe.ts';
import { RNNCell } from '../nn/recurrent/rnn-cell.ts';
import { mapState } from '../nn/recurrent/state.ts';
import { noGrad } from '../tensor/autograd.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Alternative, alternativesTo } from './alternatives.ts';
import { type Growth, growthOf } from './growth.ts';
import { type Jacobian, normOf } from './jacobian.ts';
import { type Complex, eigenvalues, singularValues } from './linear-algebra.ts';
import { namedCells, namedTensors } from './observed-layers.ts';
import { productsAlong, type RowStep } from './products-along.ts';
import { preservingState } from './preserving-state.ts';

/** Options of `spectrum`. */
export interface SpectrumOptions {
  /** Row of the batch along which to measure. Default 0. */
  readonly row?: number;
  /** Most steps back from the last. Default 50. */
  readonly steps?: number;
  /** Whether to measure other initializations and cells too, untrained, on the same inputs. Default false. */
  readonly alternatives?: boolean;
}

/** Spectrum of one square matrix. */
export interface MatrixSpectrum {
  /** Gate that the matrix belongs to; '' where there is one matrix. */
  readonly gate: string;
  readonly size: number;
  /** ‖·‖₂, the largest singular value. */
  readonly norm: number;
  /** Singular values, largest first; empty for a matrix so large that it would take minutes. */
  readonly singular: readonly number[];
  /** Eigenvalues, largest first; likewise. */
  readonly eigen: readonly Complex[];
}

/** The spectra of one layer's recurrent matrices. */
export interface LayerSpectrum {
  readonly layer: string;
  /** The cell's class. */
  readonly cell: string;
  /** Width of the state: H, or 2H for an LSTM. */
  readonly stateSize: number;
  /** W_hh, one matrix for each gate. */
  readonly weights: readonly MatrixSpectrum[];
  /** Jacobian of the last step. */
  readonly jacobian: MatrixSpectrum;
  /** ‖J_T‖, ‖J_{T−1}‖, …: one for every step back. */
  readonly jacobianNorms: readonly number[];
  /** ‖J_T … J_{T−k+1}‖ for k = 1, 2, … */
  readonly product: readonly number[];
  /** Singular values of the whole product. */
  readonly productSingular: readonly number[];
  /** (γ σ_max(W_hh))^k for k = 1, 2, …, where there is such a bound: for a network without gates. */
  readonly bound: readonly number[] | null;
  /** Growth rate of the product for one step. */
  readonly growth: Growth;
  readonly alternatives: readonly Alternative[];
}

/** The spectra of all recurrent layers of a model. */
export interface Spectrum {
  readonly layers: readonly LayerSpectrum[];
}

/** Larger matrices are described by their norm alone. */
const mostSize = 512;

/**
 * Measures how the recurrent layers of a model scale a gradient, on one batch. `compute` runs the model on it (its result is not used); the model is
 * left unchanged.
 *
 *     const found = spectrum(model, () => model.forward(input), { alternatives: true });
 *     console.log(describeSpectrum(found).join('\n'));    // l0: vanishing by 0.83 a step, half-life 3.7 steps …
 *
 * Padding is not counted: steps that leave the row's state unchanged are left out.
 */
export function spectrum(model: Module, compute: () => unknown, options: SpectrumOptions = {}): Spectrum {
  requireKinds('spectrum', { model, compute, options }, { model: 'module', compute: 'function', options: 'object' });
  const who = 'spectrum';
  checkOptions(who, options, ['row', 'steps', 'alternatives']);
  const { row = 0, steps = 50, alternatives = false } = options;
  if (!(Number.isInteger(steps) && steps > 0))
    throw new OptionError(who, 'steps', `expected a whole number from 1, got ${shown(steps)}`);
  return preservingState(model, () => {
    model.eval();
    const observed: ObservedStep[] = [];
    noGrad(() => observeSteps((step) => observed.push(step), compute));
    if (observed.length === 0)
      throw new OptionError(who, 'model', `no recurrent layer of this ${model.constructor.name} was stepped through`);
    const batch = observed[0].x.shape[0];
    if (!(Number.isInteger(row) && row >= 0 && row < batch))
      throw new OptionError(who, 'row', `expected a row from 0 to ${batch - 1}, got ${shown(row)}`);
    const layers = namedCells(model).flatMap(({ name, cell }) => {
      const path = rowOf(
        observed.filter((s) => s.cell === cell),
        row,
      );
      if (path.length === 0) return [];
      const found = layerSpectrum(name, cell, path.slice(-steps));
      const inputs = path.map(({ x }) => x);
      return [{ ...found, alternatives: alternatives ? alternativesTo(cell, inputs, steps) : [] }];
    });
    return { layers };
  });
}

/** The steps of a row in order, without those at its end that changed nothing. */
function rowOf(observed: readonly ObservedStep[], row: number): RowStep[] {
  const pick = (t: Tensor) => t.slice(0, row, row + 1);
  const path = observed.map(({ x, before, gates }) => ({
    x: pick(x),
    before: mapState(before, pick),
    gates: Object.keys(gates),
  }));
  const frozen = (k: number) => k > 0 && sameState(path[k].before, path[k - 1].before);
  let end = path.length;
  while (end > 1 && frozen(end - 1)) end--;
  // What did not change until the last step was not read there either.
  return end < path.length ? path.slice(0, end - 1) : path;
}

function sameState(a: unknown, b: unknown): boolean {
  const [as, bs] = [namedTensors(a), namedTensors(b)];
  return as.every(([, t], k) => {
    const other = bs[k][1].storage.array;
    return t.storage.array.every((v, i) => v === other[i]);
  });
}

function layerSpectrum(
  layer: string,
  cell: Cell<unknown>,
  path: readonly RowStep[],
): Omit<LayerSpectrum, 'alternatives'> {
  const { last, whole, jacobianNorms, product } = productsAlong(cell, path);
  const weights = recurrentWeights(cell, path[0].gates);
  const bounded = cell.constructor === RNNCell || cell.constructor === LinearCell;
  return {
    layer,
    cell: cell.constructor.name,
    stateSize: last.size,
    weights,
    jacobian: matrixSpectrum('', last),
    jacobianNorms,
    product,
    productSingular: whole.size <= mostSize ? Array.from(singularValues(whole.values, whole.size, whole.size)) : [],
    bound: bounded ? product.map((_, k) => weights[0].norm ** (k + 1)) : null,
    growth: growthOf([1, ...product]),
  };
}

/** The square blocks of W_hh, by the names of their gates. */
function recurrentWeights(cell: Cell<unknown>, gates: readonly string[]): MatrixSpectrum[] {
  const weight = 'weightHh' in cell && cell.weightHh instanceof Tensor ? cell.weightHh : null;
  if (!weight) return [];
  const [rows, size] = weight.shape;
  if (size === 0 || rows % size !== 0) return [];
  const count = rows / size;
  return Array.from({ length: count }, (_, k) =>
    matrixSpectrum(gates.length === count ? gates[k] : count === 1 ? '' : `${k}`, {
      size,
      values: Float64Array.from(weight.storage.array.subarray(k * size * size, (k + 1) * size * size)),
    }),
  );
}

function matrixSpectrum(gate: string, matrix: Jacobian): MatrixSpectrum {
  const { size, values } = matrix;
  if (size > mostSize) return { gate, size, norm: normOf(matrix), singular: [], eigen: [] };
  const singular = Array.from(singularValues(values, size, size));
  return { gate, size, norm: singular[0] ?? 0, singular, eigen: eigenvalues(values, size) };
}
