// Recurrent layers as modern networks stack them: each adds to a stream what it finds, and a small network follows it at every step.

import { requireSizes, shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { indices, zeros } from '../../tensor/create.ts';
import { dropout } from '../../tensor/ops/dropout.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import { Linear } from '../linear.ts';
import { Module, type Parameter } from '../module.ts';
import { LayerNorm } from '../norm.ts';
import type { Cell } from './cell.ts';
import { activeSteps } from './padding.ts';
import { Recurrent, type RecurrentOptions, recurrentOptions } from './recurrent.ts';
import { mapState } from './state.ts';
import { hostValues } from '../../tensor/host-values.ts';

/** Options of `RecurrentBlocks`. */
export interface RecurrentBlocksOptions extends Omit<RecurrentOptions, 'bidirectional'> {
  /** Width of what comes in; where it is not the stream's, it is projected first. Default: hiddenSize. */
  readonly inputSize?: number;
  /** Kernel size of a causal convolution before the recurrence: the minGRU paper uses 4, 0 is none. Default 0. */
  readonly convolution?: number;
  /** Units between the two products of the network that follows, for each unit of the stream. Default 4. */
  readonly expansion?: number;
}

/** The state where there is a convolution: behind the cell's, the last steps that it has seen. */
interface Convolved {
  readonly cell: unknown;
  readonly window: Tensor; // [B, taps − 1, H]
}

/**
 * Blocks with residual connections and a norm before each half (Feng et al. 2024), around any cell:
 *
 *   x' = x + W recurrent(convolution(norm x))          y = x' + W₂ relu(W₁ norm x')
 *
 * and one more norm at the top. All else is as in Recurrent: shapes, states, lengths; dropout is of what a half adds.
 *
 *     const layer = new RecurrentBlocks((size) => new MinGRUCell(size, 256), 256, { numLayers: 2, convolution: 4 });
 *
 * Cells whose gates see the input alone need them: one layer of such a cell decides by a single step, and layers without anything between
 * are hardly more than one. The convolution lets a gate look at the last few steps.
 */
export class RecurrentBlocks extends Recurrent<unknown> {
  readonly input: Linear | null;
  readonly blocks: readonly Block[];
  readonly norm: LayerNorm;
  readonly #inputSize: number;
  readonly #taps: number;

  constructor(cell: (inputSize: number) => Cell<unknown>, hiddenSize: number, options: RecurrentBlocksOptions = {}) {
    const who = 'RecurrentBlocks';
    requireSizes(who, { hiddenSize });
    const usual = recurrentOptions.filter((name) => name !== 'bidirectional');
    checkOptions(who, options, [...usual, 'inputSize', 'convolution', 'expansion']);
    const { inputSize = hiddenSize, convolution = 0, expansion = 4, ...layers } = options;
    if (!Number.isInteger(convolution) || convolution < 0 || convolution === 1)
      throw new OptionError(who, 'convolution', `expected 0 for none, or taps from 2, got ${shown(convolution)}`);
    requireSizes(who, { inputSize, expansion });
    super(cell, { ...layers, inputSize: hiddenSize });
    this.#inputSize = inputSize;
    this.#taps = convolution;
    this.input = inputSize === hiddenSize ? null : new Linear(inputSize, hiddenSize);
    this.blocks = this.cells.map((c) => new Block(hiddenSize, c.outputSize, convolution, expansion));
    this.norm = new LayerNorm(hiddenSize);
  }

  override get inputSize(): number {
    return this.#inputSize;
  }

  /** The width of the stream. */
  override get outputSize(): number {
    return this.cells[0].inputSize;
  }

  override initialState(batchSize: number): unknown {
    const cell = super.initialState(batchSize);
    if (this.#taps === 0) return cell;
    const { dtype, backend } = this.norm.weight as Parameter;
    const window = zeros([this.numLayers, batchSize, this.#taps - 1, this.outputSize], { dtype, backend });
    return { cell, window } satisfies Convolved;
  }

  protected override layer(
    k: number,
    x: Tensor,
    states: readonly unknown[] | null,
    lengths: Tensor | null,
  ): [output: Tensor, states: unknown[]] {
    const block = this.blocks[k];
    const active = lengths && activeSteps(lengths, x);
    let stream = active && k === 0 ? where(active, x, 0) : x; // what stands in the padding must not matter
    if (k === 0 && this.input) stream = this.input.forward(stream);
    const drop = (part: Tensor) => (this.training ? dropout(part, this.dropout) : part);

    let seen = block.norm1.forward(stream);
    let window: Tensor | null = null;
    let before = states;
    if (this.#taps > 0) {
      const [state] = (states ?? [mapState(this.initialState(x.shape[1]), (t) => t.select(0, k))]) as Convolved[];
      const steps = cat([state.window.transpose(0, 1), seen], 0); // [taps − 1 + T, B, H]
      window = lastSteps(steps, this.#taps - 1, lengths);
      seen = block.convolve(steps);
      before = [state.cell];
    }
    const [found, after] = this.run(k, seen, before, lengths);
    stream = stream.add(drop(block.projection.forward(found)));
    stream = stream.add(drop(block.network(stream)));
    if (k === this.numLayers - 1) {
      stream = this.norm.forward(stream);
      if (active) stream = where(active, stream, 0);
    }
    return [stream, window ? [{ cell: after[0], window } satisfies Convolved] : after];
  }

  override *namedParameters(prefix = ''): Generator<[name: string, parameter: Parameter]> {
    yield* super.namedParameters(prefix);
    for (const [name, child] of this.#around()) yield* child.namedParameters(`${prefix}${name}.`);
  }

  override *namedState(prefix = ''): Generator<[name: string, tensor: Tensor]> {
    yield* super.namedState(prefix);
    for (const [name, child] of this.#around()) yield* child.namedState(`${prefix}${name}.`);
  }

  /** The modules around the cells. */
  *#around(): Generator<[name: string, module: Module]> {
    for (const [name, child] of this.children()) if (!name.startsWith('cells.')) yield [name, child];
  }
}

/** What belongs to one layer besides its cell. */
class Block extends Module {
  readonly norm1: LayerNorm;
  readonly convolution: Parameter | null; // [taps, H], the last tap on the step itself
  readonly convolutionBias: Parameter | null; // [H]
  readonly projection: Linear;
  readonly norm2: LayerNorm;
  readonly up: Linear;
  readonly down: Linear;

  constructor(width: number, found: number, taps: number, expansion: number) {
    super();
    this.norm1 = new LayerNorm(width);
    this.convolution = taps > 0 ? uniformParameter([taps, width], inverseSqrt(taps)) : null;
    this.convolutionBias = taps > 0 ? uniformParameter([width], inverseSqrt(taps)) : null;
    this.projection = new Linear(found, width);
    this.norm2 = new LayerNorm(width);
    this.up = new Linear(width, expansion * width);
    this.down = new Linear(expansion * width, width);
  }

  /** Each unit by itself, over the step and those before it: steps [taps − 1 + T, B, H] → [T, B, H]. */
  convolve(steps: Tensor): Tensor {
    const taps = (this.convolution as Parameter).unbind(0);
    const T = steps.shape[0] - taps.length + 1;
    const terms = taps.map((tap, j) => steps.slice(0, j, j + T).mul(tap));
    return terms.reduce((a, b) => a.add(b), this.convolutionBias as Tensor);
  }

  network(x: Tensor): Tensor {
    return this.down.forward(this.up.forward(this.norm2.forward(x)).relu());
  }
}

/** The last n steps of each row [B, n, H], of steps [n + T, B, H] whose first n came before. */
function lastSteps(steps: Tensor, n: number, lengths: Tensor | null): Tensor {
  const [all, B, H] = steps.shape;
  if (!lengths) return steps.slice(0, all - n).transpose(0, 1);
  const count = hostValues(lengths);
  const at = Int32Array.from({ length: n * B * H }, (_, k) => Math.floor(k / (B * H)) + count[Math.floor(k / H) % B]);
  return steps.gather(0, indices(at, [n, B, H], { backend: steps.backend })).transpose(0, 1);
}
