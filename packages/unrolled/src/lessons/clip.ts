// The cliff (Pascanu, Mikolov and Bengio 2013): one weight, used fifty times. h_50 = w^50 · h_0 is flat below 1 and a wall above it; one step off the
// wall throws the weight away, and the same step, shortened, does not.

import { clipGradNorm, clipGradValue, noGrad, tensor, type Tensor } from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { fixed, short } from './numbers.ts';
import { lessonTerms } from './words/common.ts';
import { type Clipped, type ClipValues, type ClipWords, clipWords } from './words/clip.ts';

const [T, start, target, h0, steps] = [50, 1.04, 0.7, 0.5, 60];
const [usualLr, usualThreshold] = [0.001, 1];

const lossOf = (w: Tensor): Tensor => {
  let h = w.mul(0).add(h0);
  for (let t = 0; t < T; t++) h = h.mul(w);
  return h.sub(target).square();
};

export const lossAt = (w: number): number => noGrad(() => lossOf(tensor([w])).itemSync());

/** The loss along the weight. */
export const surface = (): (readonly [w: number, loss: number])[] =>
  Array.from({ length: 201 }, (_, k) => 0.04 + k * 0.005).map((w) => [w, lossAt(w)] as const);

/** Gradient descent from the wall: where the weight was after every step, and its first gradient as it was used. */
export function descend(
  clip: boolean,
  lr = usualLr,
  threshold = usualThreshold,
): { weights: number[]; first: Clipped } {
  const w = tensor([start]);
  w.requiresGrad = true;
  const weights = [start];
  let first: Clipped | null = null;
  for (let k = 0; k < steps; k++) {
    w.zeroGrad();
    lossOf(w).sum().backward();
    const clipped = clippedBy(w, () => (clip ? clipGradNorm([w], threshold) : 0));
    first ??= clipped;
    w.set([w.itemSync() - lr * (w.grad as Tensor).itemSync()]);
    weights.push(w.itemSync());
  }
  return { weights, first: first as unknown as Clipped };
}

/** The gradient of `p` before and after `clip`, and the cosine between the two. */
function clippedBy(p: Tensor, clip: () => unknown): Clipped {
  const before = Array.from((p.grad as Tensor).dataSync());
  clip();
  const after = Array.from((p.grad as Tensor).dataSync());
  const dot = before.reduce((sum, v, i) => sum + v * after[i], 0);
  return { before, after, norms: [norm(before), norm(after)], cosine: dot / (norm(before) * norm(after)) };
}

/** A gradient of two parameters, where a direction is more than a sign. */
function ofTwo(clip: (p: Tensor) => unknown): Clipped {
  const p = tensor([0, 0]);
  p.requiresGrad = true;
  p.mul(tensor([12, 5]))
    .sum()
    .backward();
  return clippedBy(p, () => clip(p));
}

const norm = (v: readonly number[]) => Math.hypot(...v);

export const clip = lessonOf<ClipValues, ClipWords>({
  name: 'clip',
  words: clipWords,
  measure: () =>
    exactly(() => {
      const [without, with_] = [descend(false), descend(true)];
      const told = ({ weights }: { weights: number[] }) => {
        const [after, end] = [weights[1], weights[weights.length - 1]];
        return { after, end, loss: lossAt(end), path: weights.map((w) => [w, lossAt(w)] as const) };
      };
      return {
        start,
        lr: usualLr,
        threshold: usualThreshold,
        firstGradient: without.first.before[0],
        stepLengths: [usualLr * without.first.norms[1], usualLr * with_.first.norms[1]],
        without: told(without),
        with: told(with_),
        byNorm: ofTwo((p) => clipGradNorm([p], usualThreshold)),
        byValue: ofTwo((p) => clipGradValue([p], usualThreshold)),
        surface: surface(),
      };
    }),
  answer: ({ stepLengths: [thrown] }) => (thrown < 0.007 ? 0 : thrown < 0.2 ? 1 : 2),
  figures: (v, t, language): LessonFigure[] => {
    const vector = (g: readonly number[]) => `(${g.map(short).join(', ')})`;
    const row = (name: string, { before, after, norms, cosine }: Clipped) => [
      name,
      vector(before),
      vector(after),
      `${short(norms[0])} → ${short(norms[1])}`,
      fixed(cosine, 3),
    ];
    return [
      {
        kind: 'table',
        header: t.header,
        rows: [
          [t.without, v.start, fixed(v.without.after, 4), fixed(v.without.end, 4), short(v.without.loss)],
          [t.with, v.start, fixed(v.with.after, 4), fixed(v.with.end, 4), short(v.with.loss)],
        ],
      },
      {
        kind: 'chart',
        chart: {
          title: t.surface,
          xLabel: 'w',
          yLabel: lessonTerms[language].loss,
          series: [
            { name: lessonTerms[language].loss, points: v.surface },
            { name: t.without, points: v.without.path, kind: 'dots' },
            { name: t.with, points: v.with.path, kind: 'dots' },
          ],
        },
      },
      {
        kind: 'chart',
        chart: {
          title: t.descents,
          xLabel: t.step,
          yLabel: 'w',
          series: [
            { name: t.without, points: v.without.path.map(([w], k) => [k, w] as const) },
            { name: t.with, points: v.with.path.map(([w], k) => [k, w] as const) },
          ],
        },
      },
      {
        kind: 'table',
        title: t.two,
        header: t.twoHeader,
        rows: [row(t.byNorm, v.byNorm), row(t.byValue, v.byValue)],
      },
    ];
  },
});
