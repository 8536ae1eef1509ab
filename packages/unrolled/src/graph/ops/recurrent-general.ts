// RNN, GRU and LSTM with everything that ONNX lets them have, from ordinary ops: any activation for each gate, clipping, peepholes, coupled gates, and
// weights that are values of the graph. The common forms are the library's layers (layers.ts), which run fused; these are for all others.
//
//   X [T, B, I] · W [D, G·H, I] · R [D, G·H, H] · B [D, 2·G·H], biases of W, then of R · sequence_lens [B] · initial_h, initial_c [D, B, H] · P [D, 3·H]
//   Y [T, D, B, H] · Y_h, Y_c [D, B, H]          with layout 1: X [B, T, I], states [B, D, H], Y [B, T, D, H]
//
// Past a row's length, Y is 0 and the state stays what it is; so of a row of length 0, Y_h is initial_h.

import { indices } from '../../tensor/create.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import { linear } from '../../tensor/ops/product.ts';
import { stack, zerosLike } from '../../tensor/ops/shaping.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { activationsOf, type Activation } from './activations.ts';

/** The tensors and settings of one direction. */
interface Direction {
  readonly recurrence: Tensor; // [G·H, H]
  readonly biasR: Tensor | null; // [G·H]
  readonly peepholes: Tensor | null; // [3·H], i o f
  readonly activations: readonly Activation[];
  readonly hiddenSize: number;
  readonly node: RunContext;
  /** Clamps what a gate's activation reads. */
  readonly clip: (x: Tensor) => Tensor;
}

/** One step: the products of the input [B, G·H] and the state → the state after it. The first tensor of a state is the output. */
type Step = (gatesX: Tensor, state: readonly Tensor[]) => readonly Tensor[];

interface Kind {
  readonly gates: number;
  readonly usual: readonly string[];
  readonly attributes: readonly string[];
  readonly cell: boolean;
  step(direction: Direction): Step;
}

const common = ['direction', 'hidden_size', 'layout', 'clip', 'activations', 'activation_alpha', 'activation_beta'];
const inputs = ['X', 'W', 'R', 'B?', 'sequence_lens?', 'initial_h?'];

/** h' = f(W x + R h + b) */
const rnn: Kind = {
  gates: 1,
  usual: ['Tanh'],
  attributes: common,
  cell: false,
  step: ({ recurrence, biasR, activations: [f], clip }) => {
    return (x, [h]) => [f(clip(x.add(linear(h, recurrence, biasR))))];
  },
};

/**
 * Gates z r h.   z = f(W_z x + R_z h + b_z)   r = f(W_r x + R_r h + b_r)
 *   n = g(W_h x + b_wh + R_h (r ⊙ h) + b_rh), or with linear_before_reset g(W_h x + b_wh + r ⊙ (R_h h + b_rh))
 *   h' = (1 − z) ⊙ n + z ⊙ h
 */
const gru: Kind = {
  gates: 3,
  usual: ['Sigmoid', 'Tanh'],
  attributes: [...common, 'linear_before_reset'],
  cell: false,
  step: ({ recurrence, biasR, activations: [f, g], hiddenSize: H, clip, node }) => {
    const [rGates, rNew] = recurrence.split([2 * H, H], 0);
    const [bGates, bNew] = biasR?.split([2 * H, H], 0) ?? [null, null];
    const after = node.flag('linear_before_reset', false);
    return (x, [h]) => {
      const [xGates, xNew] = x.split([2 * H, H], 1);
      const [z, r] = f(clip(xGates.add(linear(h, rGates, bGates)))).chunk(2, 1);
      const n = after
        ? g(clip(xNew.add(r.mul(linear(h, rNew, bNew)))))
        : g(clip(xNew.add(linear(r.mul(h), rNew, bNew))));
      return [n.add(z.mul(h.sub(n)))];
    };
  },
};

/**
 * Gates i o f c.   i = f(W_i x + R_i h + p_i ⊙ c + b_i)   f = f(W_f x + R_f h + p_f ⊙ c + b_f), or with input_forget 1 − i
 *   c' = f ⊙ c + i ⊙ g(W_c x + R_c h + b_c)
 *   h' = f(W_o x + R_o h + p_o ⊙ c' + b_o) ⊙ h(c')
 */
const lstm: Kind = {
  gates: 4,
  usual: ['Sigmoid', 'Tanh', 'Tanh'],
  attributes: [...common, 'input_forget'],
  cell: true,
  step: ({ recurrence, biasR, peepholes, activations: [f, g, h], clip, node }) => {
    const coupled = node.flag('input_forget', false);
    const [pi, po, pf] = peepholes?.chunk(3, 0) ?? [null, null, null];
    const peep = (x: Tensor, c: Tensor, p: Tensor | null) => (p ? x.add(p.mul(c)) : x);
    return (x, [before, c]) => {
      const [xi, xo, xf, xc] = x.add(linear(before, recurrence, biasR)).chunk(4, 1);
      const input = f(clip(peep(xi, c, pi)));
      const forget = coupled ? input.neg().add(1) : f(clip(peep(xf, c, pf)));
      const next = forget.mul(c).add(input.mul(g(clip(xc))));
      const output = f(clip(peep(xo, next, po)));
      return [output.mul(h(next)), next];
    };
  },
};

function op(kind: Kind): GraphOp {
  return {
    inputs: kind.cell ? [...inputs, 'initial_c?', 'P?'] : inputs,
    attributes: kind.attributes,
    run: (node) => recurrent(node, kind),
  };
}

export const generalRecurrentOps: Readonly<Record<string, GraphOp>> = { RNN: op(rnn), GRU: op(gru), LSTM: op(lstm) };

function recurrent(node: RunContext, kind: Kind): Tensor[] {
  const [given, W, R] = [node.tensor(0), node.tensor(1), node.tensor(2)];
  const way = node.oneOf('direction', ['forward', 'reverse', 'bidirectional'], 'forward');
  const D = way === 'bidirectional' ? 2 : 1;
  const H = node.whole('hidden_size', R.shape[2]);
  const layout = node.whole('layout', 0);
  if (layout !== 0 && layout !== 1) node.fail(`layout: expected 0 or 1, got ${layout}`);
  const batchFirst = layout === 1;
  const x = batchFirst ? given.transpose(0, 1) : given;
  const [T, B, I] = x.shape;
  const G = kind.gates;
  const shaped = (i: number, name: string, ...shape: number[]): Tensor | null => {
    if (!node.given(i)) return null;
    const t = node.tensor(i);
    if (t.shape.join() !== shape.join())
      node.fail(`${name}: expected the shape [${shape.join(', ')}], got [${t.shape.join(', ')}]`);
    return t;
  };
  if (x.rank !== 3) node.fail(`X: expected three axes, got [${given.shape.join(', ')}]`);
  shaped(1, 'W', D, G * H, I);
  shaped(2, 'R', D, G * H, H);
  const bias = shaped(3, 'B', D, 2 * G * H);
  const stateShape = batchFirst ? [B, D, H] : [D, B, H];
  const states = (kind.cell ? [5, 6] : [5]).map((i) => {
    const state = shaped(i, i === 5 ? 'initial_h' : 'initial_c', ...stateShape);
    return state && batchFirst ? state.transpose(0, 1) : state;
  });
  const peepholes = kind.cell ? shaped(7, 'P', D, 3 * H) : null;
  const lengths = lengthsOf(node, T, B);
  const limit = node.number('clip', 0);
  const activations = activationsOf(node, kind.usual, D);
  const results = Array.from({ length: D }, (_, d) => {
    const [biasW, biasR] = bias?.select(0, d).chunk(2, 0) ?? [null, null];
    const step = kind.step({
      recurrence: R.select(0, d),
      biasR,
      peepholes: peepholes?.select(0, d) ?? null,
      activations: activations[d],
      hiddenSize: H,
      node,
      clip: limit > 0 ? (v) => v.clamp(-limit, limit) : (v) => v,
    });
    const before = states.map((state) => state?.select(0, d) ?? zerosLike(x, [B, H]));
    return overTime(linear(x, W.select(0, d), biasW), before, step, lengths, way === 'reverse' || d === 1);
  });
  const y = stack(
    results.map((result) => result.y),
    1,
  );
  const after = states.map((_, k) => stack(results.map(({ state }) => state[k])));
  return batchFirst ? [y.permute(2, 0, 1, 3), ...after.map((state) => state.transpose(0, 1))] : [y, ...after];
}

/** Steps through the products of the input [T, B, G·H]; backwards, each row begins at its own end. */
function overTime(
  gatesX: Tensor,
  before: readonly Tensor[],
  step: Step,
  lengths: ArrayLike<number> | null,
  backwards: boolean,
): { readonly y: Tensor; readonly state: readonly Tensor[] } {
  const [T] = gatesX.shape;
  const [B, H] = before[0].shape;
  const ys = new Array<Tensor>(T);
  let state = before;
  for (const [k, x] of (backwards ? gatesX.unbind(0).reverse() : gatesX.unbind(0)).entries()) {
    const t = backwards ? T - 1 - k : k;
    const next = step(x, state);
    if (lengths && Array.from(lengths).some((n) => t >= n)) {
      const live = Int32Array.from(lengths, (n) => Number(t < n));
      const mask = indices(live, [B, 1], { backend: x.backend }).cast(x.dtype);
      ys[t] = where(mask, next[0], 0);
      state = next.map((tensor, i) => where(mask, tensor, state[i]));
    } else {
      ys[t] = next[0];
      state = next;
    }
  }
  return { y: T > 0 ? stack(ys) : Tensor.empty([0, B, H], gatesX.dtype, gatesX.backend), state };
}

function lengthsOf(node: RunContext, T: number, B: number): ArrayLike<number> | null {
  if (!node.given(4)) return null;
  const { shape, values } = node.host(4);
  if (shape.length !== 1 || shape[0] !== B) node.fail(`sequence_lens: expected [${B}], got [${shape.join(', ')}]`);
  for (const n of Array.from(values))
    if (!(Number.isSafeInteger(n) && n >= 0 && n <= T)) node.fail(`a length is ${n}; the sequence has ${T} steps`);
  return values;
}
