// Models that others trained and published, beside the repository: each is read by one call and gives the values that were recorded for it, to 1e-4. Those
// of text become runs of text generation, and write the text that was recorded.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { certify, ownRun, type OwnRunOptions, readModel } from '@unrolled/convert';
import { currentBackend, indices, noGrad, openRun, scope, type Tensor, tensor, useBackend } from 'unrolled';
import type { GraphModel, GraphValue } from 'unrolled/graph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TensorData, writeSafetensors } from 'unrolled/io';
import type { TextGenerationPipeline } from 'unrolled/pipelines';
import { describeUnless, sharedData, withoutData } from './needs.ts';
import { sileroModel } from './silero.ts';

const tolerance = 1e-4;

const before = currentBackend();
beforeAll(() => useBackend('native'));
afterAll(() => useBackend(before));

const path = (name: string) => sharedData(name) as string;
const json = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;

interface Book {
  readonly charset: string;
  readonly eval_text: string;
  readonly eval_next_char_accuracy: number;
  readonly eval_bits_per_char: number;
}

type Rows = readonly (readonly number[])[];

/** The output of a network, on the host. */
const outputOf = (network: GraphModel, inputs: Readonly<Record<string, GraphValue>>): Float32Array =>
  noGrad(() => scope(() => Float32Array.from((network.forward(inputs).output as Tensor).dataSync())));

function expectValues(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length).toBe(expected.length);
  const worst = Array.from(expected, (value, i) => Math.abs(value - got[i])).reduce((a, b) => Math.max(a, b), 0);
  expect(worst).toBeLessThan(tolerance);
}

const oneHot = (ids: Rows, V: number) => {
  const values = new Float32Array(ids.length * ids[0].length * V);
  for (const [k, id] of ids.flat().entries()) values[k * V + id] = 1;
  return tensor(values, [ids.length, ids[0].length, V]);
};

/** The model as an open run of text generation. */
async function writerOf(file: string, options: Omit<OwnRunOptions, 'task'> = {}): Promise<TextGenerationPipeline> {
  const model = await readModel(file);
  const run = ownRun(model, certify(model, { sha256: '0'.repeat(64) }), { task: 'text-generation', ...options });
  if (typeof run === 'string') throw new Error(run);
  const { config, contents, certificate, weights } = run;
  const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));
  const opened = await openRun({
    'config.json': json(config),
    'certificate.json': json(certificate),
    'model.safetensors': writeSafetensors(weights as Map<string, TensorData>),
    ...Object.fromEntries(Object.entries(contents).map(([name, content]) => [`${name}.json`, json(content)])),
  });
  if (opened.task !== 'text-generation') throw new Error(opened.task);
  return opened;
}

const named = (file: string) => ({ text: readFileSync(file, 'utf8'), source: file });

/** Bits per character of probabilities [n, V] for the ids that came next. */
const bits = (probabilities: ArrayLike<number>, V: number, next: readonly number[]) =>
  next.reduce((sum, id, k) => sum - Math.log2(probabilities[k * V + id]), 0) / next.length;

describeUnless(withoutData('weights-textgenrnn'), 'textgenrnn: Keras 2 weights alone, in the layout of cuDNN', () => {
  interface Expected {
    readonly greedy_text: string;
    readonly cases: readonly { readonly ids: readonly number[]; readonly probs_top10: readonly [number, number][] }[];
  }

  test('the most probable next characters', async () => {
    const folder = path('weights-textgenrnn');
    const network = (await readModel(`${folder}/hacker_news.hdf5`)).module();
    const { cases } = json<Expected>(`${folder}/hacker_news.expected.json`);
    const ids = indices(cases.flatMap((one) => one.ids), [cases.length, cases[0].ids.length]); // biome-ignore format: a call
    const found = outputOf(network, { input: ids });
    for (const [k, { probs_top10: top }] of cases.entries())
      expectValues(top.map(([id]) => found[k * 465 + id]), top.map(([, p]) => p)); // biome-ignore format: pairs
  });

  test('generates the most probable title, in windows of 40 characters', async () => {
    const folder = path('weights-textgenrnn');
    const vocabulary = named(`${folder}/textgenrnn_vocab.json`);
    const writer = await writerOf(`${folder}/hacker_news.hdf5`, { vocabulary, window: 40 });
    const { greedy_text: title } = json<Expected>(`${folder}/hacker_news.expected.json`);
    const begin = json<Record<string, number>>(`${folder}/textgenrnn_vocab.json`)['<s>'];
    const stepper = writer.stepper();
    const ids: number[] = [];
    for (let id = begin; ids.length < title.length + 1; ids.push(id)) {
      const scores = stepper.step(id);
      id = scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
    }
    expect(writer.vocabulary.decode(ids.slice(0, -1))).toBe(title);
    expect(ids.at(-1)).toBe(begin); // which ends a title, too
  });
});

describeUnless(withoutData('weights-tfjs-lstm'), 'TensorFlow.js: one-hot characters, hard_sigmoid', () => {
  test.each(['AiW-20', 'nietzsche'])('%s', async (name) => {
    const folder = path('weights-tfjs-lstm');
    const network = (await readModel(`${folder}/${name}.json`)).module();
    const { ids, probs } = json<{ ids: Rows; probs: Rows }>(`${folder}/${name}.expected.json`);
    expectValues(outputOf(network, { input: oneHot(ids, probs[0].length) }), probs.flat());
  });

  test('AiW-20 predicts the next character of the book as often as it was recorded', async () => {
    const folder = path('weights-tfjs-lstm');
    const network = (await readModel(`${folder}/AiW-20.json`)).module();
    const expected = json<Book>(`${folder}/AiW-20.expected.json`);
    const V = expected.charset.length;
    const ids = Array.from(expected.eval_text, (character) => expected.charset.indexOf(character));
    const windows = Array.from({ length: ids.length - 40 }, (_, t) => ids.slice(t, t + 40));
    const p = outputOf(network, { input: oneHot(windows, V) });
    const next = ids.slice(40);
    const right = next.filter((id, k) => p.subarray(k * V, (k + 1) * V).every((one) => one <= p[k * V + id]));
    expect(right.length / next.length).toBeCloseTo(expected.eval_next_char_accuracy, 3);
    expect(bits(p, V, next)).toBeCloseTo(expected.eval_bits_per_char, 3);
  });
});

describeUnless(withoutData('weights-ml5-charrnn'), 'ml5 charRNN: raw files of TensorFlow 1', () => {
  interface Expected {
    readonly prompt: string;
    readonly greedy_continuation: string;
    readonly eval_text: string;
    readonly bits_per_char: number;
    readonly logits_after_each_of_first_chars: Rows;
  }

  test.each(['shakespeare', 'charlotte_bronte'])('%s', async (name) => {
    const folder = `${path('weights-ml5-charrnn')}/${name}`;
    const network = (await readModel(folder)).module();
    const expected = json<Expected>(`${folder}/expected.json`);
    const table = json<Record<string, number>>(`${folder}/vocab.json`);
    const idsOf = (text: string) => Array.from(text, (character) => table[character]);
    const logits = expected.logits_after_each_of_first_chars;
    const first = idsOf(expected.eval_text).slice(0, logits.length);
    expectValues(outputOf(network, { ids: indices(first, [1, first.length]) }), logits.flat());

    const all = idsOf(expected.eval_text);
    const V = logits[0].length;
    const scores = outputOf(network, { ids: indices(all, [1, all.length]) });
    const probabilities = tensor(scores, [all.length, V]).softmax().dataSync();
    expect(bits(probabilities, V, all.slice(1))).toBeCloseTo(expected.bits_per_char, 3);

    const writer = await writerOf(folder); // its vocabulary lies next to it
    let text = '';
    for await (const piece of writer.generate(expected.prompt, { greedy: true, maxTokens: 120 })) text += piece.text;
    expect(text).toBe(expected.greedy_continuation);
  });
});

describeUnless(withoutData('weights-rtneural'), 'RTNeural', () => {
  const column = (file: string) => Array.from(readFileSync(file, 'utf8').trim().split('\n'), Number);

  test.each(['lstm', 'lstm_1d', 'conv', 'gru_torch'])('%s, what its framework gave', async (name) => {
    const folder = path('weights-rtneural');
    const network = (await readModel(`${folder}/${name}.json`)).module();
    const x = column(`${folder}/${name}_x_python.csv`);
    const y = outputOf(network, { input: tensor(x, [1, x.length, 1]) });
    expectValues(y, column(`${folder}/${name}_y_python.csv`));
  });

  test('a model whose weights do not fit is refused by the layer that is wrong', async () => {
    await expect(readModel(`${path('weights-rtneural')}/bad_lstm.json`)).rejects.toThrow(
      'bad_lstm.json: layer "lstm_0" (LSTM): expected kernel […, 64], got "lstm_0/0" [1, 80]',
    );
  });
});

describeUnless(withoutData('weights-ucf101-lstm'), 'PyTorch: an LSTM over skeletons', () => {
  test('logits of its classes', async () => {
    const folder = path('weights-ucf101-lstm');
    const model = await readModel(`${folder}/best_baseline_lstm.pt`, { chain: 'lstm last fc.1' });
    const { input, logits } = json<{ input: readonly Rows[]; logits: Rows }>(
      `${folder}/best_baseline_lstm.expected.json`,
    );
    const shape = [input.length, input[0].length, input[0][0].length];
    expectValues(outputOf(model.module(), { input: tensor(input.flat(2), shape) }), logits.flat());
  });
});

describeUnless(
  withoutData('weights-asl-bilstm', 'gesture-asl16'),
  'PyTorch: a bidirectional LSTM over body landmarks, one normalization used twice',
  () => {
    test('logits of the first gestures', async () => {
      const folder = path('weights-asl-bilstm');
      const chain = 'lstm last batchnorm fc1 relu batchnorm layer';
      const network = (await readModel(`${folder}/slr_16.pth`, { chain })).module();
      const { logits } = json<{ logits: Rows }>(`${folder}/expected.json`);
      const bytes = gunzipSync(readFileSync(`${path('gesture-asl16')}/valid.x.i16.gz`));
      const [B, T, I] = [logits.length, 30, 158];
      const x = Float32Array.from({ length: B * T * I }, (_, i) => bytes.readInt16LE(2 * i) / 8);
      expectValues(outputOf(network, { input: tensor(x, [B, T, I]) }), logits.flat());
    });
  },
);

describeUnless(withoutData('weights-silero-vad'), 'Silero VAD', () => {
  test('speech probabilities, chunk by chunk, with the state carried', async () => {
    const folder = path('weights-silero-vad');
    const weights = readFileSync(`${folder}/silero_vad_16k.safetensors`);
    expect((await readModel(`${folder}/silero_vad_16k.safetensors`)).stateDict().size).toBe(15);
    const network = (await readModel(sileroModel(weights, 'LSTM'), { name: 'silero.onnx' })).module();
    const { probs } = json<{ probs: readonly number[] }>(`${folder}/expected.json`);
    const wave = readFileSync(`${folder}/test-first-19s.wav`);
    const sample = (i: number) => (i < 0 ? 0 : wave.readInt16LE(44 + 2 * i) / 32768);
    let states: Record<string, Float32Array> = { h: new Float32Array(128), c: new Float32Array(128) };
    const found = probs.slice(0, 200).map((_, k) =>
      noGrad(() =>
        scope(() => {
          const chunk = Float32Array.from({ length: 576 }, (_none, i) => sample(512 * k - 64 + i));
          const { h, c } = states;
          const { probability, hn, cn } = network.forward({
            samples: tensor(chunk, [1, 576]),
            h: tensor(h, [1, 128]),
            c: tensor(c, [1, 128]),
          }) as Record<string, Tensor>;
          states = { h: Float32Array.from(hn.dataSync()), c: Float32Array.from(cn.dataSync()) };
          return probability.itemSync();
        }),
      ),
    );
    expectValues(found, probs.slice(0, 200));
  });
});
