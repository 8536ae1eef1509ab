// Drawn clips of eight motions that no single frame tells apart (1/8): end to end from pixels, and the same network with one frame of each clip.

import { classifyTask, makeClips, manualSeed, type MotionClip, motions, VideoClassifier } from 'unrolled';
import { type Bars, timed } from './bar.ts';
import { trainAndLook } from './pictures.ts';

const bar = 'drawn clips of eight motions';
const settings =
  'VideoClassifier end to end, 2,000 clips of 10 to 14 frames of 32×32, ConvNet 16-32-64, its 4×4 map, biGRU 64, mean pooling, dropout .2, AdamW 2e-3 cosine, B=16, 12 epochs, 400 clips validate, seed 1';

export const clips: Bars = async () => {
  const made = makeClips(2400, 1);
  const [train, validation] = [made.slice(0, 2000), made.slice(2000)];
  const whole = await timed(() => learn('whole clips', train, validation, 12));
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
    convNet: { channels: [16, 32, 64], inputSize: [32, 32] },
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
  const task = classifyTask(model, { train: data(train), validation: data(validation), batchSize: 16, seed: 1 });
  const { metrics } = await trainAndLook(task, { bar: `${bar}, ${what}`, epochs, lr: 2e-3 });
  return metrics.accuracy ?? 0;
}

function oneFrame({ clip, ...rest }: MotionClip): MotionClip {
  const size = clip.height * clip.width * 3;
  const at = Math.floor(clip.frames / 2) * size;
  return { ...rest, clip: { ...clip, frames: 1, data: clip.data.slice(at, at + size) } };
}
