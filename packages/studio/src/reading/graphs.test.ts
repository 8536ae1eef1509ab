// Graphs of other systems that are looked into: what they say at a step is what the graph itself gives, a gradient is what an output changes when a row does.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { currentBackend, type LSTM, manualSeed, Random, type Tensor, tensor, useBackend } from 'unrolled';
import { changeSteps, observeSteps } from 'unrolled/analysis';
import { Tokenizer, Vocabulary } from 'unrolled/data';
import { GraphModel, type GraphNode, type GraphPort, type GraphSpec, HostArray, type TestVector } from 'unrolled/graph';
import { tensorsOf, textClassificationOf, textGenerationOf } from 'unrolled/pipelines';
import { ChangedReading } from './changed-reading.ts';
import { sampleOf } from './language-reading.ts';
import { readingOf } from './open-reading.ts';
import type { OwnInput } from './protocol.ts';
import { StepsOfGraph } from './tensors-reading.ts';

const before = currentBackend();
beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));
afterAll(async () => void (await useBackend(before)));

const [I, H, C] = [3, 5, 2];
const node = (name: string, op: string, inputs: (string | null)[], outputs: string[], attributes = {}): GraphNode => ({
  name,
  op,
  inputs,
  outputs,
  attributes,
});
const swapped = (name: string, from: string) => node(name, 'Transpose', [from], [name], { perm: [1, 0, 2] });
const lstm = (inputs: (string | null)[], more = {}) =>
  node('lstm', 'LSTMLayer', inputs, ['y', 'hn', 'cn'], { inputSize: I, hiddenSize: H, ...more });
const linear = (from: string, inFeatures = H) =>
  node('fc', 'Linear', [from], ['output'], { inFeatures, outFeatures: C });
const port = (name: string, ...shape: (number | string)[]): GraphPort => ({ name, element: 'float', shape });
const input = port('input', 'batch', 'time', I);

/** What comes out at every step, [batch, time, C]. */
const everyStep = (more = {}, width = H): GraphSpec => ({
  inputs: [input],
  outputs: [port('output', 'batch', 'time', C)],
  nodes: [swapped('x', 'input'), lstm(['x'], more), swapped('back', 'y'), linear('back', width)],
});

/** What comes out of the whole, [batch, C]. */
const atEnd: GraphSpec = {
  inputs: [input],
  outputs: [port('output', 'batch', C)],
  nodes: [
    swapped('x', 'input'),
    lstm(['x']),
    node('last', 'Select', ['y'], ['last'], { axis: 0, index: -1 }),
    linear('last'),
  ],
};

/** With an input that says how many steps count. */
const lengths: GraphSpec = {
  ...everyStep(),
  inputs: [input, { name: 'lengths', element: 'int', shape: ['batch'] }],
  nodes: [swapped('x', 'input'), lstm(['x', 'lengths']), swapped('back', 'y'), linear('back')],
};

/** An operator that is none of the library's layers: its gates are clipped. */
const operator: GraphSpec = {
  ...everyStep(),
  nodes: [
    swapped('x', 'input'),
    node('lstm', 'LSTM', ['x', 'W', 'R', 'B'], ['ys'], { hidden_size: H, clip: 2 }),
    node('y', 'Squeeze', ['ys'], ['y'], { axes: [1] }),
    swapped('back', 'y'),
    linear('back'),
  ],
  parameters: { W: [1, 4 * H, I], R: [1, 4 * H, H], B: [1, 8 * H] },
};

/** Read from its end to its start. */
const turned: GraphSpec = {
  ...everyStep(),
  nodes: [
    swapped('x', 'input'),
    node('turned', 'Slice', ['x'], ['turned'], { starts: [-1], ends: [-999], axes: [0], steps: [-1] }),
    lstm(['turned']),
    node('forwards', 'Slice', ['y'], ['forwards'], { starts: [-1], ends: [-999], axes: [0], steps: [-1] }),
    swapped('back', 'forwards'),
    linear('back'),
  ],
};

/** A step at a time: the state goes in and comes out. */
const stream: GraphSpec = {
  inputs: [port('input', 1, I), { ...port('h', 1, 1, H), optional: true }, { ...port('c', 1, 1, H), optional: true }],
  outputs: [port('output', 1, C), port('hn', 1, 1, H), port('cn', 1, 1, H)],
  nodes: [
    node('x', 'Unsqueeze', ['input'], ['x'], { axes: [0] }),
    lstm(['x', null, 'h', 'c']),
    node('now', 'Squeeze', ['y'], ['now'], { axes: [0] }),
    linear('now'),
  ],
  states: [
    { input: 'h', output: 'hn' },
    { input: 'c', output: 'cn' },
  ],
};

const rows = Array.from({ length: 6 }, (_, t) => Array.from({ length: I }, (_none, c) => Math.sin(2 * t + c)));

function vectorOf(graph: GraphSpec): TestVector {
  const shape = (graph.inputs[0].shape ?? []).map((d) => (d === 'batch' ? 2 : d === 'time' ? 4 : (d as number)));
  const random = new Random(3);
  const values = Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => random.normal());
  const more = graph.inputs.length > 1 && graph.inputs[1].name === 'lengths';
  const few = { lengths: { element: 'int', shape: [2], values: [1, 0] } } as const;
  const mask = { mask: { element: 'float', shape: [2, 4, 1], values: [1, 0, 1, 1, 0, 1, 1, 0] } } as const;
  const others = { ...(more && few), ...(graph.inputs[1]?.name === 'mask' && mask) };
  return { inputs: { input: { element: 'float', shape, values }, ...others }, outputs: {}, from: 'a seed' };
}

function opened(
  graph: GraphSpec,
  own: OwnInput | null = { text: rows.map((row) => row.join(' ')).join('\n'), images: [] },
) {
  manualSeed(6);
  const model = new GraphModel({ graph }).eval();
  const random = new Random(5);
  for (const [name, p] of model.namedParameters())
    if (name in (graph.parameters ?? {})) p.set(Float32Array.from({ length: p.size }, () => 0.5 * random.normal()));
  const given = { own, rows: [], images: [], vectors: [vectorOf(graph)], text: '' };
  const { own: form, reading } = readingOf(tensorsOf(model), given);
  if (!reading) throw new Error('it reads');
  return { model, form, reading };
}

/** The output [C] of the graph after each row. */
function outputsOf(model: GraphModel, some: readonly (readonly number[])[]): number[][] {
  const x = (list: typeof some, ...lead: number[]) => tensor(list.flat(), [...lead, I]);
  if ((model.graph.states ?? []).length > 0) {
    let state = {};
    return some.map((row) => {
      const { output, hn, cn } = model.forward({ input: x([row], 1), ...state });
      state = { h: hn, c: cn };
      return Array.from((output as Tensor).dataSync());
    });
  }
  const all = { lengths: new HostArray('int', [1], [some.length]) };
  const whole = { input: x(some, 1, some.length), ...(model.graph.inputs.length > 1 && all) };
  const { output } = model.forward(whole) as { output: Tensor };
  const values = output.dataSync();
  if (output.rank === 2)
    return some.map((_, t) =>
      Array.from((model.forward({ input: x(some.slice(0, t + 1), 1, t + 1) }).output as Tensor).dataSync()),
    );
  return some.map((_, t) => Array.from(values.subarray(t * C, (t + 1) * C)));
}

const graphs: Readonly<Record<string, GraphSpec>> = {
  'one that gives a row for every step': everyStep(),
  'one in both directions': everyStep({ bidirectional: true }, 2 * H),
  'one that gives a row for the whole': atEnd,
  'one that reads from the end': turned,
  'one that is told how long its rows are': lengths,
  'one with an operator of its own': operator,
  'one whose states go in and come out': stream,
};

describe.each(Object.entries(graphs))('a graph of tensors, %s', (_name, graph) => {
  test('says which axis is time, and gives what it gives', () => {
    const { model, form, reading } = opened(graph);
    expect(form).toEqual({ text: 'numbers', columns: ['input[0]', 'input[1]', 'input[2]'], images: null });
    const { symbols, passages, series, kind, tracks, lacks } = reading.opened();
    expect([symbols, passages.length, kind, lacks]).toEqual([['1', '2', '3', '4', '5', '6'], 1, 'graph', []]);
    expect(series?.columns).toEqual([0, 1, 2].map((c) => rows.map((row) => row[c])));
    expect(new Set(tracks.map(({ what }) => what))).toEqual(new Set(['h', 'c', 'i', 'f', 'g', 'o']));
    const outputs = outputsOf(model, rows);
    for (const [n, output] of outputs.entries())
      for (const { symbol, probability } of reading.next(n))
        expect(probability).toBeCloseTo(output[Number(/\d/.exec(symbol))], 5);
    expect(
      reading
        .scores(0)
        ?.lines.map(({ label }) => label)
        .sort(),
    ).toEqual(['output[0]', 'output[1]']);
  });

  test('its gradient is what the strongest output changes when a row that is read does', () => {
    const { model, reading } = opened(graph);
    for (const n of [0, 3, 5]) {
      const [{ symbol }] = reading.next(n);
      const at = (some: typeof rows) => outputsOf(model, some)[n][Number(/\d/.exec(symbol))];
      const { norms, from } = reading.gradient(n);
      expect(from).toBe(0);
      for (const t of rows.keys()) {
        const slopes = [0, 1, 2].map((c) => {
          const by = (change: number) => at(rows.map((row, k) => (k === t ? row.with(c, row[c] + change) : row)));
          return (by(1e-2) - by(-1e-2)) / 2e-2;
        });
        expect(norms[t]).toBeCloseTo(Math.hypot(...slopes), 3);
      }
    }
  });

  test('a unit that is held gives what the graph does when its state is changed by hand', () => {
    const { model, reading } = opened(graph);
    const edit = { layer: 'l0', what: 'c', unit: 1, value: 1.5, when: 'always', n: 2 } as const;
    const changed = changeSteps(
      ({ after, name: layer }) => {
        const { h, c } = after as { h: Tensor; c: Tensor };
        const values = Array.from(c.dataSync(), (v, k) => (k % H === 1 ? 1.5 : v));
        return layer === 'l0' ? { h, c: tensor(values, [...c.shape]) } : after;
      },
      () => outputsOf(model, rows),
    );
    const { rows: found } = reading.hold(edit);
    for (const { label, free, held } of found) {
      expect(held).toBeCloseTo(changed[2][Number(/\d/.exec(label))], 5);
      expect(held).not.toBe(free);
    }
    expect(reading.ablate(edit, null).all.held).toBeGreaterThan(0);
    for (const what of reading.opened().measures) expect(reading.measure(what).what).toBe(what);
  });

  test('at first it reads the inputs that it was verified with', () => {
    const { model, reading } = opened(graph, null);
    const vector = vectorOf(graph);
    const steps = StepsOfGraph.of(model, [vector]);
    expect(reading.opened().series?.columns).toEqual([0, 1, 2].map((c) => steps?.rowsOf(vector).map((row) => row[c])));
    expect(vector.inputs.input.values.slice(0, I)).toEqual(steps?.rowsOf(vector)[0]);
  });
});

test.each(['one with an operator of its own', 'one that reads from the end'])(
  'of a graph, %s, what comes out follows a weight that is changed',
  (name) => {
    const graph = graphs[name];
    const { model, reading } = opened(graph);
    const pipeline = tensorsOf(model);
    const own = { text: rows.map((row) => row.join(' ')).join('\n'), images: [] };
    const given = { own, rows: [], images: [], vectors: [vectorOf(graph)], text: '' };
    const changing = new ChangedReading(model, reading, () => readingOf(pipeline, given).reading ?? reading);
    const [{ name: tensor }] = changing.now.weights();
    changing.change([{ tensor, row: 0, column: null, how: 'scale', value: 9 }]);
    for (const [n, output] of outputsOf(model, rows).entries())
      for (const { symbol, probability } of changing.now.next(n))
        expect(probability).toBeCloseTo(output[Number(/\d/.exec(symbol))], 5);
    const { free, held } = changing.nextCompared(3);
    expect(held).not.toEqual(free);
  },
);

test('of many inputs that a graph was verified with, the first twenty are read', () => {
  const vectors = Array.from({ length: 25 }, () => vectorOf(atEnd));
  const model = tensorsOf(new GraphModel({ graph: atEnd }));
  const { reading } = readingOf(model, { own: null, rows: [], images: [], vectors, text: '' });
  expect(reading?.opened().passages).toHaveLength(20);
});

test('as many labels as the test vector has steps are no steps', () => {
  const graph: GraphSpec = {
    ...atEnd,
    outputs: [{ name: 'output', element: 'float', shape: null }],
    nodes: [...atEnd.nodes.slice(0, -1), node('fc', 'Linear', ['last'], ['output'], { inFeatures: H, outFeatures: 4 })],
  };
  expect(vectorOf(graph).inputs.input.shape).toEqual([2, 4, I]);
  const { model, reading } = opened(graph);
  expect(reading.next(5)).toHaveLength(4);
  const { output } = model.forward({ input: tensor(rows.slice(0, 3).flat(), [1, 3, I]) }) as { output: Tensor };
  for (const { symbol, probability } of reading.next(2))
    expect(probability).toBeCloseTo(output.dataSync()[Number(/\d/.exec(symbol))], 5);
});

test('states of a graph that reads from the end stand where the rows are that they have read', () => {
  const { model, reading } = opened(turned);
  const layer = [...model.children()].find(([name]) => name === 'lstm')?.[1] as LSTM;
  const [y] = layer.forward(tensor(rows.toReversed().flat(), [6, 1, I]));
  const h = reading.unit({ layer: 'l0', what: 'h', unit: 2 });
  for (const n of rows.keys()) expect(h[n]).toBeCloseTo(y.dataSync()[(5 - n) * H + 2], 5);
});

const turn = (name: string, from: string, axis: number, more: GraphNode['attributes'] = {}) =>
  node(name, 'Slice', [from], [name], { starts: [-1], ends: [-999], axes: [axis], steps: [-1], ...more });

test.each<[string, GraphNode[], boolean]>([
  ['its features are turned', [swapped('x', 'input'), turn('read', 'x', 2)], false],
  ['its features are turned, counted from the last axis', [swapped('x', 'input'), turn('read', 'x', -1)], false],
  ['its rows are turned', [turn('x', 'input', 1), swapped('read', 'x')], true],
  ['its rows are turned, counted from the last axis', [turn('x', 'input', -2), swapped('read', 'x')], true],
  ['its rows are turned twice', [turn('x', 'input', 1), swapped('y0', 'x'), turn('read', 'y0', 0)], false],
  ['rows and features are', [swapped('x', 'input'), turn('read', 'x', 0, { starts: [-1, -1], ends: [-9, -9], axes: [2, 0], steps: [-1, -1] })], true],
  ['an axis that is taken away again is', [
    node('more', 'Unsqueeze', ['input'], ['more'], { axes: [0] }),
    turn('x', 'more', 0),
    node('less', 'Squeeze', ['x'], ['less'], { axes: [0] }),
    swapped('read', 'less'),
  ], false],
])('states stand where the rows are that they have read where %s', (_, before, isTurned) => {
  const { model, reading } = opened({ ...everyStep(), nodes: [...before, lstm(['read']), swapped('back', 'y'), linear('back')] });
  const seen: number[][] = [];
  observeSteps(
    ({ after }) => void seen.push(Array.from((after as { h: Tensor }).h.dataSync())),
    () => model.forward({ input: tensor(rows.flat(), [1, 6, I]) }),
  );
  const h = reading.unit({ layer: 'l0', what: 'h', unit: 2 });
  for (const n of rows.keys()) expect(h[n]).toBeCloseTo(seen[isTurned ? 5 - n : n][2], 5);
}); // biome-ignore format: a table

test('a graph of fixed length reads windows, a passage each', () => {
  const fixed = (shape: readonly (number | string)[] | null) => (shape ?? []).map((d) => (d === 'time' ? 3 : d));
  const graph = {
    ...atEnd,
    inputs: atEnd.inputs.map((one) => ({ ...one, shape: fixed(one.shape) })),
  };
  const { reading } = opened(graph);
  expect(reading.opened().passages.map(({ from, to }) => [from, to])).toEqual([
    [0, 3],
    [3, 6],
  ]);
  expect(reading.opened().scored).toBe(false);
  expect(reading.gradient(4)).toMatchObject({
    from: 3,
    norms: [expect.any(Number), expect.any(Number), expect.any(Number)],
  });
  expect(() => opened(graph, { text: '1 2 3', images: [] })).toThrow(
    'this graph reads 3 rows at once, and there are 1',
  );
});

test('a window that is longer than what is read of others is read whole', () => {
  const long = { ...atEnd, inputs: [port('input', 'batch', 2001, I)] };
  const { passages } = opened(long, null).reading.opened();
  expect(passages.map(({ from, to }) => [from, to])).toEqual([[0, 2001]]);
});

test('a graph with another input of as many steps reads as many as that one has', () => {
  const masked: GraphSpec = {
    ...everyStep(),
    inputs: [input, port('mask', 'batch', 'time', 1)],
    nodes: [node('seen', 'Mul', ['input', 'mask'], ['seen']), swapped('x', 'seen'), ...everyStep().nodes.slice(1)],
  };
  const { model, reading } = opened(masked);
  expect(reading.opened().passages.map(({ from, to }) => [from, to])).toEqual([[0, 4]]);
  const { mask } = vectorOf(masked).inputs;
  const x = tensor([...rows.slice(0, 4), ...rows.slice(0, 4)].flat(), [2, 4, I]);
  const { output } = model.forward({ input: x, mask: tensor(mask.values, mask.shape) }) as { output: Tensor };
  const last = Array.from(output.select(0, 0).select(0, 3).dataSync());
  for (const { symbol, probability } of reading.next(3))
    expect(probability).toBeCloseTo(last[Number(/\d/.exec(symbol))], 5);
});

test('a recurrent operator that runs from ordinary ones, and an output without a gradient, are told', () => {
  const graph: GraphSpec = {
    ...everyStep(),
    nodes: [
      ...everyStep().nodes.slice(0, -1),
      { ...linear('back'), outputs: ['scores'] },
      node('best', 'ArgMax', ['scores'], ['best'], { axis: -1 }),
      node('output', 'Cast', ['best'], ['output'], { to: 'float' }),
    ],
    outputs: [port('output', 'batch', 'time', 1)],
  };
  expect(opened(graph).reading.opened().lacks).toEqual([{ what: 'gradient', names: [] }]);
  expect(opened(graph).reading.gradient(3).norms).toEqual([]);
  const plain: GraphSpec = {
    inputs: [input],
    outputs: [port('output', 'batch', 'time', C)],
    nodes: [linear('input', I)],
  };
  expect(() => opened(plain)).toThrow('it reads'); // nothing in it has a state
});

describe('a graph of text', () => {
  const letters = ['a', 'b', 'c', 'd'];
  const vocabulary = Vocabulary.fromText(letters.join(''));
  const V = vocabulary.size;

  /** Windows of six one-hot rows → the probabilities of the next letter. */
  const windows: GraphSpec = {
    inputs: [port('input', 'batch', 6, V)],
    outputs: [port('output', 'batch', V)],
    nodes: [
      node('lstm', 'KerasLSTM', ['input'], ['y'], { inputSize: V, hiddenSize: H, recurrentActivation: 'hard_sigmoid' }),
      node('fc', 'Linear', ['y'], ['scores'], { inFeatures: H, outFeatures: V }),
      node('softmax', 'Softmax', ['scores'], ['output'], { axis: -1 }),
    ],
  };
  const contract = { input: 'input', output: 'output', symbols: V, timeFirst: false, padding: null } as const;
  const given = (text: string) => ({ own: { text, images: [] }, rows: [], images: [], vectors: [], text: '' });

  test('that reads windows predicts what its pipeline does, and is continued with a unit held', () => {
    manualSeed(7);
    const model = new GraphModel({ graph: windows });
    const graph = { ...contract, form: 'one-hot', length: 6, padding: 0, gives: 'probabilities' } as const;
    const pipeline = textGenerationOf(model, {
      vocabulary,
      input: { kind: 'text-generation', unit: 'character', graph } as never,
    });
    const { reading } = readingOf(pipeline, given('abcdab'));
    if (!reading) throw new Error('it reads');
    const stepper = pipeline.stepper();
    const { symbols, losses } = reading.opened();
    expect(symbols.join('')).toBe('abcdab');
    for (const [n, symbol] of symbols.entries()) {
      const logits = Array.from(stepper.step(vocabulary.encode(symbol)[0]));
      const sum = logits.reduce((all, y) => all + Math.exp(y), 0);
      for (const { symbol: next, probability, came } of reading.next(n)) {
        expect(probability).toBeCloseTo(Math.exp(logits[vocabulary.encode(next)[0]]) / sum, 5);
        if (came) expect(losses[n + 1]).toBeCloseTo(-Math.log(probability), 4);
      }
    }
    const { norms } = reading.gradient(3);
    expect(norms.slice(4)).toEqual([0, 0]);
    expect(norms.slice(0, 4).every((norm) => norm > 0)).toBe(true);
    const { texts } = reading.hold({ layer: 'l0', what: 'c', unit: 0, value: 40, when: 'always', n: 3 });
    expect(texts?.free).toHaveLength(60);
    expect(texts?.held).not.toBe(texts?.free);
    const { whole, held } = reading.ablate({ layer: 'l0', what: 'c', unit: 0 }, null).all;
    expect(whole).toBeCloseTo(reading.opened().loss, 5);
    expect(held).not.toBe(whole);
  });

  test('that has states goes through a text once, and is held as when it reads each beginning anew', () => {
    manualSeed(9);
    const streamed: GraphSpec = {
      ...stream,
      inputs: [port('input', 1, 1, V), ...stream.inputs.slice(1)],
      outputs: [port('output', 1, 1, V), ...stream.outputs.slice(1)],
      nodes: [
        { ...lstm(['input', null, 'h', 'c'], { inputSize: V }) },
        node('fc', 'Linear', ['y'], ['output'], { inFeatures: H, outFeatures: V }),
      ],
    };
    const model = new GraphModel({ graph: streamed });
    const graph = { ...contract, form: 'one-hot', length: null, gives: 'logits', timeFirst: true } as const;
    const text = 'abcddcba'.repeat(8);
    const read = () =>
      readingOf(
        textGenerationOf(model, { vocabulary, input: { kind: 'text-generation', unit: 'character', graph } as never }),
        given(text),
      ).reading;
    const forward = vi.spyOn(model, 'forward');
    const reading = read();
    const { symbols } = reading?.opened() ?? { symbols: [] };
    expect(symbols).toHaveLength(64);
    expect(forward.mock.calls.length).toBeLessThan(8 * 64); // were each beginning read anew, 32 · 64
    const key = { layer: 'l0', what: 'c', unit: 0 } as const;
    const edit = { ...key, value: 3, when: 'onward', n: 20 } as const;
    const { texts } = reading?.hold(edit) ?? { texts: null };
    expect(texts?.held).not.toBe(texts?.free);
    // By hand: the state is changed after each step from the twentieth on.
    const hand = () => {
      const random = new Random(1);
      const ids = Array.from(vocabulary.encode(text)).slice(0, 21);
      let state = {};
      for (let t = 0; ; t++) {
        const one = new Float32Array(V);
        one[ids[t]] = 1;
        const { output, hn, cn } = model.forward({ input: tensor(one, [1, 1, V]), ...state }) as Record<string, Tensor>;
        const c = Array.from(cn.dataSync());
        if (t >= 20) c[0] = 3;
        state = { h: hn, c: tensor(c, [1, 1, H]) };
        if (t + 1 === ids.length) ids.push(sampleOf(output.reshape(V).logSoftmax().dataSync(), random));
        if (ids.length > 81) return ids.slice(21, 81);
      }
    };
    expect(texts?.held).toBe(vocabulary.decode(hand()));
    const { whole, held } = reading?.ablate(key, null).all ?? { whole: 0, held: 0 };
    expect(whole).toBeCloseTo(reading?.opened().loss ?? 0, 4);
    expect(held).not.toBe(whole);
  });

  test('that labels texts gives what its pipeline does for each beginning', async () => {
    manualSeed(8);
    const tokenizer = Tokenizer.train(['good bad not very'], { unit: 'word' });
    const graphSpec: GraphSpec = {
      inputs: [{ name: 'ids', element: 'int', shape: ['batch', 8] }],
      outputs: [port('output', 'batch', 1)],
      nodes: [
        node('embedding', 'Embedding', ['ids'], ['x'], { numEmbeddings: tokenizer.size, embeddingDim: 4 }),
        node('lstm', 'KerasLSTM', ['x'], ['y'], { inputSize: 4, hiddenSize: H, bidirectional: true }),
        node('fc', 'Linear', ['y'], ['score'], { inFeatures: 2 * H, outFeatures: 1 }),
        node('sigmoid', 'Sigmoid', ['score'], ['output']),
      ],
    };
    const model = new GraphModel({ graph: graphSpec });
    const graph = {
      ...contract,
      input: 'ids',
      symbols: tokenizer.size,
      form: 'ids',
      length: 8,
      padding: 0,
      gives: 'probability',
    } as const;
    const input = { kind: 'text-classification', maxTokens: 20, longestTrained: null, graph } as const;
    const pipeline = textClassificationOf(model, { tokenizer, labels: ['no', 'yes'], input });
    const words = ['not', 'very', 'good'];
    const { reading } = readingOf(pipeline, given(words.join(' ')));
    if (!reading) throw new Error('it reads');
    for (const n of words.keys()) {
      const [{ scores }] = await pipeline.predict([words.slice(0, n + 1).join(' ')], { topK: 2 });
      for (const { symbol, probability } of reading.next(n))
        expect(probability).toBeCloseTo(scores.find(({ label }) => label === symbol)?.score ?? 0, 5);
    }
    const { passages, tracks } = reading.opened();
    expect(passages[0].output).toBe(reading.next(2)[0].symbol);
    expect(new Set(tracks.map(({ layer }) => layer))).toEqual(new Set(['l0', 'l0_reverse']));
    expect(reading.gradient(2).norms.every((norm) => norm > 0)).toBe(true);
  });
});
