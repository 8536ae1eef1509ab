// Signs of American Sign Language: 30 frames of 158 landmarks, 16 classes, 40 clips of each to learn from. A linear model of all frames has .875,
// the repository's own bidirectional LSTM .9125 (both on the test part).

import { classifyTask, manualSeed, VideoClassifier } from 'unrolled';
import { type Bars, timed } from './bar.ts';
import { notMeasured } from './classify.ts';
import { dataFile, howToGetData } from './data.ts';
import { trainAndLook } from './images.ts';

const bar = 'signs from landmarks (gesture-asl16)';
const settings =
  'VideoClassifier on features (landmarks less the clip’s mean place, and their change), biGRU 64, mean pooling, dropout .4, AdamW 3e-3 cosine, B=32, 40 epochs, seed 1';
const [frames, size] = [30, 158];

export const gesture: Bars = async () => {
  const [train, validation] = [part('train'), part('valid')];
  if (!train || !validation) return [notMeasured(bar, 0.92, settings, howToGetData('gesture-asl16'))];
  const { value, seconds } = await timed(async () => {
    manualSeed(1);
    const model = new VideoClassifier({
      featureSize: 2 * size,
      classes: train.classes,
      cell: 'gru',
      hiddenSize: 64,
      bidirectional: true,
      pooling: 'mean',
      dropout: 0.4,
    });
    const task = classifyTask(model, { train, validation, batchSize: 32, seed: 1 });
    return trainAndLook(task, { bar, epochs: 40, lr: 3e-3, weightDecay: 0.05, every: 2 });
  });
  const { accuracy = 0, macroF1 = 0 } = value.metrics;
  return [
    {
      bar: `${bar}: validation accuracy`,
      settings,
      measured: `${accuracy.toFixed(4)} (macro F1 ${macroF1.toFixed(3)}), 80 clips, epoch ${value.epochs}`,
      required: '≥ .92',
      met: accuracy >= 0.92,
      seconds,
    },
  ];
};

function part(name: string) {
  const [bytes, json] = [dataFile(`gesture-asl16/${name}.x.i16.gz`), dataFile(`gesture-asl16/${name}.json`)];
  if (!bytes || !json) return null;
  const { labels, classes } = JSON.parse(json.toString('utf8')) as { labels: number[]; classes: string[] };
  const x = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const clip = frames * size;
  return {
    labels,
    classes: classes.length,
    sequences: labels.map((_, n) => features(x.subarray(n * clip, (n + 1) * clip))),
  };
}

/** Pixels in hundreds, and what changed since the frame before. A landmark that was not seen (0) stays 0, and changes nothing. */
function features(clip: Int16Array): Float32Array {
  const seen = clip.filter((v) => v !== 0);
  const middle = seen.reduce((sum, v) => sum + v, 0) / Math.max(1, seen.length);
  const out = new Float32Array(frames * 2 * size);
  for (let t = 0; t < frames; t++) {
    for (let i = 0; i < size; i++) {
      const [now, before] = [clip[t * size + i], t > 0 ? clip[(t - 1) * size + i] : 0];
      out[2 * t * size + i] = now === 0 ? 0 : (now - middle) / 800;
      out[(2 * t + 1) * size + i] = now === 0 || before === 0 ? 0 : (now - before) / 80;
    }
  }
  return out;
}
