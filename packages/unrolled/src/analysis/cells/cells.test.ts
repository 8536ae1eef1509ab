import { beforeEach, describe, expect, test } from 'vitest';
import { Vocabulary } from '../../data/vocabulary.ts';
import { LanguageModel } from '../../models/language-model.ts';
import type { Cell } from '../../nn/recurrent/cell.ts';
import type { LSTMState } from '../../nn/recurrent/lstm-cell.ts';
import { type ObservedStep, observeSteps } from '../../nn/recurrent/observe.ts';
import { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { Random } from '../../random.ts';
import { indices, tensor } from '../../tensor/create.ts';
import { sub } from '../../tensor/ops/elementwise.ts';
import { stack } from '../../tensor/ops/shaping.ts';
import { manualSeed } from '../../tensor/random-state.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { cells as allCells } from '../../../../../test/cells.ts';
import { describeAblation, ablateUnits, type AblationLosses } from './ablate.ts';
import { annotate, annotateMatches, annotation } from './annotations.ts';
import { correlation, mutualInformation, ranks, standardized } from './dependence.ts';
import { describeGate, gateStatistics } from './gates.ts';
import { describeSearch, searchUnits } from './search.ts';
import { TraceRecorder, traceText } from './trace.ts';

test('a recorder writes a step where it is told to, and leaves out what stands nowhere', () => {
  manualSeed(4);
  const model = new LanguageModel(5, { cell: 'gru', hiddenSize: 3, numLayers: 1 });
  const read = (placeOf: number | ((step: ObservedStep) => number)) => {
    const recorder = new TraceRecorder(model, 3);
    recorder.watch(placeOf, () => model.forward(indices([1, 2, 3], [3, 1])));
    const { values } = recorder.trace().tracks[0];
    return [0, 1, 2].map((n) => Array.from(values.subarray(3 * n, 3 * n + 3)));
  };
  const [first, second, third] = read(0);
  expect(read(({ t }) => 2 - t)).toEqual([third, second, first]);
  expect(read(({ t }) => t - 1)).toEqual([second, third, [0, 0, 0]]);
  expect(() => read(-1)).toThrow('TraceRecorder.watch: offset');
});

test.each(['rnn', 'rnn-relu', 'lstm', 'gru', 'gru-reset-before'] as const)(
  'the trace of %s, whose kernel reads whole windows, is that of its steps',
  (cell) => {
    manualSeed(6);
    const model = new LanguageModel(7, { cell, hiddenSize: 4, numLayers: 2, embeddingDim: 3, dropout: 0.5 });
    const read = Int32Array.from({ length: 530 }, (_, n) => (n * n + n) % 7); // more than a window
    const whole = traceText(model, read);
    expect(model.training).toBe(true);
    const recorder = new TraceRecorder(model, read.length);
    recorder.watch(0, () => model.forward(indices(read, [read.length, 1])));
    const stepped = recorder.trace();
    const about = ({ tracks }: typeof whole) =>
      tracks.map(({ values, ...rest }) => ({ ...rest, count: values.length }));
    expect(about(whole)).toEqual(about(stepped));
    for (const [k, { values }] of whole.tracks.entries())
      for (const [n, value] of stepped.tracks[k].values.entries()) expect(values[n]).toBeCloseTo(value, 5);
  },
);

/** Lines of 4 to 13 letters. */
function lines(count: number, seed = 5): string {
  const random = new Random(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: 4 + random.integer(10) }, () => 'abc'[random.integer(3)]).join(''),
  ).join('\n');
}

const text = lines(160);
const vocabulary = Vocabulary.fromText(text);
const ids = vocabulary.encode(text);
const symbols = Array.from(text);
const newline = vocabulary.encode('\n')[0];

const counter = 3; // the unit that counts

/** A relu network of 6 units whose unit 3 is wired to count the letters since the last line break, and to say that a line ends when it is long. */
function countingModel(): LanguageModel {
  manualSeed(3);
  const model = new LanguageModel(vocabulary.size, {
    cell: 'rnn-relu',
    hiddenSize: 6,
    numLayers: 1,
    embeddingDim: 0,
  });
  const [V, H] = [vocabulary.size, 6];
  const state = model.stateDict();
  const edit = (name: string, change: (data: Float32Array) => void) => {
    const saved = state.get(name) as { data: Float32Array };
    change(saved.data);
  };
  edit('recurrent.weight_ih_l0', (w) =>
    w.fill(0, counter * V, (counter + 1) * V).fill(-1e4, counter * V + newline, counter * V + newline + 1),
  );
  edit('recurrent.weight_hh_l0', (w) => {
    w.fill(0, counter * H, (counter + 1) * H);
    w[counter * H + counter] = 1; // it keeps what it has
    for (let u = 0; u < H; u++) if (u !== counter) w[u * H + counter] = 0; // and no other unit hears of it
  });
  edit('recurrent.bias_ih_l0', (b) => b.fill(1, counter, counter + 1)); // and adds one
  edit('recurrent.bias_hh_l0', (b) => b.fill(0, counter, counter + 1));
  edit('decoder.weight', (w) => {
    for (let v = 0; v < V; v++) w[v * H + counter] = v === newline ? 1 : 0;
  });
  edit('decoder.bias', (b) => b.fill(-9, newline, newline + 1));
  return model.loadStateDict(state);
}

describe('annotations', () => {
  const at = (name: string, predicted: string) => [
    ...(annotate(Array.from(predicted)).find((a) => a.name === name)?.values ?? []),
  ];

  test('say what code can say of each symbol', () => {
    expect(at('position in the line', 'ab\ncde')).toEqual([1, 2, 0, 1, 2, 3]);
    expect(at('inside quotes', 'a "b" c')).toEqual([0, 0, 1, 1, 0, 0, 0]);
    expect(at('bracket depth', 'f(a[0]))')).toEqual([0, 1, 1, 2, 2, 1, 0, 0]);
    expect(at('indentation', 'a\n  b c')).toEqual([0, 0, 1, 2, 2, 2, 2]);
    expect(at('a new line', 'a\nb')).toEqual([0, 1, 0]);
    expect(at('after an empty line', 'a\n\nb')).toEqual([0, 0, 1, 0]);
    expect(at('the start of a word', 'Ab cd')).toEqual([1, 0, 0, 1, 0]);
    expect(at('position in the word', 'Ab cd')).toEqual([1, 2, 0, 1, 2]);
    expect(at('a capital', 'Ab É')).toEqual([1, 0, 0, 1]);
    expect(at('a digit', 'a1 ٣')).toEqual([0, 1, 0, 1]);
  });

  test('a quote that was never closed ends with its paragraph', () => {
    expect(at('inside quotes', '"a\n\nb')).toEqual([1, 1, 1, 0, 0]);
  });

  test('what never changes is left out', () => {
    expect(annotate(['a', 'a', 'a']).map((a) => a.name)).not.toContain('bracket depth');
  });

  test('patterns of your own label their matches, whatever units the text is cut into', () => {
    const { values, focus } = annotateMatches('speaker', /^\w+:/m, ['AB', ':', '\n', 'x', ' ', 'CD', ':']);
    expect([...values]).toEqual([1, 1, 0, 0, 0, 0, 0]);
    expect([...focus.at]).toEqual([1, 1, 0, 0, 0, 0, 0]);
    expect([...annotateMatches('n', /\d/, ['a', '1', 'b', '2', '2']).values]).toEqual([0, 1, 0, 1, 1]);
  });

  test('one that does not fit the text is refused', () => {
    expect(() => annotation('mine', [1, 2], ['a'])).toThrow(
      'annotation: mine: expected a value for each of 1 symbols, got 2',
    );
    expect(() => annotation('mine', [Number.NaN], ['a'])).toThrow('expected finite numbers, got NaN at 0');
  });
});

describe('dependence', () => {
  const x = Float64Array.from({ length: 400 }, (_, n) => Math.sin(n * 1.7) + (n % 3));

  test('a straight line has r = ±1, a constant 0', () => {
    const y = x.map((v) => 3 - 2 * v);
    expect(correlation(standardized(x), standardized(y))).toBeCloseTo(-1, 12);
    expect(correlation(standardized(x), standardized(x.map(() => 4)))).toBe(0);
  });

  test('the point-biserial correlation of the definition', () => {
    const on = Array.from(x, (_, n) => Number(n % 3 === 2));
    const mean = (take: (n: number) => boolean) => {
      const some = [...x].filter((_, n) => take(n));
      return some.reduce((a, b) => a + b, 0) / some.length;
    };
    const share = on.reduce((a, b) => a + b, 0) / on.length;
    const all = mean(() => true);
    const deviation = Math.sqrt([...x].reduce((sum, v) => sum + (v - all) ** 2, 0) / x.length);
    const expected =
      ((mean((n) => on[n] === 1) - mean((n) => on[n] === 0)) / deviation) * Math.sqrt(share * (1 - share));
    expect(correlation(standardized(x), standardized(on))).toBeCloseTo(expected, 12);
  });

  test('a fair coin tells one bit of itself, and nothing of another', () => {
    const random = new Random(2);
    const [a, b] = [0, 1].map(() => ranks(Array.from({ length: 4000 }, () => random.integer(2))));
    expect(mutualInformation(a, a, 0)).toBeCloseTo(1, 2);
    expect(mutualInformation(a, b, 0)).toBeLessThan(0.002);
    expect(mutualInformation(a, a, 7)).toBeLessThan(0.002);
  });

  test('finds what no straight line does: a square', () => {
    const t = Array.from({ length: 900 }, (_, n) => Math.cos(n * 2.3));
    const square = t.map((v) => v * v);
    expect(Math.abs(correlation(standardized(t), standardized(square)))).toBeLessThan(0.02);
    expect(mutualInformation(ranks(t), ranks(square), 0)).toBeGreaterThan(1.5);
  });
});

describe('the search for units', () => {
  const model = countingModel();
  const trace = traceText(model, ids);

  test('finds the unit that was wired to count, and says so', () => {
    const [first] = searchUnits(trace, annotate(symbols));
    expect(first).toMatchObject({ annotation: 'position in the line', found: true, p: 0.01 });
    expect(first.best[0]).toMatchObject({ layer: 'l0', what: 'h', unit: counter });
    expect(first.best[0].correlation).toBeGreaterThan(0.999);
    expect(first.mostTelling.unit).toBe(counter);
    expect(first.informationP).toBe(0.05);
    expect(first.control.limit).toBeLessThan(0.4);
    expect(describeSearch(first)).toMatch(/^l0 h\[3\] follows “position in the line”: r = 1\.00, where/);
    expect(describeSearch(first, 'ko')).toMatch(
      /^l0 h\[3\]: “줄 안의 위치”에 따라 움직이는 유닛입니다\(r = 1\.00\)\. /,
    );
  });

  test('finds nothing for labels of the same rhythm that belong to another text', () => {
    const other = Array.from(lines(400, 77)).slice(0, symbols.length);
    const foreign = annotate(other)
      .filter(({ name }) => name === 'position in the line')
      .map(({ values }) => annotation('another text’s lines', values, symbols));
    const [only] = searchUnits(trace, foreign);
    expect(only.found).toBe(false);
    expect(only.p).toBeGreaterThan(0.05);
    expect(describeSearch(only)).toMatch(/^No unit stands for “another text’s lines”/);
    expect(describeSearch(only, 'ko')).toMatch(/^“another text’s lines”에 해당하는 유닛이 없습니다\./);
  });

  test('chance alone is seldom called a finding: one label in twenty', () => {
    const random = new Random(4);
    const noise = Array.from({ length: 40 }, (_, k) =>
      annotation(
        `noise ${k}`,
        Array.from(symbols, () => random.integer(2)),
        symbols,
      ),
    );
    expect(searchUnits(trace, noise).filter(({ found }) => found).length).toBeLessThanOrEqual(6);
  });

  test('holding the unit breaks the ends of lines and nothing else', () => {
    const position = annotate(symbols).filter(({ name }) => name === 'position in the line')[0];
    const [held, other] = ablateUnits(model, ids, trace, [
      { layer: 'l0', unit: counter, annotation: position },
      { layer: 'l0', unit: 0, annotation: position },
    ]);
    const [focus, elsewhere] = [held.focus as NonNullable<typeof held.focus>, held.elsewhere as AblationLosses];
    expect(focus).toMatchObject({ name: 'at line ends', count: 159 });
    expect(focus.held).toBeGreaterThan(focus.whole * 1.3);
    expect(elsewhere.held - elsewhere.whole).toBeLessThan(focus.held - focus.whole);
    expect(describeAblation(held)).toMatch(/^Held at its mean, unit 3 of l0 takes the loss from .* at line ends from/);
    expect(describeAblation(held, 'ko')).toMatch(
      /^l0의 유닛 \[3\]에 평균값만 넣으면 손실이 .* nat이 됩니다\. 줄 끝: .* → .*, 다른 곳: /,
    );
    expect(other.all.whole).toBe(held.all.whole);
    expect(Math.abs((other.focus as AblationLosses).held - focus.whole)).toBeLessThan(0.2);
  });

  test('the untouched row of an ablation has the loss that the model has', () => {
    const [{ all }] = ablateUnits(model, ids.subarray(0, 200), traceText(model, ids.subarray(0, 200)), [
      { layer: 'l0', unit: 1 },
    ]);
    const { loss } = model.loss(indices(ids.subarray(0, 199), [199, 1]), indices(ids.subarray(1, 200), [199, 1]));
    expect(all.whole).toBeCloseTo(loss.itemSync(), 5);
  });

  test.each(['lstm', 'gru', 'rnn', 'lstm-peephole', 'gru-reset-before'] as const)(
    '%s: a unit that is held in the weights that read it has the losses of one that is held at every step',
    (cell) => {
      const own = new LanguageModel(vocabulary.size, { cell, hiddenSize: 5, numLayers: 2, embeddingDim: 4 });
      for (const p of own.parameters()) p.set(p.dataSync().map((w, k) => w + 0.4 * Math.sin(1 + k))); // no bias is 0
      const some = ids.subarray(0, 150);
      const read = traceText(own, some);
      const before = own.parameters().map((p) => p.dataSync().slice());
      for (const layer of ['l0', 'l1']) {
        const units = [2, 4].map((unit) => ({ layer, unit }));
        const together = ablateUnits(own, some, read, units);
        for (const [k, unit] of units.entries()) {
          const [alone] = ablateUnits(own, some, read, [unit]);
          expect(alone.all.whole).toBeCloseTo(together[k].all.whole, 5);
          expect(alone.all.held).toBeCloseTo(together[k].all.held, 5);
          expect(alone.all.held).not.toBe(alone.all.whole);
        }
      }
      expect(own.parameters().map((p) => p.dataSync().slice())).toEqual(before);
      const intact = new Float32Array(149).fill(3);
      expect(ablateUnits(own, some, read, [{ layer: 'l0', unit: 2 }], { intact })[0].all.whole).toBe(3);
    },
  );

  test('what does not fit is refused', () => {
    expect(() => ablateUnits(model, ids, trace, [], { intact: new Float32Array(3) })).toThrow(
      'ablateUnits: intact: has 3 losses and the text has 1489 predictions',
    );
    expect(() => searchUnits(trace, [annotation('short', [1, 0], ['a', 'b'])])).toThrow(
      `searchUnits: short: expected one for each of ${ids.length} steps, got 2`,
    );
    expect(() => ablateUnits(model, ids, trace, [{ layer: 'l0', unit: 6 }])).toThrow('there is no unit 6 in l0');
    expect(() => ablateUnits(model, ids.subarray(1), trace, [])).toThrow('has 1490 symbols');
  });
});

describe('a trace', () => {
  beforeEach(() => manualSeed(1));

  test('has the states that the fused layer puts out, and leaves the model as it was', () => {
    const model = new LanguageModel(vocabulary.size, { cell: 'gru', hiddenSize: 5, numLayers: 2 });
    const { tracks } = traceText(model, ids.subarray(0, 150));
    expect(tracks.map(({ layer, kind, what }) => `${layer} ${kind} ${what}`).sort()).toEqual([
      'l0 candidate n',
      'l0 gate r',
      'l0 gate z',
      'l0 state h',
      'l1 candidate n',
      'l1 gate r',
      'l1 gate z',
      'l1 state h',
    ]);
    expect(model.training).toBe(true);
    const x = model.embedding?.forward(indices(ids.subarray(0, 150), [150, 1])) as Tensor;
    const [top] = model.recurrent.forward(x);
    const track = tracks.find(({ layer, kind }) => layer === 'l1' && kind === 'state');
    const difference = top.dataSync().map((v, k) => Math.abs(v - (track?.values[k] ?? 1)));
    expect(Math.max(...difference)).toBeLessThan(1e-5);
  });

  test.for(Object.entries(allCells))('knows which gate of %s keeps its state', ([_name, make], { skip }) => {
    const cell = make(3, 4);
    const memory = cell.memoryGate;
    if (memory === null) return skip('it has none');
    const x = tensor([0.3, -0.5, 0.9], [1, 3]);
    const layer = new Recurrent(cell as Cell<unknown>);
    const steps: ObservedStep[] = [];
    observeSteps(
      (step) => steps.push(step),
      () => layer.forward(stack([x, x, x])),
    );
    const { before, after, gates } = steps[2];
    const [old, next] = [before, after].map((state) => (state instanceof Tensor ? state : (state as LSTMState).c));
    const kept = memory.keeps === 'gate' ? gates[memory.gate] : sub(1, gates[memory.gate]);
    // next = kept ⊙ old + what is let in
    const letIn = next.sub(kept.mul(old)).dataSync();
    const [i, candidate] = [gates.i ?? sub(1, kept), gates.g ?? gates.n];
    if (candidate) {
      const expected = i.mul(candidate).dataSync();
      for (const [k, v] of letIn.entries()) expect(v).toBeCloseTo(expected[k], 5);
    } else {
      const zero = cell.step(x, cell.initialState(1))[1] as Tensor; // no gate looks at the state
      for (const [k, v] of zero.dataSync().entries()) expect(letIn[k]).toBeCloseTo(v, 5);
    }
  });
});

describe('gate statistics', () => {
  test('count what is shut and open, and know the time constant of a gate that is held', () => {
    manualSeed(1);
    const model = new LanguageModel(vocabulary.size, { cell: 'lstm', hiddenSize: 3, numLayers: 1 });
    const H = 3;
    for (const [name, p] of model.recurrent.namedParameters()) {
      const data = p.dataSync().fill(0);
      // forget gates σ(3) = .953, σ(0) = .5 and σ(−4) = .018; output gates σ(9)
      if (name === 'bias_ih_l0') data.set([3, 0, -4], H);
      if (name === 'bias_ih_l0') data.fill(9, 3 * H, 4 * H);
      p.set(data);
    }
    const all = gateStatistics(traceText(model, ids.subarray(0, 100)));
    const gate = (letter: string) => all.find((g) => g.gate === letter) as (typeof all)[0];
    const near = (values: ArrayLike<number> | null, wanted: number[]) =>
      expect(Array.from(values ?? [], (v) => Math.round(v * 1e4) / 1e4)).toEqual(wanted);
    near(gate('f').right, [1, 0, 0]);
    near(gate('f').left, [0, 0, 1]);
    near(gate('o').right, [1, 1, 1]);
    near(gate('f').timeConstants, [20.5815, 1.4427, 0.2489]); // −1 / ln σ(b)
    expect(gate('i').timeConstants).toBeNull();
    expect(gate('f').histogram.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(describeGate(gate('f'))).toBe(
      'l0 f: shut (below 0.1) 33 % of the time, open (above 0.9) 33 %; half of its units forget within 1.4 steps, the longest holds for 21.',
    );
    expect(describeGate(gate('f'), 'ko')).toBe(
      'l0 f: 닫힌 때(0.1 미만) 33 %, 열린 때(0.9 초과) 33 %. 유닛이 기억하는 단계 수는 중앙값이 1.4, 가장 긴 것이 21입니다.',
    );
  });

  test('a network without gates has none', () => {
    expect(gateStatistics(traceText(countingModel(), ids.subarray(0, 40)))).toEqual([]);
  });
});

test('observing and changing steps leave no trace behind when the body throws', () => {
  const model = countingModel();
  expect(() =>
    observeSteps(
      () => {
        throw new Error('enough');
      },
      () => model.forward(indices([0], [1, 1])),
    ),
  ).toThrow('enough');
  expect(() => model.forward(indices([0], [1, 1]))).not.toThrow();
});
