// The layer that owns time. It unrolls any cell over a sequence: initial state in, final state out, stacking, directions, lengths, dropout.
// A cell with a fused kernel runs through it, one call for the whole sequence; one that knows how to run over a sequence does so (a scan, its
// gates computed for all steps at once); any other is stepped through. All mean the same.

import { requireEach, requireSizes, requireText, requireWhole, shown } from '../../checks.ts';
import { checkOptions, OptionError, ShapeError, TensorError } from '../../errors.ts';
import { indices } from '../../tensor/create.ts';
import { dropout, dropoutMask } from '../../tensor/ops/dropout.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import { requireFloat, requireProbability } from '../../tensor/ops/operands.ts';
import { sequence } from '../../tensor/ops/recurrent.ts';
import { cat, stack } from '../../tensor/ops/shaping.ts';
import type { TensorShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { Module, type Parameter, snakeCase } from '../module.ts';
import { Cell, GatedCell } from './cell.ts';
import { isWatched, watchedStep } from './observe.ts';
import { activeSteps } from './padding.ts';
import { combine, tensorsOf } from './state.ts';
import { ZoneoutCell } from './zoneout-cell.ts';
import { hostValues } from '../../tensor/host-values.ts';

/** Options that all recurrent layers share. */
export interface RecurrentOptions {
  /** Layers on top of each other: each reads the output of the one below. Default 1. */
  readonly numLayers?: number;
  /** Input and output are [B, T, ..] instead of [T, B, ..]. States are not affected. Default false. */
  readonly batchFirst?: boolean;
  /** Dropout probability on the output of every layer but the last, in training. Default 0. */
  readonly dropout?: number;
  /** Dropout probability on h in the recurrent product, with one mask for all steps (Gal and Ghahramani 2016), in training. Default 0. */
  readonly recurrentDropout?: number;
  /** Zoneout probability: each number of the state keeps its value at a step (Krueger et al. 2017), see `ZoneoutCell`. No kernel does it. Default 0. */
  readonly zoneout?: number;
  /** A second direction that reads from each row's end; outputs side by side. Default false. */
  readonly bidirectional?: boolean;
  /** Gradient checkpointing: saves the states at √T places only and recomputes the rest for the gradient, so that memory grows with √T. Default false. */
  readonly recompute?: boolean;
}

/** Options of a recurrent layer's forward pass. */
export interface ForwardOptions {
  /** Steps that count in each row, 0 to T. Default: all. */
  readonly lengths?: Tensor | readonly number[] | null;
}

export const recurrentOptions = [
  'numLayers',
  'batchFirst',
  'dropout',
  'recurrentDropout',
  'zoneout',
  'bidirectional',
  'recompute',
] as const;

/**
 * Any cell over a whole sequence.
 *
 *     const layer = new Recurrent(new GRUCell(10, 20), { batchFirst: true });
 *     const [output, state] = layer.forward(x);               // x [B, T, 10], output [B, T, 20], state [1, B, 20]
 *     const [next] = layer.forward(y, state, { lengths: [5, 3] });
 *
 * For several layers or directions give a function that makes a cell, and the input size of the first layer:
 *
 *     new Recurrent((inputSize) => new MyCell(inputSize, 20), { inputSize: 10, numLayers: 2, bidirectional: true });
 *
 * Shapes: x [T, B, I], output [T, B, D·H], every tensor of the state [L·D, B, ..] in the order layer 0 forward, layer 0 backward, layer 1 …
 * With lengths, the output past a row's length is 0, the final state is the state at that length, and the backward direction starts there.
 * Note: the final state of the backward direction belongs to step 0, so `state` is not the last row of `output`.
 */
export class Recurrent<S> extends Module {
  readonly numLayers: number;
  readonly numDirections: 1 | 2;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly zoneout: number;
  readonly recompute: boolean;
  /** Layer by layer, the forward direction first. */
  readonly cells: readonly Cell<S>[];
  /** The shape of each tensor of a state after its axes [L·D, B], computed when a state first comes. */
  #stateSizes: readonly TensorShape[] | null = null;
  /** Names of the parts of a state; none where it is a tensor. */
  #stateKeys: readonly string[] = [];

  constructor(
    cell: Cell<S> | ((inputSize: number) => Cell<S>),
    options: RecurrentOptions & { readonly inputSize?: number } = {},
  ) {
    super();
    checkOptions(new.target.name, options, [...recurrentOptions, 'inputSize']);
    const {
      numLayers = 1,
      batchFirst = false,
      dropout = 0,
      recurrentDropout = 0,
      zoneout = 0,
      bidirectional = false,
      recompute = false,
    } = options;
    requireSizes(new.target.name, { numLayers });
    if (options.inputSize !== undefined) requireSizes(new.target.name, { inputSize: options.inputSize });
    if (typeof cell !== 'function' && !(cell instanceof Cell))
      throw new OptionError(
        new.target.name,
        'cell',
        `expected a cell, or a function that makes one, got ${shown(cell)}`,
      );
    requireProbability(new.target.name, 'dropout', dropout);
    requireProbability(new.target.name, 'recurrentDropout', recurrentDropout);
    requireProbability(new.target.name, 'zoneout', zoneout);
    this.numLayers = numLayers;
    this.numDirections = bidirectional ? 2 : 1;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.recurrentDropout = recurrentDropout;
    this.zoneout = zoneout;
    this.recompute = recompute;
    const cells = typeof cell === 'function' ? this.#makeCells(cell, options.inputSize) : [cell];
    this.cells = zoneout > 0 ? cells.map((one) => new ZoneoutCell(one, zoneout)) : cells;
    if (typeof cell !== 'function' && numLayers * this.numDirections !== 1) {
      throw new OptionError(
        new.target.name,
        'cell',
        'several layers or directions need a function that makes a cell, and inputSize',
      );
    }
    if (recurrentDropout > 0 && !this.cells.every((c) => c.takesMask)) {
      throw new OptionError(
        new.target.name,
        'recurrentDropout',
        `${this.cells[0].constructor.name} does not take a mask: none of its products reads h, or step leaves out its third argument (see takesMask)`,
      );
    }
  }

  #makeCells(make: (inputSize: number) => Cell<S>, inputSize?: number): Cell<S>[] {
    if (inputSize === undefined)
      throw new OptionError(this.constructor.name, 'inputSize', 'needed with a function that makes a cell');
    const cells: Cell<S>[] = [];
    for (let layer = 0; layer < this.numLayers; layer++) {
      const width = layer === 0 ? inputSize : cells[cells.length - 1].outputSize * this.numDirections;
      for (let d = 0; d < this.numDirections; d++) {
        const made: unknown = make(width);
        if (!(made instanceof Cell))
          throw new OptionError(
            this.constructor.name,
            'cell',
            `expected a function that makes a cell, it gave ${shown(made)}`,
          );
        cells.push(made as Cell<S>);
      }
    }
    return cells;
  }

  get inputSize(): number {
    return this.cells[0].inputSize;
  }

  get hiddenSize(): number {
    return this.cells[0].hiddenSize;
  }

  /** The width of the output: D·H. */
  get outputSize(): number {
    return this.cells[0].outputSize * this.numDirections;
  }

  /** Zeros, each tensor [L·D, B, ..]. */
  initialState(batchSize: number): S {
    return combine(
      this.cells.map((cell) => cell.initialState(batchSize)),
      stack,
    );
  }

  /**
   * x [T, B, I] (or [B, T, I] with batchFirst) and the state before it → the output and the state after it.
   *
   * Throws a ShapeError for an input or a state that does not fit, and a TensorError for a length outside 0 … T.
   */
  forward(x: Tensor, state: S | null = null, options: ForwardOptions = {}): [output: Tensor, state: S] {
    checkOptions(`${this.constructor.name}.forward`, options, ['lengths']);
    const expected = this.batchFirst ? ['batch', 'time', this.inputSize] : ['time', 'batch', this.inputSize];
    requireFloat(this.constructor.name, x);
    if (x.rank !== 3 || x.shape[2] !== this.inputSize)
      throw new ShapeError(this.constructor.name, 'input', expected, x.shape);
    let layerInput = this.batchFirst ? x.transpose(0, 1) : x;
    const [T, B] = layerInput.shape;
    const lengths = this.#lengths(options.lengths, T, B, x);
    const D = this.numDirections;
    const before = state === null ? null : this.#separate(state, B);
    const after: S[] = [];
    for (let layer = 0; layer < this.numLayers; layer++) {
      const states = before?.slice(layer * D, (layer + 1) * D) ?? null;
      const [output, next] = this.layer(layer, layerInput, states, lengths);
      layerInput = output;
      after.push(...next);
    }
    return [this.batchFirst ? layerInput.transpose(0, 1) : layerInput, combine(after, stack)];
  }

  /** Layer k with what is around it: x [T, B, width] and a state for each direction → the output and the states after it. */
  protected layer(k: number, x: Tensor, states: readonly S[] | null, lengths: Tensor | null): [Tensor, S[]] {
    return this.run(k, k > 0 && this.training ? dropout(x, this.dropout) : x, states, lengths);
  }

  /** The cells of layer k over the sequence. */
  protected run(k: number, x: Tensor, states: readonly S[] | null, lengths: Tensor | null): [Tensor, S[]] {
    const cells = this.cells.slice(k * this.numDirections, (k + 1) * this.numDirections);
    return this.#pathOf(cells[0]).call(this, cells, x, states, lengths);
  }

  #pathOf(cell: Cell<S>) {
    if (isWatched()) return this.#stepped;
    return cell.fused ? this.#fused : cell.sequence ? this.#whole : this.#stepped;
  }

  /** One layer in one call of the seam. */
  #fused(cells: readonly Cell<S>[], x: Tensor, states: readonly S[] | null, lengths: Tensor | null): [Tensor, S[]] {
    const directions = cells.map((cell, d) => {
      if (!(cell instanceof GatedCell))
        throw new TensorError(cell.constructor.name, 'a fused cell must extend GatedCell');
      const [h0, c0] = states ? tensorsOf(states[d]) : [];
      const { weightIh, weightHh, biasIh, biasHh } = cell;
      return { weightIh, weightHh, biasIh, biasHh, h0: h0 ?? null, c0: c0 ?? null, mask: this.#mask(cell, x) };
    });
    const { y, h, c } = sequence(cells[0].fused as NonNullable<Cell<S>['fused']>, x, directions, {
      lengths,
      recompute: this.recompute,
    });
    return [y, h.map((hn, d) => (c.length > 0 ? { h: hn, c: c[d] } : hn) as S)];
  }

  /** One layer whose cells know how to run over the whole sequence. */
  #whole(cells: readonly Cell<S>[], x: Tensor, states: readonly S[] | null, lengths: Tensor | null): [Tensor, S[]] {
    const results = cells.map((cell, d) => {
      if (!cell.sequence) throw new TensorError(cell.constructor.name, 'every cell of a layer must be of one kind');
      const before = states?.[d] ?? cell.initialState(x.shape[1]);
      return cell.sequence(x, before, { lengths, mask: this.#mask(cell, x), reverse: d === 1 });
    });
    const outputs = results.map(([y]) => y);
    return [outputs.length > 1 ? cat(outputs, 2) : outputs[0], results.map(([, state]) => state)];
  }

  /** One layer, one step after the other. A row past its length keeps its state and puts out zeros. */
  #stepped(cells: readonly Cell<S>[], x: Tensor, states: readonly S[] | null, lengths: Tensor | null): [Tensor, S[]] {
    const [T, B] = x.shape;
    const steps = x.unbind(0);
    const ends = lengths && hostValues(lengths);
    const active =
      ends &&
      steps.map((_, t) =>
        indices(
          ends.map((n) => (t < n ? 1 : 0)),
          [B, 1],
          { backend: x.backend },
        ).cast(x.dtype),
      );
    const last: S[] = [];
    const watched = isWatched();
    const outputs = cells.map((cell, d) => {
      const index = this.cells.indexOf(cell);
      let state = states?.[d] ?? cell.initialState(B);
      const mask = this.#mask(cell, x);
      const prepared = T > 0 && cell.prepare?.(lengths ? where(activeSteps(lengths, x), x, 0) : x).unbind(0);
      const ys = new Array<Tensor>(T);
      for (let k = 0; k < T; k++) {
        const t = d === 1 ? T - 1 - k : k;
        const step = () =>
          prepared && cell.stepFrom ? cell.stepFrom(prepared[t], state, mask) : cell.step(steps[t], state, mask);
        const about = { cell, index, name: this.#nameOf(index), t, x: steps[t], before: state };
        const [y, next] = watched ? watchedStep(about, step) : step();
        ys[t] = active ? where(active[t], y, 0) : y;
        state = active ? combine([next, state], ([n, s]) => where(active[t], n, s)) : next;
      }
      last.push(state);
      return T > 0 ? stack(ys) : Tensor.empty([0, B, cell.outputSize], x.dtype, x.backend);
    });
    return [outputs.length > 1 ? cat(outputs, 2) : outputs[0], last];
  }

  #mask(cell: Cell<S>, x: Tensor): Tensor | null {
    return this.training && this.recurrentDropout > 0
      ? dropoutMask([x.shape[1], cell.outputSize], this.recurrentDropout, x)
      : null;
  }

  #lengths(lengths: ForwardOptions['lengths'], T: number, B: number, x: Tensor): Tensor | null {
    if (!lengths) return null;
    if (!(lengths instanceof Tensor)) requireEach(this.constructor.name, 'lengths', lengths, requireWhole);
    const tensor = lengths instanceof Tensor ? lengths : indices(lengths, [lengths.length], { backend: x.backend });
    if (tensor.dtype !== 'int32' || tensor.rank !== 1 || tensor.size !== B) {
      throw new ShapeError(this.constructor.name, 'lengths (int32)', [B], tensor.shape);
    }
    for (const [b, n] of hostValues(tensor).entries()) {
      if (n < 0 || n > T)
        throw new TensorError(this.constructor.name, `the length of row ${b} is ${n}; the sequence has ${T} steps`);
    }
    return tensor;
  }

  /** [L·D, B, ..] → L·D states of one cell each. */
  #separate(state: S, B: number): S[] {
    if (!this.#stateSizes) {
      const zero = this.initialState(0);
      this.#stateSizes = tensorsOf(zero).map(({ shape }) => shape.slice(2));
      this.#stateKeys = keysOf(zero);
    }
    const missing =
      this.#stateKeys.length !== keysOf(state).length || this.#stateKeys.some((key) => !(key in Object(state)));
    if (missing) {
      const keys = this.#stateKeys.join(', ');
      const kind = keys === '' ? 'a tensor as the state' : `a state { ${keys} }`;
      throw new TensorError(
        this.constructor.name,
        `expected ${kind}, got ${shown(state)}; forward returns it behind the output`,
      );
    }
    const given = tensorsOf(state);
    const LD = this.cells.length;
    for (const [k, sizes] of this.#stateSizes.entries()) {
      const shape = [LD, B, ...sizes];
      const got = given[k];
      if (!got || got.shape.length !== shape.length || shape.some((n, d) => n !== got.shape[d])) {
        throw new ShapeError(
          this.constructor.name,
          'a state',
          shape,
          got?.shape ?? [],
          'its axes are layers·directions, batch, size, whatever batchFirst says',
        );
      }
    }
    return this.cells.map((_, k) => combine([state], ([t]) => t.select(0, k)));
  }

  /** PyTorch's names: weight_ih_l0, bias_hh_l1_reverse. */
  override *namedParameters(prefix = ''): Generator<[name: string, parameter: Parameter]> {
    requireText('Recurrent', 'prefix', prefix);
    for (const [k, cell] of this.cells.entries())
      for (const [name, parameter] of cell.namedParameters()) yield [`${prefix}${name}_${this.#nameOf(k)}`, parameter];
  }

  override *namedState(prefix = ''): Generator<[name: string, tensor: Tensor]> {
    requireText('Recurrent', 'prefix', prefix);
    for (const [k, cell] of this.cells.entries())
      for (const [name, tensor] of cell.namedState()) yield [`${prefix}${name}_${this.#nameOf(k)}`, tensor];
  }

  /** l0, l0_reverse, l1 … */
  #nameOf(index: number): string {
    return `l${Math.floor(index / this.numDirections)}${index % this.numDirections === 1 ? '_reverse' : ''}`;
  }

  protected override describe(): string {
    const own = {
      numLayers: [this.numLayers, 1],
      dropout: [this.dropout, 0],
      recurrentDropout: [this.recurrentDropout, 0],
      zoneout: [this.zoneout, 0],
    };
    const parts = Object.entries(own).flatMap(([name, [value, usual]]) =>
      value === usual ? [] : [`${snakeCase(name)}=${value}`],
    );
    if (this.numDirections === 2) parts.push('bidirectional=true');
    if (this.batchFirst) parts.push('batch_first=true');
    return [this.inputSize, this.hiddenSize, ...parts].join(', ');
  }

  override toString(): string {
    return `${this.constructor.name}(${this.describe()})`;
  }
}

/** The names of a state's parts; none for a tensor. */
function keysOf(state: unknown): readonly string[] {
  return state instanceof Tensor ? [] : Object.keys(Object(state));
}
