// Drawn clips of eight motions that no single frame tells apart (1/8): end to end from pixels, and the same network with one frame of each clip.

import { type Augment, classifyTask, manualSeed, VideoClassifier } from 'unrolled';
import { makeClips, type MotionClip, motions } from 'unrolled/data';
import { type Bars, timed } from './bar.ts';
import { trainAndLook } from './images.ts';

const bar = 'drawn clips of eight motions';
const settings =
  'VideoClassifier end to end, 2,000 clips of 10 to 14 frames of 32×32 (each pixel and its change since the frame before), ConvNet 16-32-64, its 4×4 map, biGRU 64, mean pooling, dropout .2, moved round the image’s edges by chance, AdamW 3e-3 cosine, B=16, 10 epochs, 400 clips validate, seed 1';

const size = 32;
const frame = size * size * 3;

export const clips: Bars = async () => {
  const made = makeClips(2400, 1);
  const [train, validation] = [made.slice(0, 2000), made.slice(2000)];
  const whole = await timed(() => learn('whole clips', train, validation, 10));
  const single = await timed(() => learn('one frame', train.map(oneFrame), validation.map(oneFrame), 6));
  return [
    {
      bar: `${bar}: validation accuracy`,
      settings,
      measured: whole.value.toFixed(4),
      required: '≥ .9',
      met: whole.value >= 0.9,
      seconds: whole.seconds,
    },
    {
      bar: `${bar}: with one frame, the middle one`,
      settings: `${settings}; 6 epochs`,
      measured: single.value.toFixed(4),
      required: '≤ .30',
      met: single.value <= 0.3,
      seconds: single.seconds,
    },
  ];
};

async function learn(what: string, train: readonly MotionClip[], validation: readonly MotionClip[], epochs: number) {
  manualSeed(1);
  const model = new VideoClassifier({
    convNet: { channels: [16, 32, 64], inputSize: [size, size] },
    change: true,
    classes: motions.length,
    cell: 'gru',
    hiddenSize: 64,
    bidirectional: true,
    pooling: 'mean',
    dropout: 0.2,
  });
  const data = (some: readonly MotionClip[]) => ({
    sequences: some.map(({ clip }) => clip.data),
    labels: some.map(({ label }) => motions.indexOf(label)),
  });
  const task = classifyTask(model, {
    train: data(train),
    validation: data(validation),
    batchSize: 16,
    seed: 1,
    augment: moved,
  });
  const { metrics } = await trainAndLook(task, { bar: `${bar}, ${what}`, epochs, lr: 3e-3 });
  return metrics.accuracy ?? 0;
}

/** The image's edges meet, so a clip that is moved round them is a clip of the same motion. */
const moved: Augment = (clip, random) => {
  const [dy, dx] = [random.integer(size), random.integer(size)];
  const out = new Uint8Array(clip.length);
  for (let at = 0; at < clip.length; at += 3) {
    const pixel = at / 3;
    const [t, y, x] = [Math.floor(pixel / size ** 2), Math.floor(pixel / size) % size, pixel % size];
    const to = 3 * (t * size ** 2 + ((y + dy) % size) * size + ((x + dx) % size));
    for (let c = 0; c < 3; c++) out[to + c] = clip[at + c];
  }
  return out;
};

function oneFrame({ clip, ...rest }: MotionClip): MotionClip {
  const at = Math.floor(clip.frames / 2) * frame;
  return { ...rest, clip: { ...clip, frames: 1, data: clip.data.slice(at, at + frame) } };
}
