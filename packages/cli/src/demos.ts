// What `unrolled demo` shows, task by task: training commands whose settings reach, in at most a minute on one thread of WebAssembly, a result that a person
// sees to be right. `npm run bench:demos` measures all of them and writes the table of docs/demos.md.

import { syntheticData } from 'unrolled/data';

/** A training command with its settings chosen, on synthetic data. */
export interface Demo {
  readonly inputs?: readonly string[];
  /** One line for the list, where that of its data does not do. */
  readonly about?: string;
  /** Options by their names. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly goal: Goal;
}

/** The result that a demonstration reaches. */
export interface Goal {
  /** A metric of the best validation, or a field of the result. */
  readonly metric: string;
  /** Its bound: the metric is at least, or at most, this. One of the two. */
  readonly least?: number;
  readonly most?: number;
  /** What the metric is, for a person. */
  readonly what: string;
}

const labels = (what: string, steps: number, more: object = {}): Omit<Demo, 'inputs'> => ({
  values: { steps, ...more },
  goal: { metric: 'accuracy', least: 0.99, what },
});
const pairs = (steps: number, least: number, more: object = {}): Demo => ({
  values: { dropout: 0, batch: 64, lr: 4e-3, steps, ...more },
  goal: { metric: 'exactMatch', least, what: 'new inputs whose output is right, to the last symbol' },
});
const captioned = (steps: number, more: object): Demo => ({
  values: { hidden: 64, embedding: 32, dropout: 0, coverage: 0, lr: 4e-3, steps, ...more },
  goal: { metric: 'exact', least: 0.9, what: 'new images whose caption is right, word for word' },
});

/** By task, then by name. The first of a task is what is shown without a name. */
export const demos: Readonly<Record<string, Readonly<Record<string, Demo>>>> = {
  text: {
    text: {
      values: { demo: true, hidden: 128, embedding: 64, steps: 600 },
      goal: { metric: 'bitsPerCharacter', most: 2, what: 'bits per character of text that was not trained on' },
    },
  },
  classify: {
    sentiment: labels('new reviews whose label is right', 500),
    'sentiment-ko': labels('new reviews whose label is right', 500, { unit: 'word' }),
    strokes: labels('new drawings whose figure is right', 300),
  },
  tag: {
    brackets: labels('characters of new texts whose tag is right', 500, { dropout: 0 }),
    'bracket-match': labels('characters of new texts whose tag is right', 800, { dropout: 0, lr: 4e-3 }),
    activity: {
      values: { steps: 400 },
      goal: { metric: 'accuracy', least: 0.95, what: 'steps of new recordings whose activity is right' },
    },
  },
  translate: {
    sums: pairs(1200, 0.9, { hidden: 96, lr: 5e-3 }),
    reversals: { ...pairs(500, 0.95), about: syntheticData.reversal.about },
    dates: pairs(250, 0.95),
    'dates-ko': pairs(250, 0.95),
    numbers: { ...pairs(1000, 0.95, { hidden: 96, lr: 5e-3 }), about: syntheticData['number-words'].about },
    'numbers-ko': { ...pairs(1000, 0.95, { hidden: 96, lr: 5e-3 }), about: syntheticData['number-words-ko'].about },
  },
  caption: {
    scenes: {
      ...captioned(1100, { size: 24, kernel: '2', channels: '32,64,64' }),
      about: 'images of one shape: a red circle at the top left',
    },
    where: captioned(1200, { channels: '32,64,64', kernel: '2' }),
  },
  forecast: {
    sines: {
      values: { steps: 1200 },
      goal: { metric: 'mse', most: 0.05, what: 'mean squared error of standardized values' },
    },
  },
  memory: {
    adding: {
      inputs: ['adding'],
      values: { length: 50, lr: 2e-3, steps: 3000 },
      goal: { metric: 'mse', most: 0.005, what: 'mean squared error of the sum' },
    },
    'temporal-order': {
      inputs: ['temporal-order'],
      values: { hidden: 32, lr: 1e-2, length: 50, steps: 1500 },
      goal: { metric: 'accuracy', least: 0.99, what: 'new sequences whose order is right' },
    },
    copy: {
      inputs: ['copy'],
      values: { length: 5, hidden: 128, lr: 1e-2, schedule: 'cosine', warmup: 200, steps: 4100 },
      goal: { metric: 'recall', least: 0.99, what: 'symbols that are reproduced' },
    },
    'embedded-reber': {
      inputs: ['embedded-reber'],
      values: { cell: 'lstm', hidden: 16, lr: 2e-2, batch: 10, steps: 1500 },
      goal: { metric: 'legal', least: 0.99, what: 'strings whose every prediction is legal' },
    },
    parity: {
      inputs: ['parity'],
      values: { cell: 'lstm', hidden: 16, lr: 5e-3, batch: 64, everyStep: true, steps: 1000 },
      goal: { metric: 'accuracy', least: 0.99, what: 'longer rows whose parity is right' },
    },
  },
  vqa: {
    scenes: {
      about: 'images of two shapes and questions about them: what color is the star?',
      values: {
        size: 24,
        channels: '32,64,96',
        kernel: '2',
        hidden: 48,
        commonSize: 128,
        batch: 12,
        optimizer: 'adamw',
        lr: 6e-3,
        steps: 3200,
      },
      goal: { metric: 'accuracy', least: 0.9, what: 'questions about new images whose answer is right' },
    },
  },
  video: {
    clips: {
      about: syntheticData.motions.about,
      values: { channels: '12,24,48', hidden: 48, dropout: 0, batch: 16, lr: 4e-3, steps: 700 },
      goal: { metric: 'accuracy', least: 0.85, what: 'new clips whose motion is right' },
    },
  },
};
