// Softmax over all words costs a product with every row of W_hy, at every step. Sampled softmax (Jean et al. 2014) compares the target with a few
// words that were drawn, each corrected by how often it is drawn: s_j = y_j − ln(k q_j).

import {
  Adam,
  cat,
  crossEntropy,
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
import { clock } from './clock.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { fixed, short } from './numbers.ts';
import { lessonTerms } from './words/common.ts';
import { type VocabularyValues, type VocabularyWords, vocabularyWords } from './words/vocabulary.ts';

const [rows, width, draws] = [64, 64, 100];
const sizes = [1000, 10_000, 50_000] as const;
const [learnedSize, learnedWidth, every] = [2000, 32, 20];

/** Zipf's law: the k-th most frequent word is k times rarer than the first. */
class ZipfWords {
  readonly #cumulative: Float64Array;
  readonly logProbability: Float64Array;

  constructor(size: number) {
    const weights = Float64Array.from({ length: size }, (_, k) => 1 / (k + 1));
    const total = weights.reduce((a, b) => a + b, 0);
    this.logProbability = weights.map((w) => Math.log(w / total));
    let sum = 0;
    this.#cumulative = weights.map((w) => (sum += w / total));
  }

  draw(random: Random): number {
    const u = random.uniform();
    let [low, high] = [0, this.#cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#cumulative[middle] < u) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The target's score against those of `draws` words, for states h [B, H] and words' weights [V, H]. */
function sampledLoss(h: Tensor, weight: Tensor, targets: readonly number[], words: ZipfWords, random: Random): Tensor {
  const drawn = Array.from({ length: draws }, () => words.draw(random));
  const corrections = (ids: readonly number[]) => tensor(ids.map((id) => Math.log(draws) + words.logProbability[id]));
  const scores = h.matmul(embedding(indices(drawn), weight).transpose()).sub(corrections(drawn)); // [B, k]
  const own = embedding(indices(targets), weight).mul(h).sum(1, true).sub(corrections(targets).reshape(-1, 1)); // [B, 1]
  // A target that was drawn as well is not compared with itself.
  const hits = tensor(
    targets.flatMap((id) => drawn.map((other) => (other === id ? -1e9 : 0))),
    [targets.length, draws],
  );
  return crossEntropy(cat([own, scores.add(hits)], 1), indices(targets.map(() => 0)));
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

/** Milliseconds of a forward and a backward pass, the fastest of three. */
function timeOf(loss: () => Tensor): number {
  const times = [0, 1, 2].map(() => {
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
  const words = new ZipfWords(size);
  const random = new Random(1);
  const { weight } = parameters(size, width);
  const h = tensor(
    Float32Array.from({ length: rows * width }, () => random.normal()),
    [rows, width],
  );
  const targets = Array.from({ length: rows }, () => words.draw(random));
  const full = timeOf(() => linearCrossEntropy(h, weight, null, indices(targets)));
  const sampled = timeOf(() => sampledLoss(h, weight, targets, words, random));
  return { size, full, sampled, ratio: full / sampled };
}

/** Which word follows which, out of 2000: learned with one of the losses, and always judged by the softmax over all words. */
async function learn(kind: 'full' | 'sampled', steps: number, progress: (part: number) => Promise<void>) {
  manualSeed(1);
  const words = new ZipfWords(learnedSize);
  const random = new Random(2);
  const { context, weight } = parameters(learnedSize, learnedWidth);
  const optimizer = new Adam([context, weight], { lr: 0.02 });
  const follower = (word: number) => (7 * word + 3) % learnedSize;
  const batch = () => {
    const read = Array.from({ length: 128 }, () => words.draw(random));
    return { read, targets: read.map((word) => (random.uniform() < 0.8 ? follower(word) : words.draw(random))) };
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
          : sampledLoss(h, weight, targets, words, random);
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
