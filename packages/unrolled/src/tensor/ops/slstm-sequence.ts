// An sLSTM over a whole sequence, forward and back, in two calls of the seam a step: the state's product, and all that is point by point.

import { requireObject } from '../../checks.ts';
import { ShapeError } from '../../errors.ts';
import { recordMany, wantsGrad } from '../autograd.ts';
import type { Storage } from '../../backend/backend.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat, requireSameBackend } from './operands.ts';
import { packedProduct } from './packed-product.ts';
import { zerosLike } from './shaping.ts';

/** The operands of `slstmSequence`. */
export interface SLSTMSequence {
  /** W_ih x + b for every step: [T, B, 4H], i f z o. */
  readonly gates: Tensor;
  readonly weightHh: Tensor; // [4H, H]
  /** The state before. */
  readonly h: Tensor; // [B, H]
  readonly c: Tensor; // [B, H]
  readonly m: Tensor; // [B, H]
  /** int32 [B]: steps that count in each row. Default: all. */
  readonly lengths?: Tensor | null;
  /** Recurrent dropout, one mask for all steps: [B, H]. */
  readonly mask?: Tensor | null;
  /** From each row's end to its start. Default false. */
  readonly reverse?: boolean;
}

/** The equations of SLSTMCell → outputs y [T, B, H], 0 past the lengths, and the state h, c, m [B, H] at each row's end. */
export function slstmSequence(inputs: SLSTMSequence): { y: Tensor; h: Tensor; c: Tensor; m: Tensor } {
  requireObject('slstm', 'inputs', inputs);
  for (const name of ['gates', 'weightHh', 'h', 'c', 'm'] as const) requireFloat('slstm', inputs[name]);
  const { gates, weightHh, h: h0, c: c0, m: m0, lengths = null, mask = null, reverse = false } = inputs;
  requireFloat('slstm', gates);
  requireAlike('slstm', gates, weightHh, h0, c0, m0, mask);
  requireSameBackend('slstm', gates, lengths);
  const H = weightHh.shape[1];
  if (gates.rank !== 3 || gates.shape[2] !== 4 * H)
    throw new ShapeError('slstm', 'gates', ['T', 'B', 4 * H], gates.shape);
  const [T, B] = gates.shape;
  for (const [name, t] of Object.entries({ h: h0, c: c0, m: m0, mask }))
    if (t && !sameShape(t.shape, [B, H])) throw new ShapeError('slstm', name, [B, H], t.shape);
  const { backend, dtype } = gates;
  const empty = (...shape: number[]) => Tensor.empty(shape, dtype, backend);
  const at = (x: Tensor, t: number) =>
    x.storage.slice((t * x.size) / Math.max(1, x.shape[0]), x.size / Math.max(1, x.shape[0]));
  const order = Array.from({ length: T }, (_, k) => (reverse ? T - 1 - k : k));
  const all = [gates, weightHh, h0, c0, m0];
  const train = wantsGrad(all);
  const counts = lengths?.storage ?? null;
  const y = empty(T, B, H);
  // State k is the one before step k of the direction, T the last.
  const [hs, cs, ms] = [h0, c0, m0].map((start) => {
    const states = empty(T + 1, B, H);
    copy(at(states, 0), start.storage);
    return states;
  });
  const reserve = train ? empty(T, B, 4 * H) : null;
  const gatesH = empty(B, 4 * H);
  const seen = mask ? empty(train ? T : 1, B, H) : null; // h as the product sees it
  const toGates = packedProduct(weightHh);
  for (const [k, t] of order.entries()) {
    const h = at(hs, k);
    const read = seen ? at(seen, train ? k : 0) : h;
    if (mask) backend.binary('mul', read, h, mask.storage, [B * H], [1], [1]);
    toGates(gatesH.storage, read, B);
    backend.slstmForward(
      at(y, t), at(hs, k + 1), at(cs, k + 1), at(ms, k + 1), reserve && at(reserve, k), at(gates, t), gatesH.storage, h, at(cs, k), at(ms, k), counts, t, B, H,
    ); // biome-ignore format: as in backend.ts
  }
  const last = [hs, cs, ms].map((states) => {
    const state = empty(B, H);
    copy(state.storage, at(states, T));
    return state;
  });

  recordMany('slstm', [y, ...last], all, ([dy, ...arrived]) => {
    const dGates = empty(T, B, 4 * H);
    const [dh, dc, dm] = last.map((state, n) => {
      const d = zerosLike(state, state.shape);
      const given = arrived[n];
      if (given) copy(d.storage, given.storage);
      return d;
    });
    const through = empty(B, H);
    const fromGates = packedProduct(weightHh, true);
    const ordered = reverse ? empty(T, B, 4 * H) : dGates; // in the order of the direction, as the states are
    for (let k = T - 1; k >= 0; k--) {
      const t = order[k];
      const d = at(ordered, k);
      backend.slstmBackward(
        d, dh.storage, dc.storage, dm.storage, dy && at(dy, t), at(reserve as Tensor, k), at(cs, k + 1), at(cs, k), counts, t, B, H,
      ); // biome-ignore format: as in backend.ts
      fromGates(through.storage, d, B);
      if (mask) backend.binary('mul', through.storage, through.storage, mask.storage, [B * H], [1], [1]);
      backend.binary('add', dh.storage, dh.storage, through.storage, [B * H], [1], [1]);
      if (reverse) copy(at(dGates, t), d);
    }
    const dWeight = empty(4 * H, H);
    const read = (seen ?? hs).storage.slice(0, T * B * H);
    backend.gemm(dWeight.storage, ordered.storage, read, null, 1, 4 * H, H, T * B, true, false, 0, 0, 0, false);
    return [dGates, dWeight, dh, dc, dm];
  });
  const [h, c, m] = last;
  return { y, h, c, m };

  function copy(to: Storage, from: Storage): void {
    backend.stridedCopy(to, 0, [1], from, 0, [1], [to.length], false);
  }
}
