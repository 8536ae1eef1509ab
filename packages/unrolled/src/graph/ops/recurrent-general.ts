// RNN, GRU and LSTM with everything that ONNX lets them have, from ordinary ops: any activation for each gate, clipping, peepholes, coupled gates, and
// weights that are values of the graph. The common forms are the library's layers (layers.ts), which run fused; these are for all others.
//
//   X [T, B, I] · W [D, G·H, I] · R [D, G·H, H] · B [D, 2·G·H], biases of W, then of R · sequence_lens [B] · initial_h, initial_c [D, B, H] · P [D, 3·H]
//   Y [T, D, B, H] · Y_h, Y_c [D, B, H]          with layout 1: X [B, T, I], states [B, D, H], Y [B, T, D, H]
//
// Past a row's length, Y is 0 and the state stays what it is; so of a row of length 0, Y_h is initial_h.
//
// A node has a cell for each direction, so that its steps are watched and changed as those of any layer. The cell has no weights of its own: while the node
// runs, it is given the step that it then takes.

import { Cell, type MemoryGate } from '../../nn/recurrent/cell.ts';
import { gate, isWatched, watchedStep } from '../../nn/recurrent/observe.ts';
import { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { tensorsOf } from '../../nn/recurrent/state.ts';
import { indices } from '../../tensor/create.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import { linear } from '../../tensor/ops/product.ts';
import { cat, stack, zerosLike } from '../../tensor/ops/shaping.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { TensorError } from '../../errors.ts';
import type { GraphOp, NodeContext, RunContext } from '../op.ts';
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
type Step = (gatesX: Tensor, state: readonly Tensor[], t: number) => readonly Tensor[];

interface Kind {
  readonly gates: number;
  /** The blocks of R by the order in which a step tells its gates. */
  readonly told: readonly number[];
  readonly memory: MemoryGate | null;
  readonly usual: readonly string[];
  readonly attributes: readonly string[];
  readonly cell: boolean;
  step(direction: Direction): Step;
}

/** A state: h, or h and c. */
type State = Tensor | { readonly h: Tensor; readonly c: Tensor };

const stateOf = ([h, c]: readonly Tensor[]): State => (c ? { h, c } : h);

/** The step of a node in one direction, from the input itself: x [B, I]. */
class OperatorCell extends Cell<State> {
  readonly #memory: MemoryGate | null;
  #taken: ((x: Tensor, state: State) => State) | null = null;
  /** R [G·H, H] of the last run, its gates in the order in which they are told. */
  weightHh: Tensor | null = null;

  constructor(hiddenSize: number, memory: MemoryGate | null) {
    super(1, hiddenSize); // what it reads is known when the graph runs
    this.#memory = memory;
  }

  override get memoryGate(): MemoryGate | null {
    return this.#memory;
  }

  take(step: (x: Tensor, state: State) => State, recurrence: Tensor): void {
    [this.#taken, this.weightHh] = [step, recurrence];
  }

  override step(x: Tensor, state: State): [output: Tensor, state: State] {
    if (!this.#taken) throw new TensorError('OperatorCell', 'its weights are values of the graph, which has not run');
    const next = this.#taken(x, state);
    return [tensorsOf(next)[0], next];
  }
}

const common = ['direction', 'hidden_size', 'layout', 'clip', 'activations', 'activation_alpha', 'activation_beta'];
const inputs = ['X', 'W', 'R', 'B?', 'sequence_lens?', 'initial_h?'];

/** h' = f(W x + R h + b) */
const rnn: Kind = {
  gates: 1,
  told: [0],
  memory: null,
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
  told: [0, 1, 2],
  memory: { gate: 'z', keeps: 'gate' },
  usual: ['Sigmoid', 'Tanh'],
  attributes: [...common, 'linear_before_reset'],
  cell: false,
  step: ({ recurrence, biasR, activations: [f, g], hiddenSize: H, clip, node }) => {
    const [rGates, rNew] = recurrence.split([2 * H, H], 0);
    const [bGates, bNew] = biasR?.split([2 * H, H], 0) ?? [null, null];
    const after = node.flag('linear_before_reset', false);
    return (x, [h]) => {
      const [xGates, xNew] = x.split([2 * H, H], 1);
      const gates = f(clip(xGates.add(linear(h, rGates, bGates)))).chunk(2, 1);
      const [z, r] = [gate('z', gates[0]), gate('r', gates[1])];
      const candidate = after ? r.mul(linear(h, rNew, bNew)) : linear(r.mul(h), rNew, bNew);
      const n = gate('n', g(clip(xNew.add(candidate))));
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
  told: [0, 2, 3, 1],
  memory: { gate: 'f', keeps: 'gate' },
  usual: ['Sigmoid', 'Tanh', 'Tanh'],
  attributes: [...common, 'input_forget'],
  cell: true,
  step: ({ recurrence, biasR, peepholes, activations: [f, g, h], clip, node }) => {
    const coupled = node.flag('input_forget', false);
    const [pi, po, pf] = peepholes?.chunk(3, 0) ?? [null, null, null];
    const peep = (x: Tensor, c: Tensor, p: Tensor | null) => (p ? x.add(p.mul(c)) : x);
    return (x, [before, c]) => {
      const [xi, xo, xf, xc] = x.add(linear(before, recurrence, biasR)).chunk(4, 1);
      const input = gate('i', f(clip(peep(xi, c, pi))));
      const forget = gate('f', coupled ? input.neg().add(1) : f(clip(peep(xf, c, pf))));
      const next = forget.mul(c).add(input.mul(gate('g', g(clip(xc)))));
      const output = gate('o', f(clip(peep(xo, next, po))));
      return [output.mul(h(next)), next];
    };
  },
};

function op(kind: Kind): GraphOp {
  return {
    inputs: kind.cell ? [...inputs, 'initial_c?', 'P?'] : inputs,
    attributes: kind.attributes,
    layer: (node) => cellsOf(node, kind),
    run: (node) => recurrent(node, kind),
  };
}

export const generalRecurrentOps: Readonly<Record<string, GraphOp>> = { RNN: op(rnn), GRU: op(gru), LSTM: op(lstm) };

/** Cells for the directions of a node. */
function cellsOf(node: NodeContext, { memory }: Kind): Recurrent<State> {
  const hiddenSize = Math.max(1, node.whole('hidden_size', 1));
  const bidirectional = node.text('direction', 'forward') === 'bidirectional';
  return new Recurrent<State>(() => new OperatorCell(hiddenSize, memory), { inputSize: 1, bidirectional });
}

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
  node.requireIterations(T);
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
    const [weight, backwards] = [W.select(0, d), way === 'reverse' || d === 1];
    const gatesX = linear(x, weight, biasW);
    if (!isWatched()) return overTime(gatesX, before, step, lengths, backwards);
    const cell = (node.layer as Recurrent<State>).cells[d] as OperatorCell;
    const told = cat(
      kind.told.map((k) => R.select(0, d).slice(0, k * H, (k + 1) * H)),
      0,
    );
    cell.take((one, state) => stateOf(step(linear(one, weight, biasW), tensorsOf(state), 0)), told);
    const rows = x.unbind(0);
    const watched = (_x: Tensor, state: readonly Tensor[], t: number) => {
      const about = { cell, index: d, name: d === 1 ? 'l0_reverse' : 'l0', t, x: rows[t], before: stateOf(state) };
      return tensorsOf(watchedStep(about, () => cell.step(rows[t], about.before))[1]);
    };
    return overTime(gatesX, before, watched, lengths, backwards);
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
    const next = step(x, state, t);
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
