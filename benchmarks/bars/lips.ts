// Reading lips: real video of one speaker, 75 frames of a mouth in 24 × 40 gray pixels, a sentence of six words each. A model that labels every
// frame with the word being said is measured on three things: speech or silence in each frame (.897 from the frame's number alone), the word of
// each slot, and of these the verb (a linear model of the whole clip has .37, of word segments cut out by hand .79; both on the test part).

import { type Augment, manualSeed, noLabel, tagTask, VideoTagger } from 'unrolled';
import { tag } from 'unrolled/pipelines';
import { type BarResult, type Bars, timed } from './bar.ts';
import { dataFile, howToGetData } from './data.ts';
import { trainAndLook } from './images.ts';

const name = 'reading lips (video-grid-lips)';
const epochs = 30;
const settings = `VideoTagger of 52 words a frame, end to end from pixels (frame and change), ConvNet 16-32-64, biGRU 128, dropout .4, shifted by up to 2 pixels and mirrored, AdamW 3e-3 cosine, B=8, ${epochs} epochs, seed 1`;

const [frames, height, width] = [75, 24, 40];
const area = height * width;
const slots = ['verb', 'color', 'preposition', 'letter', 'digit', 'adverb'] as const;

interface Clip extends Readonly<Record<(typeof slots)[number], string>> {
  readonly frame_labels: readonly string[];
}

export const lips: Bars = async () => {
  const [train, validation] = [part('train'), part('valid')];
  if (!train || !validation) return [missing(howToGetData('video-grid-lips'))];
  const words = [...new Set(train.clips.flatMap((clip) => clip.frame_labels))].filter((w) => w !== 'sp').sort();
  const silence = words.indexOf('sil');
  // 'sp' is a short pause between words: silence too.
  const labeled = ({ clips, sequences }: typeof train) => ({
    sequences,
    labels: clips.map((clip) => clip.frame_labels.map((w) => (w === 'sp' ? silence : words.indexOf(w)))),
  });
  const { value, seconds } = await timed(async () => {
    manualSeed(1);
    const model = new VideoTagger({
      convNet: { inChannels: 2, inputSize: [height, width], channels: [16, 32, 64] },
      classes: words.length,
      cell: 'gru',
      hiddenSize: 128,
      bidirectional: true,
      dropout: 0.4,
      inputDropout: 0.2,
    });
    const options = { train: labeled(train), validation: labeled(validation), batchSize: 8, seed: 1 };
    const task = tagTask(model, { ...options, augment: moved });
    const { epochs: best } = await trainAndLook(task, { bar: name, epochs, lr: 3e-3, weightDecay: 0.05, every: 2 });
    return { taggings: await tag(model, validation.sequences), best };
  });
  const target = labeled(validation).labels;
  let [right, all] = [0, 0];
  for (const [n, { labels }] of value.taggings.entries()) {
    for (const [t, predicted] of labels.entries()) {
      if (target[n][t] === noLabel) continue;
      all++;
      if ((predicted === silence) === (target[n][t] === silence)) right++;
    }
  }
  const speech = right / all;
  const bySlot = slots.map((slot) => {
    const own = [...new Set(train.clips.map((clip) => clip[slot]))].map((word) => words.indexOf(word));
    const predicted = value.taggings.map(({ scores }) => argmax(scores, own, words.length));
    return validation.clips.filter((clip, n) => words[predicted[n]] === clip[slot]).length / validation.clips.length;
  });
  const listed = slots.map((slot, k) => `${slot} ${bySlot[k].toFixed(3)}`).join(', ');
  const epoch = `epoch ${value.best}`;
  return [
    {
      bar: `${name}: the verb of a clip, validation accuracy`,
      settings: `${settings}; the verb whose probability over all frames is largest`,
      measured: `${bySlot[0].toFixed(4)} of ${validation.clips.length} clips (${listed}), ${epoch}`,
      required: '≥ .85',
      met: bySlot[0] >= 0.85,
      seconds,
    },
    {
      bar: `${name}: speech or silence in a frame, validation accuracy`,
      settings,
      measured: `${speech.toFixed(4)} of ${all} frames`,
      required: '≥ .93',
      met: speech >= 0.93,
      seconds: 0,
    },
  ];
};

/** Of these words the one with the largest sum of probabilities over all frames. */
function argmax(scores: Float32Array, own: readonly number[], C: number): number {
  const sums = own.map((word) => {
    let sum = 0;
    for (let t = 0; t < scores.length / C; t++) sum += scores[t * C + word];
    return sum;
  });
  return own[sums.indexOf(Math.max(...sums))];
}

/** The whole clip moved by up to two pixels each way, and mirrored in half of the cases: mouths are about symmetric. */
const moved: Augment = (clip, random) => {
  const [dy, dx, mirrored] = [random.integer(5) - 2, random.integer(5) - 2, random.integer(2) === 1];
  const out = new Uint8Array(clip.length);
  for (let y = 0; y < height; y++) {
    const fromY = Math.min(height - 1, Math.max(0, y + dy));
    for (let x = 0; x < width; x++) {
      const shifted = Math.min(width - 1, Math.max(0, x + dx));
      const fromX = mirrored ? width - 1 - shifted : shifted;
      const [to, from] = [2 * (y * width + x), 2 * (fromY * width + fromX)];
      for (let at = 0; at < clip.length; at += 2 * area) {
        out[at + to] = clip[at + from];
        out[at + to + 1] = clip[at + from + 1];
      }
    }
  }
  return out;
};

/** Each pixel beside its change since the frame before. Frames are stored as such changes, modulo 256, of values from 0 to 63. */
function part(which: string): { clips: readonly Clip[]; sequences: Uint8Array[] } | null {
  const changes = dataFile(`video-grid-lips/${which}.frames.delta.u8.gz`);
  const labels = dataFile(`video-grid-lips/${which}.labels.json.gz`);
  if (!changes || !labels) return null;
  const clips = JSON.parse(labels.toString('utf8')) as Clip[];
  const sequences = clips.map((_, n) => {
    const out = new Uint8Array(frames * area * 2);
    const now = new Uint8Array(area);
    for (let t = 0; t < frames; t++) {
      for (let k = 0; k < area; k++) {
        const before = now[k];
        now[k] = before + changes[(n * frames + t) * area + k];
        const at = 2 * (t * area + k);
        out[at] = 4 * now[k];
        out[at + 1] = Math.min(255, Math.max(0, 128 + (t === 0 ? 0 : 6 * (now[k] - before))));
      }
    }
    return out;
  });
  return { clips, sequences };
}

function missing(why: string): BarResult {
  return { bar: `${name}: the verb of a clip`, settings, measured: why, required: '≥ .85', met: null, seconds: 0 };
}
