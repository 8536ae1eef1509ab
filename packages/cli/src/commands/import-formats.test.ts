// A model of every format that has a network, from its file to text or numbers: what the format does not say is asked for by name, and the run is opened,
// sampled and asked as any other.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openRun, Random } from 'unrolled';
import { describe, expect, test } from 'vitest';
import { kerasTwoFile, type LayerWeights } from '../../../../test/hdf5-files.ts';
import { inProcess, workFolder } from '../../../../test/in-process.ts';
import { onnxModel } from '../../../../test/onnx-writer.ts';

const path = workFolder('import-formats');
const random = new Random(3);
const array = (...shape: number[]): readonly [number[], number[]] => [
  shape,
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
];
const layer = (className: string, name: string, config: object) => ({
  class_name: className,
  config: { name, ...config },
});
const letters = 'abc ';
const H = 5;

const lstm = (name: string, inputs: number): LayerWeights => ({
  [`${name}/kernel:0`]: array(inputs, 4 * H),
  [`${name}/recurrent_kernel:0`]: array(H, 4 * H),
  [`${name}/bias:0`]: array(4 * H),
});
const dense = (name: string, inputs: number, outputs: number): LayerWeights => ({
  [`${name}/kernel:0`]: array(inputs, outputs),
  [`${name}/bias:0`]: array(outputs),
});

async function imported(...args: string[]): Promise<string> {
  const { out, err, code } = await inProcess('import', ...args, '--force');
  if (code !== 0) throw new Error(err);
  return out;
}

/** What `import` says of what is missing. */
async function refusal(...args: string[]): Promise<string> {
  const { err, code } = await inProcess('import', ...args, '--out', 'none');
  expect(code).not.toBe(0);
  return err;
}

async function sampled(run: string, prompt = 'ab'): Promise<string> {
  const { out, err, code } = await inProcess(
    'sample',
    run,
    '--prompt',
    prompt,
    '--seed',
    '1',
    '--max-tokens',
    '20',
    '--json',
  );
  if (code !== 0) throw new Error(err);
  return (JSON.parse(out) as { text: string }).text;
}

describe('Keras 2 with hard_sigmoid gates, one-hot characters and a window', () => {
  const config = {
    class_name: 'Sequential',
    config: [
      layer('LSTM', 'lstm', {
        units: H,
        recurrent_activation: 'hard_sigmoid',
        batch_input_shape: [null, 6, letters.length],
      }),
      layer('Dense', 'out', { units: letters.length, activation: 'softmax' }),
    ],
  };

  test('generates text with the graph itself, whose window is that of its input', async () => {
    writeFileSync(
      'chars.h5',
      await kerasTwoFile(config, { lstm: lstm('lstm', letters.length), out: dense('out', H, letters.length) }),
    );
    expect(await refusal('chars.h5', '--task', 'text-generation')).toContain('expected a vocabulary, got none');
    const missing = ['chars.h5', '--task', 'text-generation', '--vocabulary', 'none.txt', '--out', 'chars'];
    expect(await refusal(...missing)).toBe('none.txt: is not there\n');
    writeFileSync('letters.txt', letters);
    const given = ['chars.h5', '--task', 'text-generation', '--vocabulary', 'letters.txt', '--out', 'chars'];
    expect(await refusal(...given.slice(0, 5), '--window', '7')).toContain(
      'window: expected 6, which its input has, got 7',
    );
    const out = await imported(...given);
    expect(out).toMatch(/model +the graph as it is\n/);
    expect(out).toMatch(/window +6 symbols are read at once\npadding +rows of zeros before a shorter text/);
    expect(await sampled('chars')).toHaveLength(20);
  });

  test('continues from its state, and the next symbol is what the graph gives for the window', async () => {
    const run = await openRun('chars');
    if (run.task !== 'text-generation') throw new Error(run.task);
    const session = run.session({ prompt: 'abcabc abc', seed: 4 });
    const rest = run.resume(session.state());
    const texts = await Promise.all(
      [session, rest].map(async (one) => {
        let text = '';
        for await (const piece of one.generate({ maxTokens: 8 })) text += piece.text;
        return text;
      }),
    );
    expect(texts[0]).toBe(texts[1]);
    const stepper = run.stepper();
    let logits = new Float32Array(0);
    for (const id of run.vocabulary.encode('abcabc abc')) logits = Float32Array.from(stepper.step(id));
    const window = run.vocabulary.encode('bc abc');
    const tensors = await openRun(await asTensors('chars'));
    if (tensors.task !== 'tensors') throw new Error(tensors.task);
    const oneHot = Float32Array.from({ length: 24 }, (_, k) => Number(window[Math.floor(k / 4)] === k % 4));
    const { output } = await tensors.predict({ input: { shape: [1, 6, 4], data: oneHot } });
    for (const [id, p] of Array.from(output.data as Float32Array).entries())
      expect(Math.exp(logits[id])).toBeCloseTo(p, 6);
  });

  test('is measured, and what needs cells of the library says so', async () => {
    writeFileSync('other.txt', 'abc abc cab '.repeat(6));
    const { out } = await inProcess('eval', 'chars', '--text', 'other.txt', '--json');
    const { loss, characters } = JSON.parse(out) as { loss: number; characters: number };
    expect(characters).toBe(71);
    const run = await openRun('chars');
    if (run.task !== 'text-generation') throw new Error(run.task);
    const ids = Array.from(run.vocabulary.encode(readFileSync('other.txt', 'utf8')));
    const stepper = run.stepper();
    const nats = ids.slice(0, -1).map((id, t) => -stepper.step(id)[ids[t + 1]]); // its scores are log-probabilities
    expect(loss).toBeCloseTo(nats.reduce((a, b) => a + b, 0) / nats.length, 5);
    expect((await inProcess('inspect', 'chars', '--text', 'other.txt')).err).toContain(
      "knows the library's own models alone",
    );
    expect((await inProcess('sample', 'chars', '--weights', 'int8')).err).toContain('float32 only');
    expect((await inProcess('predict', 'chars', 'abc')).err).toContain('it answers to npx unrolled sample chars');
  });
});

/** The same run as one of tensors. */
async function asTensors(run: string): Promise<Record<string, Uint8Array>> {
  const config = JSON.parse(readFileSync(`${run}/config.json`, 'utf8')) as { task: string; model: { input: object } };
  config.task = 'tensors';
  config.model.input = { kind: 'tensors' };
  return {
    'config.json': new TextEncoder().encode(JSON.stringify(config)),
    'model.safetensors': readFileSync(`${run}/model.safetensors`),
  };
}

describe('a classifier of Keras that is no model of the library', () => {
  const words = ['<pad>', 'good', 'bad', 'film'];
  const config = {
    class_name: 'Sequential',
    config: [
      layer('Embedding', 'emb', { input_dim: 4, output_dim: 3, input_length: 5, batch_input_shape: [null, 5] }),
      layer('Conv1D', 'conv', { filters: 3, kernel_size: [2], activation: 'relu' }),
      layer('LSTM', 'lstm', { units: H, recurrent_activation: 'hard_sigmoid' }),
      layer('Dense', 'out', { units: 1, activation: 'sigmoid' }),
    ],
  };

  test('answers with two labels, and its texts are padded before', async () => {
    const weights = {
      emb: { 'emb/embeddings:0': array(4, 3) },
      conv: { 'conv/kernel:0': array(2, 3, 3), 'conv/bias:0': array(3) },
      lstm: lstm('lstm', 3),
      out: dense('out', H, 1),
    };
    writeFileSync('reviews.h5', await kerasTwoFile(config, weights));
    writeFileSync('words.json', JSON.stringify(words));
    writeFileSync('labels.txt', 'no\nyes\n');
    const task = ['reviews.h5', '--task', 'text-classification', '--vocabulary', 'words.json'];
    expect(await refusal(...task)).toContain('expected labels, got none');
    expect(await imported(...task, '--labels', 'labels.txt', '--out', 'reviews')).toMatch(
      /padding +id 0 before a shorter text/,
    );
    const run = await openRun('reviews');
    if (run.task !== 'text-classification') throw new Error(run.task);
    const [{ scores }] = await run.predict('good film');
    const tensors = await openRun(await asTensors('reviews'));
    if (tensors.task !== 'tensors') throw new Error(tensors.task);
    const { output } = await tensors.predict({ input: { shape: [1, 5], data: [0, 0, 0, 1, 3] } });
    expect(scores.find(({ label }) => label === 'yes')?.score).toBeCloseTo(output.data[0], 6);
    const all = await run.predict(['good film', 'bad', 'nothing known', 'bad bad bad bad bad good film']);
    expect(all[0].scores[0].score).toBeCloseTo(scores[0].score, 6);
    expect((await inProcess('predict', 'reviews', 'good film')).out).toMatch(/no|yes/);
    writeFileSync('table.csv', 'text,label\ngood,yes\nbad,no\n');
    expect((await inProcess('eval', 'reviews', '--file', 'table.csv')).err).toContain(
      "knows the library's own models alone",
    );
  });
});

test.each([
  [false, /model +the graph as it is[^]*padding +id 0 before a shorter text/],
  [true, /model +sequence-classifier, lstm, 1 × 5 units/],
])('a classifier of a fixed length reads its padding unless there is a mask: mask_zero %s', async (masked, message) => {
  const layers = [
    layer('Embedding', 'emb', { input_dim: 4, output_dim: 3, batch_input_shape: [null, 5], mask_zero: masked }),
    layer('LSTM', 'lstm', { units: H, recurrent_activation: 'sigmoid' }),
    layer('Dense', 'out', { units: 2, activation: 'softmax' }),
  ];
  const weights = { emb: { 'emb/embeddings:0': array(4, 3) }, lstm: lstm('lstm', 3), out: dense('out', H, 2) };
  writeFileSync('fixed.h5', await kerasTwoFile({ class_name: 'Sequential', config: layers }, weights));
  writeFileSync('words.json', JSON.stringify(['<pad>', 'good', 'bad', 'film']));
  writeFileSync('labels.txt', 'no\nyes\n');
  const files = ['--vocabulary', 'words.json', '--labels', 'labels.txt', '--out', 'fixed'];
  expect(await imported('fixed.h5', '--task', 'text-classification', ...files)).toMatch(message);
  expect(await imported('fixed.h5', '--out', 'fixed-tensors')).toContain('certified');
  const run = await openRun('fixed');
  const tensors = await openRun('fixed-tensors');
  if (run.task !== 'text-classification' || tensors.task !== 'tensors') throw new Error(run.task);
  const [{ scores }] = await run.predict('bad film');
  const { output } = await tensors.predict({ input: { shape: [1, 5], data: [0, 0, 0, 2, 3] } }); // as Keras pads
  expect(scores.find(({ label }) => label === 'yes')?.score).toBeCloseTo(output.data[1], 6);
});

test('TensorFlow.js: a model with its shard becomes a LanguageModel', async () => {
  const parts = { lstm: lstm('lstm', letters.length), out: dense('out', H, letters.length) };
  const flat = Object.values(parts).flatMap((one) => Object.entries(one));
  const layers = [
    layer('LSTM', 'lstm', {
      units: H,
      recurrent_activation: 'sigmoid',
      return_sequences: true,
      batch_input_shape: [null, null, 4],
    }),
    layer('Dense', 'out', { units: 4, activation: 'softmax' }),
  ];
  const manifest = [{ paths: ['a.bin'], weights: flat.map(([name, [shape]]) => ({ name: name.replace(':0', ''), shape, dtype: 'float32' })) }]; // biome-ignore format: a line
  writeFileSync('tfjs.json', JSON.stringify({ modelTopology: { class_name: 'Sequential', config: { layers } }, weightsManifest: manifest })); // biome-ignore format: a line
  writeFileSync('a.bin', new Uint8Array(Float32Array.from(flat.flatMap(([, [, values]]) => values)).buffer));
  writeFileSync('letters.txt', letters);
  const given = ['tfjs.json', '--task', 'text-generation', '--vocabulary', 'letters.txt'];
  // A window is read by the graph, as it was trained; without one the library's own model reads on.
  expect(await imported(...given, '--window', '4', '--out', 'windows')).toMatch(/model +the graph as it is/);
  expect(await sampled('windows')).toHaveLength(20);
  expect(await imported(...given, '--out', 'tfjs')).toMatch(/model +language-model, lstm, 1 × 5 units/);
  expect(await sampled('tfjs')).toHaveLength(20);
  expect((await inProcess('inspect', 'tfjs', '--text', 'letters.txt', '--section', 'spectrum')).code).toBe(0);
});

test('ONNX: ids, an embedding, an LSTM and scores become a LanguageModel', async () => {
  const values = (...shape: number[]) => ({ shape, values: array(...shape)[1] });
  const bytes = onnxModel({
    nodes: [
      { op: 'Gather', inputs: ['table', 'ids'], outputs: ['x'] },
      { op: 'LSTM', inputs: ['x', 'W', 'R', 'B'], outputs: ['y4'], attributes: { hidden_size: H } },
      { op: 'Squeeze', inputs: ['y4', 'one'], outputs: ['y'] },
      { op: 'MatMul', inputs: ['y', 'M'], outputs: ['scores'] },
    ],
    inputs: [{ name: 'ids', type: 'int64', shape: ['time', 'batch'] }],
    outputs: [{ name: 'scores' }],
    initializers: {
      table: values(4, 3),
      W: values(1, 4 * H, 3),
      R: values(1, 4 * H, H),
      B: values(1, 8 * H),
      M: values(H, 4),
      one: { shape: [1], values: [1], type: 'int64' },
    },
  });
  writeFileSync('chars.onnx', bytes);
  writeFileSync('letters.json', JSON.stringify(letters));
  const given = ['chars.onnx', '--task', 'text-generation', '--vocabulary', 'letters.json', '--out', 'onnx'];
  expect(await imported(...given)).toMatch(/model +language-model, lstm, 1 × 5 units/);
  expect(await sampled('onnx')).toHaveLength(20);
});

test('recurrentjs has its letters in the file', async () => {
  const matrix = (n: number, d: number) => ({ n, d, w: array(n, d)[1] });
  const gates = ['i', 'f', 'c', 'o'].flatMap((g) => [
    [`W${g}x0`, matrix(3, 2)],
    [`W${g}h0`, matrix(3, 3)],
    [`b${g}0`, matrix(3, 1)],
  ]);
  const model = { Wil: matrix(4, 2), ...(Object.fromEntries(gates) as object), Whd: matrix(4, 3), bd: matrix(4, 1) };
  writeFileSync(
    'demo.json',
    JSON.stringify({ generator: 'lstm', hidden_sizes: [3], letter_size: 2, model, vocab: ['a', 'b', 'c'] }),
  );
  const out = await imported('demo.json', '--task', 'text-generation', '--out', 'demo');
  expect(out).toMatch(/vocabulary +3 letters of the file/);
  expect(await sampled('demo')).toMatch(/^[abc\u{f0000}]{20}$/u);
});

test('ml5 has its vocabulary next to the manifest', async () => {
  const cell = 'rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell/';
  const raw = {
    embedding: [4, 3],
    [`${cell}kernel`]: [8, 20],
    [`${cell}bias`]: [20],
    'rnnlm/softmax_w': [5, 4],
    'rnnlm/softmax_b': [4],
  };
  const entries = Object.entries(raw).map(([name, shape], k) => ({ name, shape, filename: `part${k}` }));
  mkdirSync('ml5');
  for (const { shape, filename } of entries)
    writeFileSync(`ml5/${filename}`, new Uint8Array(Float32Array.from(array(...shape)[1]).buffer));
  writeFileSync(
    'ml5/manifest.json',
    JSON.stringify(Object.fromEntries(entries.map(({ name, ...rest }) => [name, rest]))),
  );
  expect(await refusal('ml5/manifest.json', '--task', 'text-generation')).toContain('expected a vocabulary, got none');
  writeFileSync(
    'ml5/vocab.json',
    JSON.stringify(Object.fromEntries(Array.from(letters, (letter, id) => [letter, id]))),
  );
  expect(await imported('ml5/manifest.json', '--task', 'text-generation', '--out', 'ml5-run')).toMatch(
    /vocabulary +vocab\.json/,
  );
  expect(await sampled('ml5-run')).toHaveLength(20);
});

test('RTNeural is no text, and says so; its numbers are asked as tensors', async () => {
  const rows = (n: number, d: number) => Array.from({ length: n }, () => array(d)[1]);
  const layers = [
    { type: 'lstm', activation: '', shape: [null, null, 2], weights: [rows(1, 8), rows(2, 8), array(8)[1]] },
    { type: 'dense', activation: '', shape: [null, null, 1], weights: [rows(2, 1), array(1)[1]] },
  ];
  writeFileSync('amp.json', JSON.stringify({ in_shape: [null, null, 1], layers }));
  const out = await imported('amp.json', '--task', 'text-generation', '--vocabulary', 'letters.txt', '--out', 'amp');
  expect(out).toContain('it reads one number a step, which is no one-hot row of a symbol');
  writeFileSync('sound.json', JSON.stringify({ input: [[[0.1], [0.2]]] }));
  const answer = JSON.parse((await inProcess('predict', 'amp', 'sound.json')).out) as { output: number[][][] };
  expect(answer.output[0]).toHaveLength(2);
  const run = await openRun('amp');
  if (run.task !== 'tensors') throw new Error(run.task);
  const session = run.session();
  const pieces = [0.1, 0.2].map((x) => session.push({ input: { shape: [1, 1, 1], data: [x] } }));
  for (const [t, piece] of pieces.entries())
    expect((await piece).output.data[0]).toBeCloseTo(answer.output[0][t][0], 6);
});

test('weights of Keras alone ask for the configuration, and take it by name', async () => {
  const config = {
    class_name: 'Sequential',
    config: { name: 'net', layers: [layer('Dense', 'd', { units: 2, batch_input_shape: [null, 3] })] },
  };
  writeFileSync('only.h5', await kerasTwoFile(null, { d: dense('d', 3, 2) }));
  expect(await refusal('only.h5')).toContain(
    'give the configuration that model.to_json() writes: --architecture model.json',
  );
  expect((await inProcess('describe', 'only.h5')).out).toContain('--architecture gives the configuration');
  writeFileSync('given.json', JSON.stringify(config));
  writeFileSync('wrong.json', '{"layers": []}');
  expect(await refusal('only.h5', '--architecture', 'wrong.json')).toContain(
    'architecture: expected what model.to_json() gives',
  );
  expect(await refusal('demo.json', '--architecture', 'given.json')).toContain(
    'architecture: expected weights of Keras',
  );
  expect(await imported('only.h5', '--architecture', 'given.json', '--out', 'only')).toContain(
    'the architecture that was given',
  );
  expect((await openRun('only')).task).toBe('tensors');
});

test('a run of text replays its certificate when it is opened', async () => {
  for (const run of ['chars', 'tfjs']) {
    cpSync(run, 'changed', { recursive: true, force: true });
    const certificate = JSON.parse(readFileSync(path('changed/certificate.json'), 'utf8')) as {
      vectors: { outputs: Record<string, { values: number[] }> }[];
    };
    const [vector] = certificate.vectors.slice(-1);
    Object.values(vector.outputs)[0].values[0] += 0.5;
    const files = Object.fromEntries(
      ['config.json', 'model.safetensors', 'vocabulary.json'].map((name) => [name, readFileSync(`changed/${name}`)]),
    );
    expect((await openRun(files)).task).toBe('text-generation');
    await expect(openRun({ ...files, 'certificate.json': certificate })).rejects.toThrow(
      'does not compute what was certified',
    );
  }
});
