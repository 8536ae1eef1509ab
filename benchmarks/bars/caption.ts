// What the bars of captions share: images and words in, a trained captioner and its captions out.

import {
  Adam,
  Captioner,
  type CaptionedImages,
  type CaptionerOptions,
  captionTask,
  type CaptionTaskOptions,
  cosineSchedule,
  type DecodedSequence,
  fit,
  manualSeed,
  type Random,
} from 'unrolled';
import { captionAll, type ImageFeatureSet } from 'unrolled/pipelines';
import { Tokenizer } from 'unrolled/data';
import { captionScores, type CaptionScores } from 'unrolled/metrics';
import { progress, timed } from './bar.ts';

/** Texts of images, several each. */
export type Texts = readonly (readonly string[])[];

export function wordsOf(texts: Texts, minCount = 1): Tokenizer {
  return Tokenizer.train(texts.flat(), { unit: 'word', minCount });
}

export function encodeAll(texts: Texts, words: Tokenizer): Int32Array[][] {
  return texts.map((some) => some.map((text) => words.encode(text)));
}

export interface Changes {
  /** Turned by right angles and mirrored: images from above have no up. */
  readonly turn?: boolean;
  readonly mirror?: boolean;
  /** Moved by up to so many pixels, the edge repeated. */
  readonly shift?: number;
  /** Times 1 ± this, and each color by half of it. */
  readonly light?: number;
}

/** Square images of bytes as numbers about 0, augmented at random in training. */
export function squares(pixels: readonly Uint8Array[], size: number, changes: Changes = {}): ImageFeatureSet {
  const plane = size * size;
  return {
    count: pixels.length,
    async read(which, chance) {
      const values = new Float32Array(which.length * 3 * plane);
      for (let b = 0; b < which.length; b++) place(pixels[which[b]], values.subarray(b * 3 * plane), chance);
      return { values, shape: [which.length, 3, size, size] };
    },
  };

  function place(bytes: Uint8Array, out: Float32Array, chance: Random | null): void {
    const coin = (on: boolean | undefined) => (on && chance ? chance.integer(2) === 1 : false);
    const [mirrorX, mirrorY, swap] = [coin(changes.mirror ?? changes.turn), coin(changes.turn), coin(changes.turn)];
    const shift = changes.shift ?? 0;
    const move = () => (chance && shift > 0 ? chance.integer(2 * shift + 1) - shift : 0);
    const [dx, dy] = [move(), move()];
    const light = (by: number) => (chance ? 1 + by * (2 * chance.uniform() - 1) : 1);
    const all = light(changes.light ?? 0);
    const gain = [0, 1, 2].map(() => all * light((changes.light ?? 0) / 2));
    const within = (n: number) => Math.min(size - 1, Math.max(0, n));
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        let [u, v] = [within(x + dx), within(y + dy)];
        if (mirrorX) u = size - 1 - u;
        if (mirrorY) v = size - 1 - v;
        const from = 3 * (swap ? u * size + v : v * size + u);
        for (let c = 0; c < 3; c++) out[c * plane + y * size + x] = ((bytes[from + c] / 255) * gain[c] - 0.5) * 4;
      }
    }
  }
}

export interface CaptionerTraining extends Pick<CaptionTaskOptions, 'encoder' | 'captionsPerImage' | 'batchSize'> {
  readonly name: string;
  readonly model: CaptionerOptions;
  readonly train: CaptionedImages;
  readonly validation?: CaptionedImages | null;
  readonly epochs: number;
  readonly lr: number;
  readonly clipNorm?: number;
}

export async function trainCaptioner(
  one: CaptionerTraining,
): Promise<{ model: Captioner; loss: number; seconds: number }> {
  manualSeed(1);
  const model = new Captioner(one.model);
  const { train, validation, encoder, captionsPerImage, batchSize } = one;
  const task = captionTask(model, { train, validation, encoder, captionsPerImage, batchSize, seed: 1 });
  const steps = one.epochs * task.stepsPerEpoch;
  let last = Number.NaN;
  const { seconds } = await timed(() =>
    fit(task, {
      optimizer: new Adam(task.parameters(one.lr), { lr: one.lr }),
      steps,
      schedule: cosineSchedule(one.lr, { steps, minimum: one.lr * 0.02 }),
      clipNorm: one.clipNorm ?? 5,
      evaluateEvery: task.stepsPerEpoch * Math.max(1, Math.round(one.epochs / 8)),
      onEvent: (event) => {
        if (event.type === 'step') last = event.smoothLoss;
        if (event.type === 'step' && event.step % 20 === 0)
          progress(
            `${one.name}: epoch ${event.epoch.toFixed(1)} of ${one.epochs}, loss ${event.smoothLoss.toFixed(3)}`,
          );
        if (event.type === 'evaluation') progress(`${one.name}: validation ${event.loss.toFixed(3)}`);
      },
    }),
  );
  return { model: model.eval(), loss: last, seconds };
}

/** Its captions of all images, and their scores. */
export async function measure(
  model: Captioner,
  images: ImageFeatureSet,
  words: Tokenizer,
  references: Texts,
  beams: number,
): Promise<{ predicted: string[]; scores: CaptionScores; best: DecodedSequence[] }> {
  const found = await captionAll(model, images, undefined, { beams, suppressTokens: [0, 1], maxLength: 40 });
  const best = found.map(([first]) => first);
  const predicted = best.map(({ ids }) => words.decode(ids));
  return { predicted, scores: captionScores(predicted, references), best };
}
