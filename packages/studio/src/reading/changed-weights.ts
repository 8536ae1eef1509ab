// Weights that others take the place of for a while: of a network that was opened to be looked into, and of no run that is kept.

import type { Module, Parameter } from 'unrolled';
import { matrixOf } from './matrix-of.ts';
import type { BlockAsked, ChangedWeight, WeightBlock, WeightChange } from './protocol.ts';

export class ChangedWeights {
  readonly #parameters: ReadonlyMap<string, Parameter>;
  /** What changed tensors are without their changes. */
  readonly #whole = new Map<Parameter, Float32Array>();
  #changes: readonly WeightChange[] = [];

  constructor(model: Module) {
    this.#parameters = new Map(model.namedParameters());
  }

  get changes(): readonly WeightChange[] {
    return this.#changes;
  }

  /** Makes these changes and no others, one after the other. Nothing changes where one of them is of no weight, or of no finite number. */
  set(changes: readonly WeightChange[]): readonly ChangedWeight[] {
    const values = new Map<Parameter, Float32Array>();
    const changed = changes.map((change) => {
      const parameter = this.#parameterOf(change.tensor);
      const own = values.get(parameter) ?? this.#wholeOf(parameter).slice();
      values.set(parameter, own);
      return applied(change, parameter.shape, own);
    });
    for (const [parameter, whole] of this.#whole) if (!values.has(parameter)) parameter.set(whole);
    for (const parameter of this.#whole.keys()) if (!values.has(parameter)) this.#whole.delete(parameter);
    for (const [parameter, own] of values) {
      this.#whole.set(parameter, this.#wholeOf(parameter));
      parameter.set(own);
    }
    this.#changes = changes;
    return changed;
  }

  /** Runs `body` without a change. */
  without<R>(body: () => R): R {
    const now = Array.from(this.#whole.keys(), (parameter) => [parameter, copyOf(parameter)] as const);
    try {
      for (const [parameter, whole] of this.#whole) parameter.set(whole);
      return body();
    } finally {
      for (const [parameter, values] of now) parameter.set(values);
    }
  }

  /** As much of a part of a tensor as it has. */
  block({ tensor, row, column, rows, columns }: BlockAsked): WeightBlock {
    const { shape, storage } = this.#parameterOf(tensor);
    const [R, C] = matrixOf(shape);
    const all = storage.array;
    const values = Array.from({ length: Math.max(0, Math.min(rows, R - row)) }, (_, r) =>
      Array.from({ length: Math.max(0, Math.min(columns, C - column)) }, (_none, c) => all[(row + r) * C + column + c]),
    );
    return { tensor, row, column, values };
  }

  #parameterOf(name: string): Parameter {
    const parameter = this.#parameters.get(name);
    if (!parameter) throw new Error(`there is no tensor of weights ${name}`);
    return parameter;
  }

  #wholeOf(parameter: Parameter): Float32Array {
    return this.#whole.get(parameter) ?? copyOf(parameter);
  }
}

const copyOf = (parameter: Parameter): Float32Array => Float32Array.from(parameter.dataSync());

/** Makes one change in the values of a tensor. */
function applied(change: WeightChange, shape: readonly number[], values: Float32Array): ChangedWeight {
  const { tensor, row, column, how, value } = change;
  const [R, C] = matrixOf(shape);
  const isIn = (at: number | null, count: number) => at === null || (Number.isInteger(at) && at >= 0 && at < count);
  if (!isIn(row, R) || !isIn(column, C)) throw new Error(`${tensor} has no weight [${row}, ${column}]`);
  if (!Number.isFinite(Math.fround(value))) throw new Error(`${tensor}: expected a finite number, got ${value}`);
  const [rows, columns] = [
    row === null ? Array.from({ length: R }, (_, r) => r) : [row],
    column === null ? Array.from({ length: C }, (_, c) => c) : [column],
  ];
  const isOne = row !== null && column !== null;
  let [before, after] = [0, 0];
  for (const r of rows)
    for (const c of columns) {
      const k = r * C + c;
      before += isOne ? values[k] : values[k] ** 2;
      values[k] = how === 'set' ? value : values[k] * value;
      if (!Number.isFinite(values[k]))
        throw new Error(`${tensor}: [${r}, ${c}] becomes ${values[k]}; choose a smaller number`);
      after += isOne ? values[k] : values[k] ** 2;
    }
  return isOne ? { ...change, before, after } : { ...change, before: Math.sqrt(before), after: Math.sqrt(after) };
}
