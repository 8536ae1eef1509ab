// The error carousel: c_t = f ⊙ c_{t−1} + …, so ∂c_t/∂c_{t−1} = f, and with f = 1 a gradient goes round for ever.

import { type Cell, init, LSTMCell, type LSTMState, manualSeed, RNNCell, type Tensor } from 'unrolled';
import { stepJacobian } from 'unrolled/analysis';
import { exactly } from './exactly.ts';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';
import { waves } from './one-layer.ts';

const [T, H] = [60, 8];
const gates = [1, 0.99, 0.9, 0.5] as const;

/** An LSTM whose forget gate is always `f`, and whose h reaches nothing. */
function carousel(f: number): LSTMCell {
  const cell = new LSTMCell(2, H);
  init.constant(cell.weightHh, 0);
  init.constant(cell.biasHh as Tensor, 0);
  const logit = f === 1 ? 60 : Math.log(f / (1 - f));
  cell.weightIh.set(Array.from(cell.weightIh.dataSync(), (w, i) => (i >= 2 * H && i < 4 * H ? 0 : w)));
  init.forgetGateBias(cell.biasIh as Tensor, logit);
  return cell;
}

/** [∂c_T/∂c_{T−k}]₀₀ (or of h, in a network without c) for k = 0, 1, …: all off the diagonal are 0 in a carousel. */
function along(f: number): number[] {
  const cell = carousel(f);
  const out = [1];
  let state: LSTMState = cell.initialState(1);
  for (const x of waves(T, 2).unbind(0)) {
    const { size, values } = stepJacobian(cell, x, state);
    out.push(out[out.length - 1] * values[H * size + H]);
    [, state] = cell.step(x, state);
  }
  return out;
}

/** The same for a tanh network: the length of what arrives. */
function tanhAlong(): number[] {
  manualSeed(2);
  const cell = new RNNCell(2, H) as Cell<Tensor>;
  const out = [1];
  let v = Float64Array.from({ length: H }, () => 1 / Math.sqrt(H));
  let state = cell.initialState(1);
  for (const x of waves(T, 2).unbind(0)) {
    const { values } = stepJacobian(cell, x, state);
    const before = v;
    v = v.map((_, i) => before.reduce((sum, b, j) => sum + values[i * H + j] * b, 0));
    out.push(Math.hypot(...v));
    [, state] = cell.step(x, state);
  }
  return out;
}

export const lstm: Lesson = {
  name: 'lstm',
  async run({ lessons: { lstm: t }, common }, progress) {
    const { kept, tanh } = await exactly(() => ({
      kept: gates.map((f) => ({ f, left: along(f) })),
      tanh: tanhAlong(),
    }));
    await progress(1);
    const values = {
      steps: T,
      carousel: kept.map(({ f, left }) => ({ forget: f, after: left[T], exact: f ** T })),
      tanh: tanh[T],
    };
    return {
      title: t.title,
      question: t.question,
      figures: [
        {
          kind: 'table',
          table: {
            header: t.header,
            rows: [
              ...values.carousel.map(({ forget, after, exact }) => [`f = ${forget}`, short(after), short(exact)]),
              [t.tanh, short(values.tanh), ''],
            ],
          },
        },
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: common.stepsBack,
            yLabel: '∂c_T/∂c_T₋ₖ',
            yScale: 'log',
            series: [
              ...kept.map(({ f, left }) => ({ name: `LSTM, f = ${f}`, points: left.map((v, k) => [k, v] as const) })),
              { name: t.tanh, points: tanh.map((v, k) => [k, v] as const), kind: 'dashes' },
            ],
            height: 310,
          },
        },
      ],
      conclusion: t.conclusion(values),
      values,
    };
  },
};
