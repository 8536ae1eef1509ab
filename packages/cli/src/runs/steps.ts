// How many steps a run has, where it is given in epochs or in minutes.

import { manualSeed, scope } from 'unrolled';
import type { RunConfig } from './config.ts';
import type { Prepared } from './kind.ts';

interface Length {
  readonly epochs: number | null;
  readonly minutes: number | null;
  readonly say: (text: string) => void;
}

const [warmUp, measure] = [300, 900]; // ms
const useful = 0.9; // of the time: the rest is updates, validation, samples and saving

/** Minutes are measured: a second on a model that is thrown away. */
export async function stepsIn(
  prepared: Prepared,
  config: Pick<RunConfig, 'model' | 'training'>,
  { epochs, minutes, say }: Length,
): Promise<number> {
  manualSeed(config.training.seed);
  const { task } = prepared.make(config);
  const inEpochs = (n: number) => Math.max(1, Math.round(n * task.stepsPerEpoch));
  if (epochs !== null) return inEpochs(epochs);
  say('measuring the speed of this machine');
  const step = async () => {
    await task.ready?.();
    scope(() => task.next()().loss.backward());
  };
  await runFor(warmUp, step);
  const { steps, ms } = await runFor(measure, step);
  const inTime = Math.max(10, Math.round((((minutes ?? 1) * 60_000 * useful) / ms) * steps));
  return Math.min(inTime, prepared.mostEpochs ? inEpochs(prepared.mostEpochs) : Infinity);
}

async function runFor(ms: number, step: () => Promise<void>): Promise<{ steps: number; ms: number }> {
  const start = performance.now();
  let steps = 0;
  do {
    await step();
    steps++;
  } while (performance.now() - start < ms);
  return { steps, ms: performance.now() - start };
}
