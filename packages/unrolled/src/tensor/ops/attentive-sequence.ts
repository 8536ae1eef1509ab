// A recurrent layer that looks at a source before every step (Bahdanau et al. 2015), over a whole sequence, as one op. What a step needs of the
// last one is its state alone, so everything else is prepared for all steps at once: the gates of the inputs, and those of the values, since
// W_c Σ_s w_s · value_s = Σ_s w_s · (W_c value_s). A step is then two products with h, one attention and one cell. Backward walks the steps in
// reverse; the gradients of the weights and of the values are one product over all steps at the end.

import { requireObject, requireOneOf } from '../../checks.ts';
import { gateCount, hasC, reserveSize, type Storage, type SteppedCell, steppedCells } from '../../backend/backend.ts';
import { ShapeError } from '../../errors.ts';
import { recordMany, wantsGrad } from '../autograd.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { addInto } from './accumulate.ts';
import { checkLengths } from './attention.ts';
import { requireAlike, requireFloat, requireSameBackend } from './operands.ts';
import { type PackedProduct, packedProduct } from './packed-product.ts';
import { zerosLike } from './shaping.ts';

/** The operands of `attentiveSequence`. */
export interface AttentiveInputs {
  /** W_ih x_t + b_ih of the symbols that are read: [T, B, G·H]. */
  readonly gates: Tensor;
  readonly weightHh: Tensor; // [G·H, H]
  readonly biasHh: Tensor | null; // [G·H]
  readonly h0: Tensor; // [B, H]
  readonly c0: Tensor | null; // [B, H], LSTM only
  /** query = W_q h(t−1): [A, H]. */
  readonly weightQuery: Tensor;
  readonly keys: Tensor; // [B, S, A]
  /** W_c value_s: what each position adds to the gates, [B, S, G·H]. */
  readonly values: Tensor;
  /** score = v · tanh(query + key): [A]. */
  readonly v: Tensor;
  /** int32 [B]: positions that count in each row. Default: all. */
  readonly lengths?: Tensor | null;
  /** How much of what was found is let in (Xu et al. 2015): β = σ(weight · h(t−1) + bias), weight [1, H] and bias [1]. Default: all of it. */
  readonly gate?: { readonly weight: Tensor; readonly bias: Tensor } | null;
}

/**
 *   w_t = softmax_s(v · tanh(W_q h(t−1) + key_s))        h_t, c_t = cell(gates_t + β_t Σ_s w_ts · values_s, W_hh h(t−1) + b_hh)
 *
 * → y [T, B, H], the states, weights [T, B, S], and beta [T, B, 1]; null without a gate, where it is 1.
 */
export function attentiveSequence(
  cell: SteppedCell,
  inputs: AttentiveInputs,
): { y: Tensor; weights: Tensor; beta: Tensor | null } {
  requireOneOf('attentiveSequence', 'cell', cell, steppedCells);
  requireObject('attentiveSequence', 'inputs', inputs);
  for (const name of ['gates', 'weightHh', 'h0', 'weightQuery', 'keys', 'values', 'v'] as const)
    requireFloat('attentiveSequence', inputs[name]);
  const { gates, weightHh, biasHh, h0, c0, weightQuery, keys, values, v, lengths = null, gate = null } = inputs;
  check(cell, inputs);
  const [T, B, GH] = gates.shape;
  const [H, A, S] = [h0.shape[1], weightQuery.shape[0], keys.shape[1]];
  const { backend, dtype } = gates;
  const empty = (...shape: number[]) => Tensor.empty(shape, dtype, backend);
  const gating = gate ? [gate.weight, gate.bias] : [];
  const all = [gates, weightHh, h0, weightQuery, keys, values, v, biasHh, c0, ...gating].filter((t) => t !== null);
  const train = wantsGrad(all);
  const sizes = { B, S, A, C: GH };
  /** Step t of [T, ..] with B·width numbers a step. */
  const at = (x: Tensor, t: number, width: number): Storage => x.storage.slice(t * B * width, B * width);
  /** The state before step t. */
  const before = (states: Tensor, start: Tensor, t: number): Storage =>
    t === 0 ? start.storage : at(states, t - 1, H);

  const [y, c, weights] = [empty(T, B, H), c0 && empty(T, B, H), empty(T, B, S)];
  const reserved = reserveSize(cell, 1, B, H);
  const reserve = train ? empty(T, reserved) : null;
  const queries = empty(train ? T : 1, B, A);
  const [gatesX, gatesH] = [empty(B, GH), empty(B, GH)];
  const beta = gate && empty(T, B, 1);
  /** What was found, before β. */
  const found = gate && empty(train ? T : 1, B, GH);
  const [toQuery, toGates] = [packedProduct(weightQuery), packedProduct(weightHh)];
  const toOpen = gate && packedProduct(gate.weight);
  for (let t = 0; t < T; t++) {
    const h = before(y, h0, t);
    const query = at(queries, train ? t : 0, A);
    toQuery(query, h, B);
    toGates(gatesH.storage, h, B, { bias: biasHh });
    const context = found ? at(found, train ? t : 0, GH) : gatesX.storage;
    backend.attention(
      context, at(weights, t, S), query, keys.storage, values.storage, v.storage, lengths?.storage ?? null, 1, sizes,
    ); // biome-ignore format: as in backend.ts
    if (gate && toOpen && beta) {
      const open = at(beta, t, 1);
      toOpen(open, h, B, { bias: gate.bias });
      backend.unary('sigmoid', open, open);
      backend.binary('mul', gatesX.storage, context, open, [B, GH], [GH, 1], [1, 0]);
    }
    backend.binary('add', gatesX.storage, gatesX.storage, at(gates, t, GH), [B * GH], [1], [1]);
    backend.cellForward(
      cell, at(y, t, H), c && at(c, t, H), reserve && reserve.storage.slice(t * reserved, reserved),
      gatesX.storage, gatesH.storage, h, c0 && before(c as Tensor, c0, t), B, H,
    ); // biome-ignore format: as in backend.ts
  }

  const outputs = beta ? [y, weights, beta] : [y, weights];
  recordMany(`attentive ${cell}`, outputs, all, ([dy, dWeights, dBeta]) => {
    const [dGates, dGatesH, dQueries] = [empty(T, B, GH), empty(T, B, GH), empty(T, B, A)];
    /** Of β before the logistic function. */
    const dOpen = beta && empty(T, B, 1);
    /** Of what was found: that of the gates, times β where there is one. */
    const dFound = gate ? empty(T, B, GH) : dGates;
    const spread = gate && empty(B, GH);
    const [dKeys, dV] = [keys, v].map((x) => zerosLike(x, x.shape));
    const [fromQuery, fromGates] = [packedProduct(weightQuery, true), packedProduct(weightHh, true)];
    const fromOpen = gate && packedProduct(gate.weight, true);
    const dh = zerosLike(h0, h0.shape);
    let dc = c0 && zerosLike(c0, c0.shape);
    let dcBefore = c0 && empty(B, H);
    for (let t = T - 1; t >= 0; t--) {
      if (dy) backend.binary('add', dh.storage, dh.storage, at(dy, t, H), [B * H], [1], [1]);
      cellBack(t, dh, dc, dcBefore);
      [dc, dcBefore] = [dcBefore, dc];
      if (fromOpen && spread) gateBack(t, dh, fromOpen, spread, dBeta ?? null, dOpen as Tensor);
      backend.attentionBackward(
        at(dQueries, t, A), dKeys.storage, null, dV.storage, at(dFound, t, GH), dWeights && at(dWeights, t, S),
        at(weights, t, S), at(queries, t, A), keys.storage, values.storage, v.storage, lengths?.storage ?? null, 1, sizes,
      ); // biome-ignore format: as in backend.ts
      fromGates(dh.storage, at(dGatesH, t, GH), B, { accumulate: true });
      fromQuery(dh.storage, at(dQueries, t, A), B, { accumulate: true });
    }
    return [
      dGates,
      weightGradient(dGatesH, GH),
      dh,
      weightGradient(dQueries, A),
      dKeys,
      valueGradient(dFound),
      dV,
      ...(biasHh ? [dGatesH.reshape(T * B, GH).sum(0)] : []),
      ...(c0 ? [dc] : []),
      ...(dOpen ? [weightGradient(dOpen, 1), dOpen.reshape(T * B, 1).sum(0)] : []),
    ];

    /** From the gates to what was found, and through β to h(t−1). */
    function gateBack(
      t: number,
      dh: Tensor,
      fromOpen: PackedProduct,
      spread: Tensor,
      dBeta: Tensor | null,
      dOpen: Tensor,
    ): void {
      const [open, dOut, d] = [at(beta as Tensor, t, 1), at(dGates, t, GH), at(dOpen, t, 1)];
      backend.binary('mul', spread.storage, dOut, at(found as Tensor, t, GH), [B * GH], [1], [1]);
      backend.reduce('sum', d, spread.storage, B, GH, 1);
      if (dBeta) backend.binary('add', d, d, at(dBeta, t, 1), [B], [1], [1]);
      backend.unaryBackward('sigmoid', d, d, open, open);
      fromOpen(dh.storage, d, B, { accumulate: true });
      backend.binary('mul', at(dFound, t, GH), dOut, open, [B, GH], [GH, 1], [1, 0]);
    }

    /** dh becomes what reaches h(t−1) without a product. */
    function cellBack(t: number, dh: Tensor, dc: Tensor | null, dcBefore: Tensor | null): void {
      backend.cellBackward(
        cell, at(dGates, t, GH), at(dGatesH, t, GH), dh.storage, dcBefore?.storage ?? null, dh.storage, dc?.storage ?? null,
        (reserve as Tensor).storage.slice(t * reserved, reserved), at(y, t, H), c && at(c, t, H),
        before(y, h0, t), c0 && before(c as Tensor, c0, t), B, H,
      ); // biome-ignore format: as in backend.ts
    }
  });
  return { y, weights, beta };

  /** Σ_t w_t ⊗ d_t for every row, [B, S, GH]: a product [S, T] · [T, GH] each. */
  function valueGradient(d: Tensor): Tensor {
    const out = empty(B, S, GH);
    const [w, rows] = [weights, d].map((x) => x.detach().transpose(0, 1).storage);
    backend.gemm(out.storage, w, rows, null, B, S, GH, T, true, false, T * S, T * GH, S * GH, false);
    return out;
  }

  /** Σ_t d_tᵀ h(t−1): the steps after the first meet the rows of y, the first meets h0. */
  function weightGradient(d: Tensor, n: number): Tensor {
    const out = empty(n, H);
    const rows = Math.max(0, T - 1) * B;
    const later = d.storage.slice(Math.min(T, 1) * B * n, rows * n);
    backend.gemm(out.storage, later, y.storage, null, 1, n, H, rows, true, false, 0, 0, 0, false);
    if (T === 0) return out;
    const first = empty(n, H);
    backend.gemm(first.storage, d.storage, h0.storage, null, 1, n, H, B, true, false, 0, 0, 0, false);
    addInto(out, first);
    return out;
  }
}

function check(cell: SteppedCell, inputs: AttentiveInputs): void {
  const { gates, weightHh, biasHh, h0, c0, weightQuery, keys, values, v, lengths, gate } = inputs;
  const who = `attentive ${cell}`;
  requireFloat(who, gates);
  requireAlike(
    who,
    gates,
    weightHh,
    biasHh,
    h0,
    c0,
    weightQuery,
    keys,
    values,
    v,
    gate?.weight ?? null,
    gate?.bias ?? null,
  );
  requireSameBackend(who, gates, lengths);
  const [H, A, S] = [weightHh.shape[1], weightQuery.shape[0], keys.shape[1]];
  const GH = gateCount[cell] * H;
  if (gates.rank !== 3 || gates.shape[2] !== GH) throw new ShapeError(who, 'gates', ['T', 'B', GH], gates.shape);
  const B = gates.shape[1];
  const expected: [string, Tensor | null, number[]][] = [
    ['weightHh', weightHh, [GH, H]],
    ['biasHh', biasHh, [GH]],
    ['h0', h0, [B, H]],
    ['c0', c0, [B, H]],
    ['weightQuery', weightQuery, [A, H]],
    ['keys', keys, [B, S, A]],
    ['values', values, [B, S, GH]],
    ['v', v, [A]],
    ['gate.weight', gate?.weight ?? null, [1, H]],
    ['gate.bias', gate?.bias ?? null, [1]],
  ];
  for (const [name, t, shape] of expected)
    if (t && !sameShape(t.shape, shape)) throw new ShapeError(who, name, shape, t.shape);
  if (hasC(cell) !== (c0 !== null)) throw new ShapeError(who, 'c0 for an LSTM alone', [B, H], c0?.shape ?? []);
  if (lengths) checkLengths(who, lengths, B, S);
}
