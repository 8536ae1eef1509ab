// Graphs of other systems as text models: with states and with windows, batch first and time first, whatever they give.

import { describe, expect, test } from 'vitest';
import { GraphModel, type GraphSpec } from '../graph/index.ts';
import { Tokenizer, Vocabulary } from '../data/index.ts';
import { indices, tensor } from '../tensor/create.ts';
import { LanguageModel } from '../models/language-model.ts';
import type { GraphReading } from './contract/graph-reading.ts';
import { textClassificationOf } from './text-classification.ts';
import { textGenerationOf } from './text-generation.ts';

const letters = 'abcd';
const vocabulary = new Vocabulary(letters, { unit: 'codepoint', normalization: 'none' });
const [V, E, H] = [4, 3, 5];
const values = (k: number, ...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(0.7 * i * i + i + k)),
});

/** Embedding → GRU → linear, time first, with the state as an input and output; then `ends`. */
function sequenceGraph(ends: GraphSpec['nodes'] = [], output = 'scores', states = true): GraphSpec {
  return {
    inputs: [
      { name: 'ids', element: 'int', shape: ['time', 'batch'] },
      ...(states ? [{ name: 'h0', element: 'float', shape: [1, 'batch', H], optional: true } as const] : []),
    ],
    outputs: [
      { name: output, element: 'float', shape: null },
      ...(states ? [{ name: 'hn', element: 'float', shape: null } as const] : []),
    ],
    nodes: [
      {
        name: 'emb',
        op: 'Embedding',
        inputs: ['ids'],
        outputs: ['x'],
        attributes: { numEmbeddings: V, embeddingDim: E },
      },
      {
        name: 'gru',
        op: 'GRULayer',
        inputs: ['x', null, ...(states ? ['h0'] : [])],
        outputs: ['y', 'hn'],
        attributes: { inputSize: E, hiddenSize: H },
      },
      { name: 'fc', op: 'Linear', inputs: ['y'], outputs: ['scores'], attributes: { inFeatures: H, outFeatures: V } },
      ...ends,
    ],
    ...(states && { states: [{ input: 'h0', output: 'hn' }] }),
  };
}

const weights = new Map(
  Object.entries({
    'emb.weight': values(1, V, E),
    'gru.weight_ih_l0': values(2, 3 * H, E),
    'gru.weight_hh_l0': values(3, 3 * H, H),
    'gru.bias_ih_l0': values(4, 3 * H),
    'gru.bias_hh_l0': values(5, 3 * H),
    'fc.weight': values(6, V, H),
    'fc.bias': values(7, V),
  }),
);
const own = new LanguageModel(V, { cell: 'gru', hiddenSize: H, numLayers: 1, embeddingDim: E });
own.loadStateDict(new Map(Array.from(weights, ([name, one]) => [name.replace('emb', 'embedding').replace('gru', 'recurrent').replace('fc', 'decoder'), one]))).eval(); // biome-ignore format: a call

const reading: GraphReading = { input: 'ids', output: 'scores', form: 'ids', symbols: V, timeFirst: true, length: null, padding: null, gives: 'logits' }; // biome-ignore format: a line
const model = (graph: GraphSpec) => new GraphModel({ graph }).loadStateDict(weights).eval();
const writerOf = (graph: GraphSpec, changed: Partial<GraphReading> = {}) =>
  textGenerationOf(model(graph), { vocabulary, input: { kind: 'text-generation', tokens: 'vocabulary', graph: { ...reading, ...changed } } }); // biome-ignore format: a call
/** Probabilities of the last symbol that the library's own model gives for a text. */
const expected = (text: string) => {
  const ids = vocabulary.encode(text);
  const [logits] = own.forward(indices(ids, [ids.length, 1]));
  return Array.from(
    logits
      .select(0, ids.length - 1)
      .softmax()
      .dataSync(),
  );
};
const probabilities = (logits: Float32Array) => Array.from(tensor(logits, [1, logits.length]).softmax().dataSync());

function expectSame(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [k, p] of wanted.entries()) expect(found[k]).toBeCloseTo(p, 5);
}

describe('text generation', () => {
  test.each<[string, GraphSpec, Partial<GraphReading>]>([
    ['with states', sequenceGraph(), {}],
    ['with a window', sequenceGraph([], 'scores', false), { length: 6 }],
    ['that gives probabilities', sequenceGraph([{ name: 's', op: 'Softmax', inputs: ['scores'], outputs: ['p'], attributes: { axis: -1 } }], 'p'), { output: 'p', gives: 'probabilities' }],
    ['that gives their logarithms', sequenceGraph([{ name: 's', op: 'LogSoftmax', inputs: ['scores'], outputs: ['p'], attributes: { axis: -1 } }], 'p'), { output: 'p', gives: 'log-probabilities' }],
  ])('of a graph %s reads symbol by symbol as the library’s own model', (_, graph, changed) => {
    const stepper = writerOf(graph, changed).stepper();
    const text = 'abcadb';
    for (const [t, id] of vocabulary.encode(text).entries())
      expectSame(probabilities(stepper.step(id)), expected(text.slice(0, t + 1)));
    const state = stepper.state();
    const next = probabilities(stepper.step(2));
    stepper.reset();
    expectSame(probabilities(stepper.step(0)), expected('a'));
    stepper.setState(state);
    expectSame(probabilities(stepper.step(2)), next);
    expect(() => stepper.setState([Float32Array.of(NaN)])).toThrow('Stepper.setState: state: expected');
  }); // biome-ignore format: a table

  test.each<[string, GraphSpec, Partial<GraphReading>]>([
    ['with states', sequenceGraph(), {}],
    ['with a window', sequenceGraph([], 'scores', false), { length: 6 }],
  ])(
    'of a graph %s: the texts of a batch are those that are written alone, from a state too',
    async (_, graph, changed) => {
      const writer = writerOf(graph, changed);
      const prompts = ['abc', '', 'dabcab', 'c'];
      const batch = writer.batch({ rows: 3 });
      const texts = new Map<unknown, string>();
      const added: unknown[] = [];
      while (batch.size > 0 || added.length < prompts.length) {
        if (added.length < prompts.length && batch.size < 3)
          added.push(batch.add({ prompt: prompts[added.length], seed: added.length, maxTokens: 12 }));
        for (const { of, text } of batch.write()) texts.set(of, (texts.get(of) ?? '') + text);
        batch.read();
      }
      for (const [seed, prompt] of prompts.entries()) {
        let alone = '';
        for await (const piece of writer.generate(prompt, { seed, maxTokens: 12 })) alone += piece.text;
        expect(texts.get(added[seed])).toBe(alone);
      }
      batch.close();
      await expect(writer.embed(['ab'])).rejects.toThrow('a graph of another system does not say');
    },
  );

  test('reads the last symbols of a window alone, padded before where there are fewer', () => {
    const stepper = writerOf(sequenceGraph([], 'scores', false), { length: 3, padding: 3 }).stepper();
    const [, second] = [stepper.step(0), probabilities(stepper.step(1))];
    expectSame(second, expected('dab'));
    stepper.step(2);
    expectSame(probabilities(stepper.step(0)), expected('bca'));
  });

  test('writes the text of the library’s own model', async () => {
    const input = { kind: 'text-generation', tokens: 'vocabulary' } as const;
    const texts = await Promise.all(
      [writerOf(sequenceGraph()), textGenerationOf(own, { vocabulary, input })].map(async (writer) => {
        let text = '';
        for await (const piece of writer.generate('ab', { seed: 3, maxTokens: 30 })) text += piece.text;
        return text;
      }),
    );
    expect(texts[0]).toBe(texts[1]);
  });

  test('of words is written with the spaces that follow its prompt, also from a saved state', async () => {
    const vocab = { the: 0, cat: 1, sat: 2, on: 3 };
    const file = { model: { type: 'WordLevel', vocab, unk_token: '<unk>' }, pre_tokenizer: { type: 'Whitespace' } };
    const parts = { vocabulary: Tokenizer.fromHuggingFace(file, 'words'), input: { kind: 'text-generation', tokens: 'tokenizer', graph: reading } as const }; // biome-ignore format: a line
    const info = { name: 'run', step: 0, hash: 'abc', notice: null, config: {} };
    const writer = textGenerationOf(model(sequenceGraph()), parts, info);
    const session = writer.session({ prompt: 'the cat', seed: 2 });
    const state = session.state();
    for (const one of [session, writer.resume(state)]) {
      const pieces: string[] = [];
      for await (const { text } of one.generate({ maxTokens: 4 })) pieces.push(text);
      expect(pieces.join('')).toMatch(/^( (the|cat|sat|on)){4}$/);
      expect(pieces[0]).toMatch(/^ /);
    }
    // A text that the prompt has does not stop what follows.
    let text = '';
    for await (const piece of writer.generate('the cat', { seed: 2, maxTokens: 4, stop: 'the cat' }))
      text += piece.text;
    expect(text).not.toBe('');
  });

  test.each<[Partial<GraphReading> | null, string]>([
    [null, 'textGenerationOf: input.graph: is missing: it says how a graph reads symbols and what it answers'],
    [{ input: 'x' }, 'input.graph: the graph has no input "x"'],
    [{ form: 'one-hot', symbols: 9 }, 'input.graph: its input "ids" has no rows of 9 symbols'],
    [{ output: 'x' }, 'input.graph: the graph has no output "x"'],
    [{ symbols: 0 }, 'model.input.graph.symbols: expected a whole number from 1, got 0'],
    [{ padding: 4 }, 'model.input.graph.padding: expected null, or an id, got 4'],
    [{ length: 2 ** 21 }, 'model.input.graph.length: expected null, or a whole number from 1 to 1048576, got 2097152'],
    [{ gives: 'text' as 'logits' }, 'model.input.graph.gives: expected one of logits, log-probabilities, probabilities, probability, got "text"'], // biome-ignore format: a row
  ])('refuses a reading that is none: %j', (changed, message) => {
    const graph = changed && { ...reading, ...changed };
    const input = { kind: 'text-generation', tokens: 'vocabulary', ...(graph && { graph }) } as const;
    expect(() => textGenerationOf(model(sequenceGraph()), { vocabulary, input })).toThrow(message);
  });
});

describe('text classification', () => {
  /** The scores of the last step, [B, V], as classes. */
  const graph = sequenceGraph(
    [{ name: 'last', op: 'Select', inputs: ['scores'], outputs: ['logits'], attributes: { axis: 0, index: -1 } }],
    'logits',
    false,
  );
  const file = {
    model: { type: 'WordLevel', vocab: { a: 0, b: 1, c: 2, d: 3 }, unk_token: '<unk>' },
    pre_tokenizer: { type: 'Whitespace' },
  };
  const tokenizer = Tokenizer.fromHuggingFace(file, 'tokenizer');
  const labels = ['w', 'x', 'y', 'z'];
  const input = {
    kind: 'text-classification',
    maxTokens: 5,
    longestTrained: null,
    graph: { ...reading, output: 'logits' },
  } as const;

  test('reads texts of one length together, what is unknown is left out, and gives the numbers of each alone', async () => {
    const run = textClassificationOf(model(graph), { tokenizer, labels, input });
    const texts = ['a b c', 'b', 'c a nowhere b', 'nowhere', 'd d a b c d'];
    const found = await run.predict(texts, { batchSize: 2 });
    const wanted = [expected('abc'), expected('b'), expected('cab'), [0.25, 0.25, 0.25, 0.25], expected('ddabc')];
    for (const [n, { scores }] of found.entries())
      expectSame(labels.map((label) => scores.find((one) => one.label === label)?.score as number), wanted[n]); // biome-ignore format: a call
  });

  test('refuses a graph that gives other classes than there are labels', async () => {
    const run = textClassificationOf(model(graph), { tokenizer, labels: ['only', 'two'], input });
    await expect(run.predict('a')).rejects.toThrow('GraphModel: gives scores [1, 4], expected [1, 2]');
  });
});
