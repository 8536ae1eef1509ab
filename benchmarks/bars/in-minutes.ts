// As good a character model of tiny-shakespeare as so many minutes on this machine give: the first 90 % trains, the last 10 % validates.

import {
  AdamW,
  cosineSchedule,
  LanguageModel,
  type LanguageModelOptions,
  languageTask,
  manualSeed,
  Trainer,
  warmUp,
} from 'unrolled';
import { StreamBatcher, Vocabulary } from 'unrolled/data';
import { type BarResult, progress, timed } from './bar.ts';
import { howToGetIt, tinyShakespeare } from './data.ts';

export interface InMinutes {
  /** For the line that shows progress. */
  readonly name: string;
  readonly bar: string;
  readonly minutes: number;
  readonly model: LanguageModelOptions;
  /** The model in words. */
  readonly description: string;
  readonly streams: number;
  readonly windowLength: number;
  readonly lr: number;
  readonly required: string;
  readonly passes: (loss: number) => boolean;
}

export async function inMinutes(options: InMinutes): Promise<BarResult> {
  const { name, bar, minutes, model, streams, windowLength, lr, required } = options;
  const settings = `${options.description}, B=${streams}, T=${windowLength}, AdamW ${lr}, cosine, clip 1, seed 1`;
  const text = tinyShakespeare();
  if (!text) return { bar, settings, measured: howToGetIt, required, met: null, seconds: 0 };
  const vocabulary = Vocabulary.fromText(text);
  const ids = vocabulary.encode(text);
  const cut = Math.floor(ids.length * 0.9);
  const make = (steps: number) => {
    manualSeed(1);
    const network = new LanguageModel(vocabulary.size, model);
    const task = languageTask(network, {
      train: new StreamBatcher(ids.subarray(0, cut), { streams, windowLength }),
      validation: new StreamBatcher(ids.subarray(cut), { streams: 1, windowLength: 256 }),
    });
    const schedule = warmUp(50, cosineSchedule(lr, { steps: Math.max(1, steps - 50), minimum: lr / 100 }));
    const optimizer = new AdamW(network.parameters(), { lr, weightDecay: 0.01 });
    return new Trainer(task, { optimizer, steps, schedule, clipNorm: 1 });
  };
  // A few steps tell how many fit; the run itself is stopped by nothing but their number.
  let start = 0;
  for await (const event of make(12).run()) {
    if (event.type !== 'step') continue;
    if (event.step === 2) start = performance.now();
    if (event.step === 12) start = (performance.now() - start) / 10;
  }
  const steps = Math.floor((minutes * 60_000 * 0.88) / start); // the clock falls when a machine gets warm
  let trained = 0;
  let loss = Number.NaN;
  const { seconds } = await timed(async () => {
    const begin = performance.now();
    for await (const event of make(steps).run()) {
      if (event.type === 'step') {
        trained = (performance.now() - begin) / 1000;
        if (event.step % 100 === 0)
          progress(
            `${name}: step ${event.step} of ${steps}, smooth loss ${event.smoothLoss.toFixed(3)}, ${trained.toFixed(0)} s`,
          );
      }
      if (event.type === 'evaluation') loss = event.loss;
    }
  });
  return {
    bar,
    settings: `${settings}, ${steps} steps`,
    measured: `${loss.toFixed(3)} nats per character after ${trained.toFixed(0)} s`,
    required,
    met: options.passes(loss) && trained <= minutes * 60 * 1.02,
    seconds,
  };
}
