// The JSON of recurrentjs' character demo, which other small programs write too: `{ generator, hidden_sizes, letter_size, model: { Wil, Wix0, … }, vocab }`,
// each matrix `{ n, d, w }` with its values row by row.
//
//   x = Wil[letter]      LSTM k: gates from W?x_k x + W?h_k h + b?_k with ? = i, f, o and c for the candidate      RNN k: h' = relu(Wxh_k x + Whh_k h + bhh_k)
//   scores = Whd h + bd      letter 0 begins and ends a text

import type { SavedTensor } from 'unrolled';
import { StoredArray } from '../../arrays/stored-array.ts';
import { ConvertError, quoted } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ModelContents, NamedText } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { ModelFiles } from '../../source/contained.ts';
import { parsedJson } from '../json.ts';
import { isRecord, shown } from '../keras/layer-config.ts';
import { type LayerStack, networkOfStack, type StackedLayer, summariesOfStack } from '../layer-stack.ts';

export async function read(files: ModelFiles, report: ConversionReport): Promise<ModelContents> {
  const json = parsedJson(await files.bytes(files.main, limits.jsonBytes), files.name, 'the model');
  const fail = (where: string | null, expected: string, got: unknown): never => {
    throw new ConvertError(files.name, { where, expected, got: shown(got) });
  };
  if (!isRecord(json) || !isRecord(json.model)) return fail(null, 'an object with model', json);
  const arrays = new Map<string, StoredArray>();
  for (const [name, matrix] of Object.entries(json.model)) arrays.set(name, matrixOf(name, matrix, files.name));
  const generator = json.generator ?? (arrays.has('Wix0') ? 'lstm' : 'rnn');
  if (generator !== 'lstm' && generator !== 'rnn') return fail('generator', 'lstm or rnn', generator);
  const stack = stackOf(arrays, generator, report);
  report.decide(
    'vocabulary',
    null,
    'letter 0 begins and ends a text',
    "recurrentjs' convention; letterToIndex begins at 1",
  );
  return {
    format: 'char-rnn-json',
    producer: 'recurrentjs',
    arrays,
    layers: summariesOfStack(stack),
    network: networkOfStack(stack),
    vocabulary: vocabularyIn(json, stack.vocabulary, report),
    report,
  };
}

/** The letters by their ids, where the file has as many as the model: those of letterToIndex, or of vocab from 1 on. */
function vocabularyIn(
  { vocab, letterToIndex }: Readonly<Record<string, unknown>>,
  size: number,
  report: ConversionReport,
): NamedText | null {
  const isLetter = (one: unknown) => typeof one === 'string' && one !== '';
  const ids: unknown = isRecord(letterToIndex)
    ? letterToIndex
    : Array.isArray(vocab) && vocab.every(isLetter)
      ? Object.fromEntries(vocab.map((letter: string, k) => [letter, k + 1]))
      : null;
  if (!isRecord(ids) || Object.keys(ids).length !== size - 1) return null;
  report.decide('vocabulary', null, `${size - 1} letters of the file`, 'it has them by their ids');
  return { text: JSON.stringify(ids), source: report.source };
}

function matrixOf(name: string, json: unknown, source: string): StoredArray {
  const fail = (expected: string, got: unknown): never => {
    throw new ConvertError(source, { where: `matrix ${quoted(name)}`, expected, got: shown(got) });
  };
  if (!isRecord(json)) return fail('a matrix { n, d, w }', json);
  const { n, d, w } = json;
  // A typed array becomes an object of "0", "1", … when it is written as JSON.
  const values = Array.isArray(w)
    ? (w as unknown[])
    : isRecord(w)
      ? Object.keys(w).map((_, i) => w[String(i)])
      : fail('w, the values', w);
  if (!values.every((value) => typeof value === 'number'))
    fail(
      'numbers',
      values.find((value) => typeof value !== 'number'),
    );
  const array = new StoredArray(name, 'float64', [n as number, d as number], source, () =>
    Float64Array.from(values as number[]),
  );
  if (array.size !== values.length) fail(`${array.size} values`, values.length);
  return array;
}

function stackOf(arrays: ReadonlyMap<string, StoredArray>, kind: 'lstm' | 'rnn', report: ConversionReport): LayerStack {
  const need = (name: string, rows: number, columns: number): StoredArray => {
    const array = arrays.get(name);
    const fits = array && (rows < 0 || array.shape[0] === rows) && (columns < 0 || array.shape[1] === columns);
    if (fits) return array;
    throw new ConvertError(report.source, {
      where: `matrix ${quoted(name)}`,
      expected: `[${[rows, columns].map((d) => (d < 0 ? '…' : d)).join(', ')}]`,
      got: array ? `[${array.shape.join(', ')}]` : 'no such matrix',
    });
  };
  const embedding = need('Wil', -1, -1);
  const [vocabulary, width] = embedding.shape;
  const layers: StackedLayer[] = [];
  let inputSize = width;
  for (let k = 0; arrays.has(kind === 'lstm' ? `Wix${k}` : `Wxh${k}`); k++) {
    const hiddenSize = need(kind === 'lstm' ? `Wih${k}` : `Whh${k}`, -1, -1).shape[0];
    const gates = kind === 'lstm' ? ['i', 'f', 'c', 'o'] : ['h'];
    const block = (names: readonly string[], columns: number) => {
      const parts = names.map((name) => need(name, hiddenSize, columns));
      return (): SavedTensor => ({
        shape: columns === 1 ? [names.length * hiddenSize] : [names.length * hiddenSize, columns],
        data: Float32Array.from(parts.flatMap((part) => Array.from(part.floats()))),
      });
    };
    const lstm = kind === 'lstm';
    const weights = new Map<string, () => SavedTensor>([
      [
        'weight_ih_l0',
        matrix(
          block(
            gates.map((g) => (lstm ? `W${g}x${k}` : `Wxh${k}`)),
            inputSize,
          ),
          inputSize,
        ),
      ],
      [
        'weight_hh_l0',
        matrix(
          block(
            gates.map((g) => (lstm ? `W${g}h${k}` : `Whh${k}`)),
            hiddenSize,
          ),
          hiddenSize,
        ),
      ],
      [
        'bias_ih_l0',
        block(
          gates.map((g) => (lstm ? `b${g}${k}` : `bhh${k}`)),
          1,
        ),
      ],
      ['bias_hh_l0', () => ({ shape: [gates.length * hiddenSize], data: new Float32Array(gates.length * hiddenSize) })],
    ]);
    layers.push({ kind: lstm ? 'LSTM' : 'RNN', relu: !lstm, inputSize, hiddenSize, weights });
    inputSize = hiddenSize;
  }
  if (layers.length === 0) throw new ConvertError(report.source, { expected: 'layers, Wix0 or Wxh0', got: 'none' });
  const [weight, bias] = [need('Whd', -1, inputSize), need('bd', -1, 1)];
  if (weight.shape[0] !== vocabulary || bias.shape[0] !== vocabulary)
    throw new ConvertError(report.source, {
      expected: `scores of ${vocabulary} letters`,
      got: String(weight.shape[0]),
    });
  report.decide(
    'gate-order',
    null,
    kind === 'lstm' ? 'i f c o, a matrix each' : 'no gates; the activation is relu',
    'the names of the matrices',
  );
  const output = new Map<string, () => SavedTensor>([
    ['weight', () => weight.saved()],
    ['bias', () => ({ shape: [vocabulary], data: bias.floats() })],
  ]);
  return { vocabulary, width, embedding: () => embedding.saved(), layers, output };
}

/** A matrix keeps its second axis, though it is of size 1. */
function matrix(make: () => SavedTensor, columns: number): () => SavedTensor {
  return () => {
    const { data, shape } = make();
    return { shape: [shape[0], columns], data };
  };
}
