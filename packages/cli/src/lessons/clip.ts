// The cliff (Pascanu, Mikolov and Bengio 2013): one weight, used fifty times. h_50 = w^50 · h_0 is flat below 1 and a wall above it; one step off the
// wall throws the weight away, and the same step, shortened, does not.

import { clipGradNorm, noGrad, tensor, type Tensor } from 'unrolled';
import { exactly } from './exactly.ts';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';

const [T, start, target, h0, lr, threshold, steps] = [50, 1.04, 0.7, 0.5, 0.001, 1, 60];

const lossOf = (w: Tensor): Tensor => {
  let h = w.mul(0).add(h0);
  for (let t = 0; t < T; t++) h = h.mul(w);
  return h.sub(target).square();
};

interface Path {
  readonly weights: number[];
  /** Of the first gradient; null where none is clipped. */
  readonly first: Clipping | null;
}

/** A gradient before and after clipping: the same direction, and the length min(‖g‖, θ). */
interface Clipping {
  readonly before: number;
  readonly after: number;
  readonly cosine: number;
}

function descend(clip: boolean): Path {
  const w = tensor([start]);
  w.requiresGrad = true;
  const weights = [start];
  let first: Clipping | null = null;
  for (let k = 0; k < steps; k++) {
    w.zeroGrad();
    lossOf(w).sum().backward();
    const clipped = clip ? clippedGradient(w) : null;
    first ??= clipped;
    w.set([w.itemSync() - lr * (w.grad as Tensor).itemSync()]);
    weights.push(w.itemSync());
    if (!(Math.abs(w.itemSync()) < 1e6)) break;
  }
  return { weights, first };
}

/** Clips the gradient of `p`. */
function clippedGradient(p: Tensor): Clipping {
  const g = Array.from((p.grad as Tensor).dataSync());
  const before = clipGradNorm([p], threshold);
  const c = Array.from((p.grad as Tensor).dataSync());
  const dot = g.reduce((sum, v, i) => sum + v * c[i], 0);
  const after = Math.hypot(...c);
  return { before, after, cosine: dot / (before * after) };
}

/** The same for a gradient of many parameters, where a direction is more than a sign. */
function many(): Clipping {
  const p = tensor(Array.from({ length: 100 }, () => 0));
  p.requiresGrad = true;
  const direction = tensor(Array.from({ length: 100 }, (_, i) => Math.sin(1 + i)));
  p.mul(direction).sum().backward();
  return clippedGradient(p);
}

export const clip: Lesson = {
  name: 'clip',
  async run({ lessons: { clip: t } }, progress) {
    const { plain, safe, hundred, surface } = await exactly(() => ({
      plain: descend(false),
      safe: descend(true),
      hundred: many(),
      surface: Array.from({ length: 256 }, (_, k) => 0.04 + k * 0.004).map(
        (v) => [v, noGrad(() => lossOf(tensor([v])).itemSync())] as const,
      ),
    }));
    const first = safe.first as Clipping;
    await progress(1);
    const values = {
      firstGradient: first.before,
      without: {
        after: plain.weights[1],
        end: plain.weights[plain.weights.length - 1],
        loss: lossAt(plain.weights[plain.weights.length - 1]),
      },
      with: { end: safe.weights[safe.weights.length - 1], loss: lossAt(safe.weights[safe.weights.length - 1]) },
      clipping: { threshold, ...first },
      ofMany: hundred,
    };
    return {
      title: t.title,
      question: t.question,
      figures: [
        {
          kind: 'table',
          table: {
            header: t.header,
            rows: [
              [t.without, start, place(values.without.after), place(values.without.end), short(values.without.loss)],
              [t.with, start, place(safe.weights[1]), place(values.with.end), short(values.with.loss)],
            ],
          },
        },
        {
          kind: 'chart',
          chart: {
            title: t.surface,
            xLabel: 'w',
            yLabel: t.loss,
            yScale: 'log',
            series: [
              { name: t.loss, points: surface },
              { name: t.without, points: plain.weights.map((w) => [w, lossAt(w)]), kind: 'dots' },
              { name: t.with, points: safe.weights.map((w) => [w, lossAt(w)]), kind: 'dots' },
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
              { name: t.without, points: plain.weights.map((w, k) => [k, w] as const) },
              { name: t.with, points: safe.weights.map((w, k) => [k, w] as const) },
            ],
          },
        },
        {
          kind: 'table',
          table: {
            header: t.lengths,
            rows: [
              [t.first, ...lengths(first)],
              [t.hundred, ...lengths(hundred)],
            ],
          },
        },
      ],
      conclusion: t.conclusion(values),
      values,
    };
  },
};

const lengths = ({ before, after, cosine }: Clipping) => [short(before), threshold, short(after), cosine.toFixed(12)];

const place = (w: number) => w.toFixed(4);

function lossAt(w: number): number {
  return (h0 * w ** T - target) ** 2;
}
