// Dropout where the state goes from step to step: new masks at every step forget what has to be remembered, one mask for all steps does not (Gal and
// Ghahramani 2016).

import { Cell, dropoutMask, GRUCell, Recurrent, type Tensor } from '../index.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { percent, short } from './numbers.ts';
import { learnToRemember } from './remember.ts';
import { lessonTerms } from './words/common.ts';
import { type DropoutValues, type DropoutWords, dropoutWords } from './words/dropout.ts';

type Masks = DropoutValues['ways'][number]['masks'];

const [p, length, hiddenSize] = [0.25, 30, 16];

/** A GRU whose state loses units on its way to the next step: other ones at every step, or the same ones all along. */
class DroppedGRU extends Cell<Tensor> {
  readonly gru: GRUCell;
  readonly masks: Masks;
  #mask: Tensor | null = null;

  constructor(inputSize: number, size: number, masks: Masks) {
    super(inputSize, size);
    this.gru = new GRUCell(inputSize, size);
    this.masks = masks;
  }

  override initialState(batchSize: number): Tensor {
    this.#mask = null; // a new sequence, a new mask
    return this.gru.initialState(batchSize);
  }

  step(x: Tensor, h: Tensor): [output: Tensor, state: Tensor] {
    if (!this.training || this.masks === 'none') return this.gru.step(x, h);
    if (this.masks === 'new' || this.#mask === null) this.#mask = dropoutMask(h.shape, p, h);
    return this.gru.step(x, h.mul(this.#mask));
  }
}

export const dropout = lessonOf<DropoutValues, DropoutWords>({
  name: 'dropout',
  words: dropoutWords,
  async measure({ steps: stepsOf, progress }) {
    const ways: DropoutValues['ways'][number][] = [];
    const all: readonly Masks[] = ['none', 'new', 'one'];
    const steps = stepsOf(400, 10);
    for (const [k, masks] of all.entries()) {
      const { accuracy, losses } = await learnToRemember({
        make: () => new Recurrent(new DroppedGRU(2, hiddenSize, masks)) as Recurrent<unknown>,
        length,
        steps,
        progress: (part) => progress((k + part) / all.length),
      });
      ways.push({ masks, accuracy, losses });
    }
    // A unit that only keeps its value: the chance that it is still there after k steps.
    const survives = Array.from({ length: length + 1 }, (_, k) => ({
      steps: k,
      new: (1 - p) ** k,
      one: k === 0 ? 1 : 1 - p,
    }));
    return { p, length, steps, ways, survives, left: { new: survives[length].new, one: survives[length].one } };
  },
  answer: ({ left }) => (left.new > 0.5 ? 0 : left.new > 0.02 ? 1 : 2),
  figures: (v, t, language): LessonFigure[] => [
    {
      kind: 'table',
      header: t.header,
      rows: v.ways.map(({ masks, accuracy }) => [t.ways[masks], percent(accuracy)]),
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].step,
        yLabel: lessonTerms[language].loss,
        series: v.ways.map(({ masks, losses }) => ({
          name: t.ways[masks],
          points: losses.map((y, k) => [k * 10, y] as const),
        })),
        marks: [{ axis: 'y', at: Math.LN2, label: 'ln 2' }],
      },
    },
    {
      kind: 'chart',
      chart: {
        title: t.survival,
        xLabel: t.steps,
        series: [
          { name: t.ways.new, points: v.survives.map((s) => [s.steps, s.new] as const) },
          { name: t.ways.one, points: v.survives.map((s) => [s.steps, s.one] as const) },
        ],
      },
    },
    {
      kind: 'table',
      header: t.leftHeader,
      rows: [
        [t.ways.new, short(v.left.new)],
        [t.ways.one, short(v.left.one)],
      ],
    },
  ],
});
