// The error carousel: c_t = f ⊙ c_{t−1} + …, so ∂c_t/∂c_{t−1} = f, and with f = 1 a gradient goes round for ever. Then an LSTM that learns what a tanh
// network does not, and one of its units, opened: what each gate did at every symbol.

import { observeSteps, stepJacobian } from '../analysis/index.ts';
import { type MemoryBatch, type MemoryProblem, temporalOrderProblem, temporalOrderSymbols } from '../data/index.ts';
import {
  Adam,
  type Cell,
  fit,
  init,
  LSTMCell,
  type LSTMState,
  manualSeed,
  MemoryModel,
  memoryTask,
  noGrad,
  Random,
  RNNCell,
  tensor,
  type Tensor,
} from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf, type Measuring } from './lesson.ts';
import { fixed, short } from './numbers.ts';
import { waves } from './one-layer.ts';
import { lessonTerms } from './words/common.ts';
import { type LstmValues, type LstmWords, lstmWords, type OpenedStep } from './words/lstm.ts';

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

const problem = temporalOrderProblem({ length: 50 });
const contenders = [
  { name: 'tanh RNN', cell: 'rnn' },
  { name: 'LSTM', cell: 'lstm', forgetBias: 4 },
] as const;
const every = 25; // training steps between tests

type Learned = { readonly told: LstmValues['learned'][number]; readonly model: MemoryModel };

async function learn(
  { name, ...options }: (typeof contenders)[number],
  measuring: Measuring,
  at: number,
): Promise<Learned> {
  manualSeed(1);
  const model = new MemoryModel(problem.inputSize, problem.outputSize, { hiddenSize: 16, ...options });
  const task = memoryTask(model, problem, { batchSize: 32, seed: 1 });
  const steps = measuring.steps(500, every);
  const accuracies: number[] = [];
  await fit(task, {
    optimizer: new Adam(model.parameters(), { lr: 1e-2 }),
    steps,
    clipNorm: 1,
    onEvent: async (event) => {
      if (event.type !== 'step' || event.step % every !== 0) return;
      accuracies.push((await task.evaluate()).metrics?.accuracy ?? Number.NaN);
      await measuring.progress((at + event.step / steps) / contenders.length);
    },
  });
  return { told: { name, steps, every, accuracy: accuracies[accuracies.length - 1], accuracies }, model };
}

/** One sequence through the trained LSTM: the gates and states of the unit that reacts most to the two symbols that matter. */
function open(model: MemoryModel): LstmValues['opened'] {
  const batch = problem.batch(new Random(5), { rows: 1, test: true });
  const letters = lettersOf(batch, problem);
  const rows: Record<string, Float64Array | Float32Array>[] = [];
  const output = noGrad(() =>
    observeSteps(
      ({ gates, before, after }) => {
        const state = (s: unknown, of: 'c' | 'h') => (s as LSTMState)[of].dataSync() as Float32Array;
        const of = (name: string) => gates[name].dataSync() as Float32Array;
        rows.push({
          i: of('i'),
          f: of('f'),
          g: of('g'),
          o: of('o'),
          before: state(before, 'c'),
          c: state(after, 'c'),
          h: state(after, 'h'),
        });
      },
      () => model.last(tensor(batch.input, [batch.steps, 1, problem.inputSize])),
    ),
  );
  const relevant = letters.map((letter) => letter === 'X' || letter === 'Y');
  const written = (unit: number, t: number) => Math.abs(rows[t].i[unit] * rows[t].g[unit]);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  const reacts = (unit: number) => {
    const at = (is: boolean) => mean(letters.flatMap((_, t) => (relevant[t] === is ? [written(unit, t)] : [])));
    return at(true) - at(false);
  };
  const units = Array.from({ length: model.config.hiddenSize }, (_, k) => k);
  const unit = units.reduce((best, k) => (reacts(k) > reacts(best) ? k : best), 0);
  const scores = Array.from(output.dataSync());
  const classes = ['XX', 'XY', 'YX', 'YY'];
  return {
    unit,
    letters,
    steps: rows.map((row, t): OpenedStep => {
      const [i, f, g, o] = ['i', 'f', 'g', 'o'].map((name) => row[name][unit]);
      return { letter: letters[t], i, f, g, o, before: row.before[unit], c: row.c[unit], h: row.h[unit] };
    }),
    answer: classes[scores.indexOf(Math.max(...scores))],
    target: classes[batch.target[0]],
  };
}

function lettersOf({ input, steps }: MemoryBatch, { inputSize }: MemoryProblem): string[] {
  return Array.from({ length: steps }, (_, t) => {
    const row = Array.from(input.slice(t * inputSize, (t + 1) * inputSize));
    return temporalOrderSymbols[row.indexOf(1)];
  });
}

export const lstm = lessonOf<LstmValues, LstmWords>({
  name: 'lstm',
  words: lstmWords,
  async measure(measuring) {
    const carousels = await exactly(() => ({
      kept: gates.map((f) => ({ f, product: along(f) })),
      tanh: tanhAlong(),
    }));
    const learned: Learned[] = [];
    for (const [k, contender] of contenders.entries()) learned.push(await learn(contender, measuring, k));
    return {
      steps: T,
      carousel: carousels.kept.map(({ f, product }) => ({ forget: f, after: product[T], exact: f ** T, product })),
      tanh: { after: carousels.tanh[T], product: carousels.tanh },
      length: 50,
      chance: 1 / problem.outputSize,
      learned: learned.map(({ told }) => told),
      opened: open(learned[learned.length - 1].model),
    };
  },
  answer: ({ carousel: [, almost] }) => (almost.after > 0.9 ? 1 : almost.after > 0.1 ? 0 : 2),
  figures: (v, t, language): LessonFigure[] => {
    const { steps } = v.opened;
    const shown = steps
      .map((step, k) => ({ ...step, k }))
      .filter(({ letter, k }) => 'XY'.includes(letter) || k < 2 || k === steps.length - 1);
    return [
      {
        kind: 'table',
        title: t.carousel,
        header: t.header,
        rows: [
          ...v.carousel.map(({ forget, after, exact }) => [`f = ${forget}`, short(after), short(exact)]),
          [t.tanh, short(v.tanh.after), ''],
        ],
      },
      {
        kind: 'chart',
        chart: {
          title: t.chart,
          xLabel: lessonTerms[language].stepsBack,
          yScale: 'log',
          series: [
            ...v.carousel.map(({ forget, product }) => ({
              name: `LSTM, f = ${forget}`,
              points: product.map((p, k) => [k, p] as const),
            })),
            { name: t.tanh, points: v.tanh.product.map((p, k) => [k, p] as const), kind: 'dashes' },
          ],
          height: 310,
        },
      },
      {
        kind: 'chart',
        chart: {
          title: t.learning,
          xLabel: lessonTerms[language].step,
          yLabel: t.accuracy,
          series: v.learned.map(({ name, accuracies, every: apart }) => ({
            name,
            points: accuracies.map((a, k) => [(k + 1) * apart, a] as const),
          })),
          marks: [{ axis: 'y', at: v.chance, label: t.guessing }],
        },
      },
      {
        kind: 'table',
        title: t.opened(v.opened.unit),
        header: t.openedHeader,
        rows: shown.map((s) => [
          `${s.k + 1}: ${s.letter}`,
          fixed(s.f, 2),
          fixed(s.before, 2),
          fixed(s.i, 2),
          fixed(s.g, 2),
          fixed(s.c, 2),
          fixed(s.o, 2),
          fixed(s.h, 2),
        ]),
      },
      {
        kind: 'chart',
        chart: {
          title: t.cell,
          xLabel: t.symbol,
          series: [
            { name: 'c', points: steps.map(({ c }, k) => [k + 1, c] as const) },
            { name: 'f', points: steps.map(({ f }, k) => [k + 1, f] as const), kind: 'dashes' },
            { name: 'i', points: steps.map(({ i }, k) => [k + 1, i] as const), kind: 'dashes' },
          ],
          marks: shown
            .filter(({ letter }) => 'XY'.includes(letter))
            .map(({ k, letter }) => ({ axis: 'x' as const, at: k + 1, label: letter })),
        },
      },
    ];
  },
});
