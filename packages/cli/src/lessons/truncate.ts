// What truncation cannot see: a bit that was given longer ago than the window reaches back.

import { GRU, type Recurrent } from 'unrolled';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';
import { type Learned, learnToRemember } from './remember.ts';

const [length, steps] = [30, 400];
const windows = [3, 10, 15, 30] as const;

export const truncate: Lesson = {
  name: 'truncate',
  async run({ lessons: { truncate: t } }, progress) {
    const found: (Learned & { window: number })[] = [];
    for (const [k, window] of windows.entries()) {
      const learned = await learnToRemember({
        make: () => new GRU(2, 16) as Recurrent<unknown>,
        length,
        steps,
        window,
        progress: (p) => progress((k + p) / windows.length),
      });
      found.push({ ...learned, window });
    }
    const values = { length, windows: found.map(({ window, accuracy }) => ({ window, accuracy })) };
    return {
      title: t.title,
      question: t.question,
      figures: [
        {
          kind: 'table',
          table: {
            header: t.header,
            rows: values.windows.map(({ window, accuracy }) => [window, `${short(accuracy * 100)} %`]),
          },
        },
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: t.step,
            yLabel: t.loss,
            series: found.map(({ window, losses }) => ({
              name: t.window(window),
              points: losses.map((y, k) => [k * 10, y]),
            })),
            marks: [{ axis: 'y', at: Math.LN2, label: `ln 2: ${t.guessing}` }],
          },
        },
      ],
      conclusion: t.conclusion(values),
      values,
    };
  },
};
