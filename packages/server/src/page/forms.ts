// What a person can try of each task: the fields of its form, a sentence about it, and the same request as a program would make it.

import type { TaskName } from 'unrolled/pipelines';
import type { EngineModel } from '../engine/engine.ts';
import { escapeHtml } from './html.ts';

export interface Form {
  readonly title: string;
  /** A sentence. */
  readonly say: string;
  /** HTML. */
  readonly fields: string;
  readonly button: string;
  readonly path: string;
  /** Body of the example for curl. */
  readonly example: Readonly<Record<string, unknown>>;
}

const area = (name: string, label: string, value = '', rows = 3, hint = '') =>
  `<label class="wide">${label}<textarea name="${name}" rows="${rows}" spellcheck="false" placeholder="${escapeHtml(hint)}">${escapeHtml(value)}</textarea></label>`;
const numeric = (name: string, label: string, value: string, range: string) =>
  `<label>${label}<input type="number" name="${name}" value="${value}" ${range}></label>`;
const file = (name: string, label: string, many = false) =>
  `<label class="wide">${label}<input type="file" name="${name}" accept="image/*" required${many ? ' multiple' : ''}></label>`;

const dataUri = 'data:image/png;base64,…';

const forms: Readonly<Record<TaskName, (model: EngineModel) => Form>> = {
  'text-generation': ({ id }) => ({
    title: 'Continue a text',
    say: 'The model goes on from your words, one character or token at a time. Characters that it does not know are left out.',
    fields:
      area('prompt', 'Text', '', 3, 'Begin with anything, or with nothing') +
      numeric('max_tokens', 'Length', '300', 'min="1" max="16384"') +
      numeric('temperature', 'Temperature', '0.8', 'min="0" max="10" step="0.1"') +
      numeric('seed', 'Seed', '', 'step="1" placeholder="any"'),
    button: 'Write',
    path: '/v1/completions',
    example: { model: id, prompt: 'The ', max_tokens: 200, stream: true },
  }),
  'text-classification': ({ id }) => ({
    title: 'Classify a text',
    say: 'The probability of each label.',
    fields: area('input', 'Text', '', 3, 'A sentence or two'),
    button: 'Classify',
    path: '/v1/classify',
    example: { model: id, input: ['not bad at all'], topK: 3 },
  }),
  'token-classification': ({ id }) => ({
    title: 'Label the words of a text',
    say: 'The most probable label of each token.',
    fields: area('input', 'Text', '', 2, 'A sentence'),
    button: 'Label',
    path: '/v1/tag',
    example: { model: id, input: 'a sentence' },
  }),
  translation: ({ id }) => ({
    title: 'Translate a text',
    say: 'By beam search: the translations with the highest scores.',
    fields: area('input', 'Text', '', 2, 'A sentence') + numeric('beams', 'Beam width', '5', 'min="1" max="32"'),
    button: 'Translate',
    path: '/v1/translate',
    example: { model: id, input: 'a sentence', beams: 5, nBest: 3 },
  }),
  'image-to-text': ({ id }) => ({
    title: 'Describe an image',
    say: 'The caption with the highest score.',
    fields: file('image', 'Image') + numeric('beams', 'Beam width', '5', 'min="1" max="32"'),
    button: 'Describe',
    path: '/v1/caption',
    example: { model: id, image: dataUri },
  }),
  'visual-question-answering': ({ id }) => ({
    title: 'Ask about an image',
    say: 'The most probable answers, and the answer that the question alone would have got.',
    fields: file('image', 'Image') + area('question', 'Question', '', 1, 'What color is it?'),
    button: 'Ask',
    path: '/v1/vqa',
    example: { model: id, image: dataUri, question: 'what color is it?' },
  }),
  'video-classification': ({ id }) => ({
    title: 'Label a clip',
    say: 'Choose the frames of a clip; they are read in the order of their names.',
    fields: file('frames', 'Frames', true),
    button: 'Label',
    path: '/v1/video',
    example: { model: id, frames: [dataUri, dataUri] },
  }),
  'time-series-forecasting': (model) => ({
    title: 'Forecast a series',
    say: 'A row a step, the oldest first; the values here are an example. The band is between the outermost quantiles.',
    fields: area('csv', 'Values, with the names of the columns above them', exampleSeries(model), 8),
    button: 'Forecast',
    path: '/v1/forecast',
    example: { model: model.id, ...exampleBody(model) },
  }),
  'time-series-classification': (model) => ({
    title: 'Label a sequence of numbers',
    say: 'A row a step, the first step first; the values here are an example. An empty cell is a missing value.',
    fields: area('csv', 'Values, with the names of the features above them', exampleSequence(model), 8),
    button: 'Label',
    path: '/v1/series',
    example: { model: model.id, columns: Object.fromEntries(featuresOf(model).map((name) => [name, [0.1, 0.2, '…']])) },
  }),
  tensors: ({ id }) => ({
    title: 'Run the network',
    say: 'Tensors by name: a shape, and the values row by row.',
    fields: area('inputs', 'Inputs as JSON', '{ "input": { "shape": [1, 1], "data": [0] } }', 6),
    button: 'Run',
    path: '/v1/tensors',
    example: { model: id, inputs: { input: { shape: [1, 1], data: [0] } } },
  }),
};

export const formOf = (model: EngineModel): Form => forms[model.task](model);

/** A wave in every column, as long as the model reads; known columns go on to the end of the forecast. */
function exampleSeries({ info }: EngineModel): string {
  const {
    columns = [],
    known = [],
    length = 0,
    horizon = 0,
  } = Object(info.input) as {
    columns?: readonly string[];
    known?: readonly string[];
    length?: number;
    horizon?: number;
  };
  const steps = Math.min(length, 2000);
  const cell = (t: number, k: number) => (50 + 20 * Math.sin((2 * Math.PI * t) / 24 + k)).toFixed(1);
  const rows = Array.from({ length: steps + (known.length > 0 ? horizon : 0) }, (_, t) =>
    [...columns.map((_name, k) => (t < steps ? cell(t, k) : '')), ...known.map((_name, k) => String((t + k) % 7))].join(
      ',',
    ),
  );
  return [[...columns, ...known].join(','), ...rows].join('\n');
}

const featuresOf = ({ info }: EngineModel): readonly string[] =>
  (info as { readonly features?: readonly string[] }).features ?? [];

/** A wave in every feature, of twenty steps. */
function exampleSequence(model: EngineModel): string {
  const names = featuresOf(model);
  const cell = (t: number, k: number) => Math.sin((2 * Math.PI * t) / 20 + k).toFixed(2);
  return [names, ...Array.from({ length: 20 }, (_, t) => names.map((_name, k) => cell(t, k)))]
    .map((row) => row.join(','))
    .join('\n');
}

/** The beginning of a request's body: the model's own columns. */
function exampleBody({ info }: EngineModel): Record<string, unknown> {
  const { columns = [], known = [] } = Object(info.input) as { columns?: readonly string[]; known?: readonly string[] };
  const some = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, [1, 2, '…']]));
  return { columns: some(columns), ...(known.length > 0 ? { known: some(known) } : {}) };
}
