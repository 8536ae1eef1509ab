// Softmax over all words costs a product with every row of W_hy, at every step. Sampled softmax (Jean et al. 2014) compares the target with a few
// words that were drawn, each corrected by how often it is drawn: s_j = y_j − ln(k q_j).

import {
  Adam,
  embedding,
  indices,
  linearCrossEntropy,
  manualSeed,
  Parameter,
  Random,
  scope,
  tensor,
  type Tensor,
} from '../index.ts';
import { ClassSampler, sampledSoftmaxLoss } from '../layers/index.ts';
import { clock } from './clock.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { fixed, short } from './numbers.ts';
import { lessonTerms } from './words/common.ts';
import { type VocabularyValues, type VocabularyWords, vocabularyWords } from './words/vocabulary.ts';

const [rows, width, draws] = [64, 64, 100];
const sizes = [1000, 10_000, 50_000] as const;
const [learnedSize, learnedWidth, every] = [2000, 32, 20];

/** `count` words, as rare as in a language. */
function drawWords(words: ClassSampler, count: number): number[] {
  return Array.from({ length: count }, () => words.draw(1).classes[0]);
}

/** States and words that begin small, the same ones for every run. */
function parameters(size: number, hidden: number): { context: Parameter; weight: Parameter } {
  const random = new Random(3);
  const small = (count: number) => Float32Array.from({ length: count }, () => 0.1 * random.normal());
  return {
    context: Parameter.of(tensor(small(size * hidden), [size, hidden])),
    weight: Parameter.of(tensor(small(size * hidden), [size, hidden])),
  };
}

/** Milliseconds of a forward and a backward pass, the fastest of five. */
function timeOf(loss: () => Tensor): number {
  const times = Array.from({ length: 5 }, () => {
    const begun = clock();
    scope(() => {
      const value = loss();
      value.backward();
      value.itemSync();
    });
    return clock() - begun;
  });
  return Math.min(...times);
}

/** What a step costs at a vocabulary of this size. */
function costOf(size: number): VocabularyValues['costs'][number] {
  manualSeed(1);
  const words = ClassSampler.zipf(size);
  const random = new Random(1);
  const { weight } = parameters(size, width);
  const h = tensor(
    Float32Array.from({ length: rows * width }, () => random.normal()),
    [rows, width],
  );
  const targets = drawWords(words, rows);
  const full = timeOf(() => linearCrossEntropy(h, weight, null, indices(targets)));
  const sampled = timeOf(() => sampledSoftmaxLoss(h, weight, null, indices(targets), words.draw(draws)));
  return { size, full, sampled, ratio: full / sampled };
}

/** Which word follows which, out of 2000: learned with one of the losses, and always judged by the softmax over all words. */
async function learn(kind: 'full' | 'sampled', steps: number, progress: (part: number) => Promise<void>) {
  manualSeed(1);
  const words = ClassSampler.zipf(learnedSize);
  const random = new Random(2);
  const { context, weight } = parameters(learnedSize, learnedWidth);
  const optimizer = new Adam([context, weight], { lr: 0.02 });
  const follower = (word: number) => (7 * word + 3) % learnedSize;
  const batch = () => {
    const [read, other] = [drawWords(words, 128), drawWords(words, 128)];
    return { read, targets: read.map((word, k) => (random.uniform() < 0.8 ? follower(word) : other[k])) };
  };
  const test = batch();
  const judged = () =>
    scope(() =>
      linearCrossEntropy(embedding(indices(test.read), context), weight, null, indices(test.targets)).itemSync(),
    );
  const losses = [judged()];
  for (let k = 1; k <= steps; k++) {
    const { read, targets } = batch();
    scope(() => {
      const h = embedding(indices(read), context);
      const loss =
        kind === 'full'
          ? linearCrossEntropy(h, weight, null, indices(targets))
          : sampledSoftmaxLoss(h, weight, null, indices(targets), words.draw(draws));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    });
    if (k % every !== 0) continue;
    losses.push(judged());
    await progress(k / steps);
  }
  return losses;
}

export const vocabulary = lessonOf<VocabularyValues, VocabularyWords>({
  name: 'vocabulary',
  words: vocabularyWords,
  async measure({ steps: stepsOf, progress }) {
    costOf(sizes[0]); // the first run of anything is slower
    const costs = sizes.map(costOf);
    const steps = stepsOf(400, every);
    const [full, sampled] = [
      await learn('full', steps, (p) => progress(p / 2)),
      await learn('sampled', steps, (p) => progress(0.5 + p / 2)),
    ];
    const last = (losses: readonly number[]) => losses[losses.length - 1];
    return {
      rows,
      width,
      draws,
      costs,
      learnedSize,
      steps,
      every,
      full: { loss: last(full), losses: full },
      sampled: { loss: last(sampled), losses: sampled },
    };
  },
  answer: ({ costs }) => (costs[2].ratio < 4.5 ? 0 : costs[2].ratio < 32 ? 1 : 2),
  figures: (v, t, language): LessonFigure[] => [
    {
      kind: 'table',
      title: t.cost,
      header: t.header,
      rows: v.costs.map((c) => [c.size, t.milliseconds(c.full), t.milliseconds(c.sampled), `${short(c.ratio)}×`]),
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].step,
        yLabel: t.fullLoss,
        series: [
          { name: t.full, points: v.full.losses.map((y, k) => [k * v.every, y] as const) },
          { name: t.sampled, points: v.sampled.losses.map((y, k) => [k * v.every, y] as const) },
        ],
      },
    },
    {
      kind: 'table',
      header: t.lossHeader,
      rows: [
        [t.full, fixed(v.full.loss, 2)],
        [t.sampled, fixed(v.sampled.loss, 2)],
      ],
    },
  ],
});
