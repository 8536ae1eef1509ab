// The captioning network of CS231n's third assignment under its own names, for weights that come from there or go there:
//
//   h_0 = features W_proj + b_proj        h_t = tanh(W_embed[word] Wx + h_(t−1) Wh + b), or an LSTM with its gates in the order i f o g
//   scores = h W_vocab + b_vocab
//
// Matrices stand on their side there (x W), and there is one bias where PyTorch has two.

import { requireKinds } from '../../checks.ts';
import { FormatError, ShapeError } from '../../errors.ts';
import { GatedCell } from '../../nn/recurrent/cell.ts';
import type { SavedTensor } from '../../nn/module.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Captioner } from './captioner.ts';
import type { CaptionerOptions } from './options.ts';
import { VectorDecoder } from './vector-decoder.ts';

const names = ['W_proj', 'b_proj', 'W_embed', 'Wx', 'Wh', 'b', 'W_vocab', 'b_vocab'] as const;
/** Parameter names of the CS231n captioner. */
export type CS231nName = (typeof names)[number];
/** The parameters of the CS231n captioner, by name. */
export type CS231nParameters = Readonly<Record<CS231nName, SavedTensor>>;

/** A captioner with these weights. The assignment's <START> and <END> are the symbols 1 and 2. */
export function captionerFromCS231n(
  parameters: CS231nParameters,
  options: Pick<CaptionerOptions, 'start' | 'end' | 'dropout'> = {},
): Captioner {
  requireKinds('captionerFromCS231n', { parameters, options }, { parameters: 'object', options: 'object' });
  const source = 'CS231n parameters';
  for (const name of names) {
    if (!parameters[name]) throw new FormatError(source, `lack ${name}`);
    requireKinds(source, { [name]: parameters[name] }, { [name]: { shape: 'numbers', data: 'numbers' } });
  }
  const [D, H] = parameters.W_proj.shape;
  const [V, E] = parameters.W_embed.shape;
  const gates = parameters.b.shape[0] / H;
  if (gates !== 1 && gates !== 4) throw new ShapeError(source, 'b', `[${H}] or [${4 * H}]`, parameters.b.shape);
  const expected = { W_proj: [D, H], b_proj: [H], W_embed: [V, E], Wx: [E, gates * H], Wh: [H, gates * H], b: [gates * H], W_vocab: [H, V], b_vocab: [V] }; // biome-ignore format: one network
  for (const name of names)
    if (!sameShape(parameters[name].shape, expected[name]))
      throw new ShapeError(source, name, expected[name], parameters[name].shape);
  for (const name of names) {
    const count = expected[name].reduce((product, n) => product * n, 1);
    if (parameters[name].data.length !== count)
      throw new FormatError(
        source,
        `${name}: expected ${count} numbers for its shape, got ${parameters[name].data.length}`,
      );
  }
  const model = new Captioner({
    vocabularySize: V,
    encoder: null,
    featureSize: D,
    form: 'initial',
    cell: gates === 4 ? 'lstm' : 'rnn',
    hiddenSize: H,
    embeddingDim: E,
    start: 1,
    end: 2,
    ...options,
  });
  const { project, cell } = partsOf(model);
  const set = (p: Tensor | null, values: ArrayLike<number>) => p?.set(values);
  set(project.weight, transpose(parameters.W_proj));
  set(project.bias, parameters.b_proj.data);
  set(model.embedding.weight, parameters.W_embed.data);
  set(cell.weightIh, swapGates(transpose(parameters.Wx), H, E));
  set(cell.weightHh, swapGates(transpose(parameters.Wh), H, H));
  set(cell.biasIh, swapGates(parameters.b.data, H, 1));
  set(cell.biasHh, new Float64Array(gates * H));
  set(model.output.weight, transpose(parameters.W_vocab));
  set(model.output.bias, parameters.b_vocab.data);
  return model;
}

/** The other way round. Throws a FormatError for a captioner of another form. */
export function captionerToCS231n(model: Captioner): CS231nParameters {
  requireKinds('captionerToCS231n', { model }, { model: { config: { form: 'text' }, decoder: 'object' } });
  const { project, cell } = partsOf(model);
  const H = model.config.hiddenSize;
  const valuesOf = (p: Tensor) => p.dataSync();
  const E = model.config.embeddingDim;
  const turned = (data: ArrayLike<number>, rows: number): SavedTensor => {
    const columns = data.length / rows;
    return { shape: [columns, rows], data: transpose({ shape: [rows, columns], data: Float64Array.from(data) }) };
  };
  const flat = (data: ArrayLike<number>): SavedTensor => ({ shape: [data.length], data: Float64Array.from(data) });
  const gates = (p: Tensor, width: number) => swapGates(valuesOf(p), H, width);
  const [ih, hh] = [cell.biasIh, cell.biasHh].map((p) => valuesOf(p as Tensor));
  const bias = Float64Array.from(ih, (v, k) => v + hh[k]);
  return {
    W_proj: turned(valuesOf(project.weight), H),
    b_proj: flat(valuesOf(project.bias as Tensor)),
    W_embed: { shape: model.embedding.weight.shape, data: valuesOf(model.embedding.weight) },
    Wx: turned(gates(cell.weightIh, E), bias.length),
    Wh: turned(gates(cell.weightHh, H), bias.length),
    b: flat(swapGates(bias, H, 1)),
    W_vocab: turned(valuesOf(model.output.weight), model.config.vocabularySize),
    b_vocab: flat(valuesOf(model.output.bias as Tensor)),
  };
}

function partsOf({ decoder, encoder, config }: Captioner) {
  const cell = decoder instanceof VectorDecoder ? decoder.layer.cells[0] : null;
  if (encoder || config.form !== 'initial' || !['rnn', 'lstm'].includes(config.cell) || !(cell instanceof GatedCell))
    throw new FormatError('Captioner', "CS231n's layout is for features, form 'initial' and the cells rnn and lstm");
  const { project } = decoder as VectorDecoder;
  return { project: project as NonNullable<typeof project>, cell };
}

function transpose({ shape: [rows, columns], data }: Pick<SavedTensor, 'shape' | 'data'>): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, k) => data[(k % rows) * columns + Math.floor(k / rows)]);
}

/** Blocks i f o g ↔ i f g o, of `width` numbers a row; one block stays as it is. */
function swapGates(data: ArrayLike<number>, H: number, width: number): Float64Array {
  const block = H * width;
  if (data.length === block) return Float64Array.from(data);
  const from = [0, 1, 3, 2];
  return Float64Array.from({ length: data.length }, (_, k) => data[from[Math.floor(k / block)] * block + (k % block)]);
}
