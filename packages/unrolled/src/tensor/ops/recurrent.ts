// The fused path: one recurrent layer over a whole sequence, forward or backward, in one call of the seam for each direction.
//
// With `recompute` the layer keeps the states at the borders of √T segments only, and computes what lies between them again when the
// gradient comes: about a third more time, and memory that grows with √T instead of T.

import { requireEach, requireObject, requireOneOf } from '../../checks.ts';
import {
  type FusedCell,
  gateCount,
  reserveSize,
  type SequenceInputs,
  type SequenceOutputs,
  type SequenceSizes,
  type Storage,
  hasC,
} from '../../backend/backend.ts';
import { OptionError, ShapeError, TensorError, checkOptions } from '../../errors.ts';
import { recordMany, wantsGrad } from '../autograd.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { addInto } from './accumulate.ts';
import { hostValues } from '../host-values.ts';
import { requireAlike, requireFloat, requireSameBackend } from './operands.ts';

/** What one direction of a layer owns and starts from. */
export interface Direction {
  readonly weightIh: Tensor; // [G·H, I]
  readonly weightHh: Tensor; // [G·H, H]
  readonly biasIh: Tensor | null; // [G·H]
  readonly biasHh: Tensor | null; // [G·H]
  readonly h0: Tensor | null; // [B, H], null is zeros
  readonly c0: Tensor | null; // [B, H], LSTM only
  /** Recurrent dropout, one mask for all steps: [B, H]. */
  readonly mask: Tensor | null;
}

/** Options of `sequence`. */
export interface SequenceOptions {
  /** int32 [B]: steps that count in each row. Default: all. */
  readonly lengths?: Tensor | null;
  /** Keep √T states and compute the rest again for the gradient. Default false. */
  readonly recompute?: boolean;
}

/** The outputs and last states of `sequence`. */
export interface SequenceResult {
  readonly y: Tensor; // [T, B, D·H]
  readonly h: readonly Tensor[]; // D of [B, H]
  readonly c: readonly Tensor[]; // D of [B, H], LSTM only
}

const fusedCells = Object.keys(gateCount);

/**
 * x [T, B, I] through one layer of D = directions.length directions; the second one reads from each row's end.
 * y past a row's length is 0; h and c are the states at its length.
 */
export function sequence(
  cell: FusedCell,
  x: Tensor,
  directions: readonly Direction[],
  options: SequenceOptions = {},
): SequenceResult {
  checkOptions('sequence', options, ['lengths', 'recompute']);
  const { lengths = null, recompute = false } = options;
  requireOneOf('sequence', 'cell', cell, fusedCells);
  requireEach('sequence', 'directions', directions, requireObject);
  if (directions.length === 0) throw new OptionError('sequence', 'directions', 'expected one or two');
  requireFloat(cell, x);
  for (const { weightIh, weightHh } of directions) for (const t of [weightIh, weightHh]) requireFloat(cell, t);
  const H = directions[0].weightHh.shape[1];
  check(cell, x, directions, lengths, H);
  const [T, B] = x.shape;
  const D = directions.length;
  const { backend, dtype } = x;
  const empty = (...shape: number[]) => Tensor.empty(shape, dtype, backend);
  const y = empty(T, B, D * H);
  const inputs = [x, ...directions.flatMap((d) => [d.weightIh, d.weightHh, d.biasIh, d.biasHh, d.h0, d.c0])].filter(
    (t) => t !== null,
  );
  const train = wantsGrad(inputs);
  const segments = recompute && train ? Math.max(1, Math.ceil(Math.sqrt(T))) : 1;
  const passes = directions.map(
    (direction, d) =>
      new Pass(
        cell,
        x,
        y,
        direction,
        lengths,
        { T, B, I: x.shape[2], H, ldy: D * H, reverse: d === 1 },
        d * H,
        segments,
        train,
      ),
  );
  for (const pass of passes) pass.forward();
  const h = passes.map((p) => p.hn);
  const c = passes.flatMap((p) => p.cn ?? []);
  recordMany(cell, [y, ...h, ...c], inputs, (dys) => {
    let dx: Tensor | null = null;
    const gradients: (Tensor | null)[] = [];
    passes.forEach((pass, d) => {
      const g = pass.backward(dys[0], dys[1 + d], hasC(cell) ? dys[1 + D + d] : null);
      if (dx && g.dx) addInto(dx, g.dx);
      else dx = g.dx;
      const { biasIh, biasHh, h0, c0 } = pass.direction;
      gradients.push(g.dWeightIh, g.dWeightHh);
      if (biasIh) gradients.push(g.dBiasIh);
      if (biasHh) gradients.push(g.dBiasHh);
      if (h0) gradients.push(g.dh0);
      if (c0) gradients.push(g.dc0);
    });
    return [dx, ...gradients];
  });
  return { y, h, c };
}

interface PassGradients {
  dx: Tensor | null;
  dWeightIh: Tensor;
  dWeightHh: Tensor;
  dBiasIh: Tensor | null;
  dBiasHh: Tensor | null;
  dh0: Tensor | null;
  dc0: Tensor | null;
}

/** One direction, there and back, in one segment or in several. */
class Pass {
  readonly hn: Tensor;
  readonly cn: Tensor | null;
  readonly direction: Direction;
  readonly #cell: FusedCell;
  readonly #x: Tensor;
  readonly #y: Tensor;
  readonly #lengths: Tensor | null;
  readonly #sizes: SequenceSizes;
  readonly #offset: number;
  /** [start, end) of each segment, in the order in which this direction reads them. */
  readonly #segments: (readonly [number, number])[];
  /** The states before each segment. */
  readonly #before: { h: Tensor | null; c: Tensor | null }[] = [];
  readonly #reserve: Tensor | null;

  constructor(
    cell: FusedCell,
    x: Tensor,
    y: Tensor,
    direction: Direction,
    lengths: Tensor | null,
    sizes: SequenceSizes,
    offset: number,
    segments: number,
    train: boolean,
  ) {
    this.#cell = cell;
    this.#x = x;
    this.#y = y;
    this.direction = direction;
    this.#lengths = lengths;
    this.#sizes = sizes;
    this.#offset = offset;
    const { T, B, H, reverse } = sizes;
    const span = Math.max(1, Math.ceil(T / segments));
    this.#segments =
      T === 0
        ? [[0, 0]]
        : Array.from({ length: Math.ceil(T / span) }, (_, k) => [k * span, Math.min(T, (k + 1) * span)] as const);
    if (reverse) this.#segments.reverse();
    this.hn = this.#empty(B, H);
    this.cn = hasC(cell) ? this.#empty(B, H) : null;
    this.#reserve = train ? this.#empty(reserveSize(cell, span, B, H)) : null;
  }

  forward(): void {
    let { h0: h, c0: c } = this.direction;
    this.#segments.forEach((segment, k) => {
      this.#before.push({ h, c });
      const last = k === this.#segments.length - 1;
      const hn = last ? this.hn : this.#empty(...this.hn.shape);
      const cn = last || !this.cn ? this.cn : this.#empty(...this.cn.shape);
      const [outputs, inputs, sizes] = this.#part(segment, h, c, hn, cn);
      this.#x.backend.sequenceForward(this.#cell, outputs, inputs, sizes);
      [h, c] = [hn, cn];
    });
  }

  backward(dy: Tensor | null, dhn: Tensor | null, dcn: Tensor | null): PassGradients {
    const { direction } = this;
    const total = this.#gradients(this.#x.requiresGrad);
    const several = this.#segments.length > 1;
    let [dh, dc] = [dhn, dcn];
    for (let k = this.#segments.length - 1; k >= 0; k--) {
      const { h, c } = this.#before[k];
      const last = k === this.#segments.length - 1;
      const hn = last ? this.hn : this.#empty(...this.hn.shape);
      const cn = last || !this.cn ? this.cn : this.#empty(...this.cn.shape);
      const [outputs, inputs, sizes] = this.#part(this.#segments[k], h, c, hn, cn);
      if (several) this.#x.backend.sequenceForward(this.#cell, outputs, inputs, sizes);
      const part = last ? total : this.#gradients(false);
      const wantsState = k > 0 || direction.h0 !== null || direction.c0 !== null;
      const dhPrevious = wantsState ? this.#empty(...this.hn.shape) : null;
      const dcPrevious = wantsState && this.cn ? this.#empty(...this.cn.shape) : null;
      const [start, end] = this.#segments[k];
      this.#x.backend.sequenceBackward(
        this.#cell,
        {
          dx: total.dx && this.#steps(total.dx, this.#sizes.I, start, end),
          dWeightIh: part.dWeightIh.storage,
          dWeightHh: part.dWeightHh.storage,
          dBiasIh: part.dBiasIh?.storage ?? null,
          dBiasHh: part.dBiasHh?.storage ?? null,
          dh0: dhPrevious?.storage ?? null,
          dc0: dcPrevious?.storage ?? null,
        },
        { dy: dy && this.#window(dy, start, end), dhn: dh?.storage ?? null, dcn: dc?.storage ?? null },
        outputs,
        inputs,
        sizes,
      );
      if (!last) {
        addInto(total.dWeightIh, part.dWeightIh);
        addInto(total.dWeightHh, part.dWeightHh);
        if (total.dBiasIh && part.dBiasIh) addInto(total.dBiasIh, part.dBiasIh);
        if (total.dBiasHh && part.dBiasHh) addInto(total.dBiasHh, part.dBiasHh);
      }
      [dh, dc] = [dhPrevious, dcPrevious];
    }
    return { ...total, dh0: direction.h0 && dh, dc0: direction.c0 && dc };
  }

  /** Memory for the gradients of the parameters, and for dx. */
  #gradients(withDx: boolean): PassGradients {
    const { weightIh, weightHh, biasIh, biasHh } = this.direction;
    return {
      dx: withDx ? this.#empty(...this.#x.shape) : null,
      dWeightIh: this.#empty(...weightIh.shape),
      dWeightHh: this.#empty(...weightHh.shape),
      dBiasIh: biasIh && this.#empty(...biasIh.shape),
      dBiasHh: biasHh && this.#empty(...biasHh.shape),
      dh0: null,
      dc0: null,
    };
  }

  /** What the seam is told about one segment. */
  #part(
    [start, end]: readonly [number, number],
    h: Tensor | null,
    c: Tensor | null,
    hn: Tensor,
    cn: Tensor | null,
  ): [SequenceOutputs, SequenceInputs, SequenceSizes] {
    const { weightIh, weightHh, biasIh, biasHh, mask } = this.direction;
    const whole = start === 0 && end === this.#sizes.T;
    return [
      {
        y: this.#window(this.#y, start, end),
        hn: hn.storage,
        cn: cn?.storage ?? null,
        reserve: this.#reserve?.storage ?? null,
      },
      {
        x: this.#steps(this.#x, this.#sizes.I, start, end),
        weightIh: weightIh.storage,
        weightHh: weightHh.storage,
        biasIh: biasIh?.storage ?? null,
        biasHh: biasHh?.storage ?? null,
        h0: h?.storage ?? null,
        c0: c?.storage ?? null,
        lengths: whole || !this.#lengths ? (this.#lengths?.storage ?? null) : this.#shifted(this.#lengths, start, end),
        mask: mask?.storage ?? null,
      },
      { ...this.#sizes, T: end - start },
    ];
  }

  /** Steps [start, end) of this direction's columns in [T, B, D·H]. */
  #window(t: Tensor, start: number, end: number): Storage {
    const { B, H, ldy } = this.#sizes;
    const rows = (end - start) * B;
    return rows === 0 ? t.storage.slice(0, 0) : t.storage.slice(start * B * ldy + this.#offset, (rows - 1) * ldy + H);
  }

  /** Steps [start, end) of [T, B, width]. */
  #steps(t: Tensor, width: number, start: number, end: number): Storage {
    const { B } = this.#sizes;
    return t.storage.slice(start * B * width, (end - start) * B * width);
  }

  #shifted(lengths: Tensor, start: number, end: number): Storage {
    const out = Tensor.empty(lengths.shape, 'int32', lengths.backend);
    out.set(hostValues(lengths).map((n) => Math.min(Math.max(n - start, 0), end - start)));
    return out.storage;
  }

  #empty(...shape: number[]): Tensor {
    return Tensor.empty(shape, this.#x.dtype, this.#x.backend);
  }
}

function check(cell: FusedCell, x: Tensor, directions: readonly Direction[], lengths: Tensor | null, H: number): void {
  const G = gateCount[cell];
  const I = directions[0].weightIh.shape[1];
  if (x.rank !== 3 || x.shape[2] !== I) throw new ShapeError(cell, 'input', ['T', 'B', I], x.shape);
  const [T, B] = x.shape;
  for (const d of directions) {
    requireAlike(cell, x, d.weightIh, d.weightHh, d.biasIh, d.biasHh, d.h0, d.c0, d.mask);
    const expected: [string, Tensor | null, number[]][] = [
      ['weightIh', d.weightIh, [G * H, I]],
      ['weightHh', d.weightHh, [G * H, H]],
      ['biasIh', d.biasIh, [G * H]],
      ['biasHh', d.biasHh, [G * H]],
      ['h0', d.h0, [B, H]],
      ['c0', d.c0, [B, H]],
      ['mask', d.mask, [B, H]],
    ];
    for (const [name, t, shape] of expected)
      if (t && !sameShape(t.shape, shape)) throw new ShapeError(cell, name, shape, t.shape);
  }
  if (!lengths) return;
  requireSameBackend(cell, x, lengths);
  if (lengths.dtype !== 'int32' || !sameShape(lengths.shape, [B]))
    throw new ShapeError(cell, 'lengths (int32)', [B], lengths.shape);
  hostValues(lengths).forEach((n, b) => {
    if (n < 0 || n > T) throw new TensorError(cell, `the length of row ${b} is ${n}; the sequence has ${T} steps`);
  });
}
