// Truncated backpropagation through time: what it saves, and what it cannot see. A bit that was given longer ago than the window reaches back is not
// learned; and a window is as much faster and smaller as it is shorter than the whole.

import {
  Adam,
  currentBackend,
  detachState,
  GRU,
  Linear,
  manualSeed,
  mseLoss,
  type Recurrent,
  scope,
  zeros,
} from '../index.ts';
import { clock } from './clock.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { memory, percent } from './numbers.ts';
import { waves } from './one-layer.ts';
import { learnToRemember } from './remember.ts';
import { lessonTerms } from './words/common.ts';
import { type TruncateValues, type TruncateWords, truncateWords } from './words/truncate.ts';

const [length, hiddenSize] = [30, 16];
const windows = [3, 10, 15, 30] as const;

const long = 4096; // symbols of the text that is read whole or in windows
const costHidden = 64;
const costWindows = [64, 256, 1024, long] as const;

/** Bytes of the backend's memory in use; null where it does not count them. */
function bytesInUse(): number | null {
  const backend = currentBackend() as { readonly memory?: { readonly live: number } };
  return backend.memory?.live ?? null;
}

/**
 * Reads one sequence of `long` steps in windows, with an update after each: how long until the first update, how long it all takes, and the memory
 * that is kept for the backward pass.
 */
function costOf(window: number): TruncateValues['costs'][number] {
  manualSeed(1);
  const [layer, head] = [new GRU(8, costHidden), new Linear(costHidden, 1)];
  const optimizer = new Adam([...layer.parameters(), ...head.parameters()], { lr: 1e-3 });
  const x = waves(long, 8);
  let state: unknown = null;
  let kept = 0;
  let first = 0;
  const begun = clock();
  for (let from = 0; from < long; from += window) {
    state = scope(() => {
      const before = bytesInUse();
      const [y, next] = (layer as Recurrent<unknown>).forward(x.slice(0, from, from + window), state);
      const loss = mseLoss(head.forward(y), zeros([window, 1, 1]));
      kept = Math.max(kept, (bytesInUse() ?? 0) - (before ?? 0));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return detachState(next);
    });
    if (from === 0) first = clock() - begun;
  }
  return {
    window,
    updates: long / window,
    bytes: bytesInUse() === null ? null : kept,
    firstUpdate: first,
    milliseconds: clock() - begun,
  };
}

export const truncate = lessonOf<TruncateValues, TruncateWords>({
  name: 'truncate',
  words: truncateWords,
  async measure({ steps, progress }) {
    costOf(costWindows[0]); // the first run of anything is slower
    const costs = costWindows.map(costOf);
    await progress(0.1);
    const learned: TruncateValues['windows'][number][] = [];
    for (const [k, window] of windows.entries()) {
      const { accuracy, losses } = await learnToRemember({
        make: () => new GRU(2, hiddenSize) as Recurrent<unknown>,
        length,
        steps: steps(400, 10),
        window,
        progress: (p) => progress(0.1 + (0.9 * (k + p)) / windows.length),
      });
      learned.push({ window, accuracy, losses });
    }
    return { length, long, costs, windows: learned };
  },
  answer: ({ windows }) => Math.min(3, 4 - windows.filter(({ accuracy }) => accuracy > 0.9).length),
  figures: ({ costs, windows: learned }, t, language): LessonFigure[] => [
    {
      kind: 'table',
      title: t.cost,
      header: t.costHeader,
      rows: costs.map(({ window, updates, bytes, firstUpdate }) => [
        t.steps(window),
        updates,
        bytes === null ? '–' : memory(bytes),
        t.milliseconds(firstUpdate),
      ]),
    },
    {
      kind: 'table',
      title: t.learning,
      header: t.header,
      rows: learned.map(({ window, accuracy }) => [t.window(window), percent(accuracy)]),
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].step,
        yLabel: lessonTerms[language].loss,
        series: learned.map(({ window, losses }) => ({
          name: t.window(window),
          points: losses.map((y, k) => [k * 10, y] as const),
        })),
        marks: [{ axis: 'y', at: Math.LN2, label: `ln 2: ${t.guessing}` }],
      },
    },
  ],
});
