// Video: the same network labels a clip, or every frame of one. A dot moves by one pixel a frame: a single frame cannot tell where to.

import { indices, manualSeed, Random, scope, tensor, type Tensor, VideoClassifier, VideoTagger } from '../index.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf, type Measuring } from './lesson.ts';
import { percent } from './numbers.ts';
import { trainOn } from './scenes.ts';
import { lessonTerms } from './words/common.ts';
import { type VideoValues, type VideoWords, videoWords } from './words/video.ts';

const [side, frames, batchSize, tests, every, hiddenSize] = [8, 8, 32, 200, 20, 32];
const moves = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
] as const;
/** The frame labels, after "still" of the first frame. */
const names = ['left', 'right', 'up', 'down'] as const;
const still = names.length;

interface DotClip {
  /** Brightness, frame by frame, 0 to 255. */
  readonly data: Uint8Array;
  /** The move since the frame before, or `still`. */
  readonly labels: readonly number[];
}

/** A dot of 2 × 2 pixels on a square whose edges meet; `turns` lets it change its direction once. */
function makeClip(random: Random, turns: boolean): DotClip {
  let [x, y] = [random.integer(side), random.integer(side)];
  const [first, second] = [random.integer(4), random.integer(4)];
  const turn = turns ? 2 + random.integer(frames - 3) : frames;
  const data = new Uint8Array(frames * side * side);
  const labels = Array.from({ length: frames }, (_, t) => {
    const move = t === 0 ? still : t < turn ? first : second;
    if (move !== still) [x, y] = [(x + moves[move][0] + side) % side, (y + moves[move][1] + side) % side];
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ])
      data[(t * side + ((y + dy) % side)) * side + ((x + dx) % side)] = 255;
    return move;
  });
  return { data, labels };
}

const makeClips = (count: number, random: Random, turns: boolean) =>
  Array.from({ length: count }, () => makeClip(random, turns));

/** Frames float [T, B, side²] from frame `from` on. */
function asTensor(clips: readonly DotClip[], from = 0): Tensor {
  const area = side * side;
  const T = frames - from;
  const values = new Float32Array(T * clips.length * area);
  for (const [b, { data }] of clips.entries())
    for (let t = 0; t < T; t++)
      values.set(data.subarray((from + t) * area, (from + t + 1) * area), (t * clips.length + b) * area);
  return tensor(values, [T, clips.length, area]);
}

const convNet = { inChannels: 1, channels: [8, 16], inputSize: [side, side] as [number, number] };

/** By clip: the motion of a whole clip, or of its last frame alone. */
async function byClip(whole: boolean, steps: number, progress: (part: number) => Promise<void>): Promise<number> {
  manualSeed(1);
  const model = new VideoClassifier({ convNet, classes: names.length, cell: 'gru', hiddenSize });
  const random = new Random(1);
  const from = whole ? 0 : frames - 1;
  const target = (clips: readonly DotClip[]) => clips.map(({ labels }) => labels[frames - 1]);
  await trainOn(model, { steps, every, lr: 5e-3, progress }, () => {
    const clips = makeClips(batchSize, random, false);
    return model.loss(asTensor(clips, from), indices(target(clips)));
  });
  const clips = makeClips(tests, new Random(99), false);
  const [logits] = scope(() => [model.forward(asTensor(clips, from))[0].argmax(1).toArray() as number[]]);
  return logits.filter((label, k) => label === target(clips)[k]).length / tests;
}

/** By frame: a label for every frame, of clips that turn. */
async function byFrame(steps: number, progress: (part: number) => Promise<void>) {
  manualSeed(1);
  const model = new VideoTagger({ convNet, classes: names.length + 1, cell: 'gru', hiddenSize });
  const random = new Random(1);
  const losses = await trainOn(model, { steps, every, lr: 5e-3, progress }, () => {
    const clips = makeClips(batchSize, random, true);
    const target = Array.from({ length: frames }, (_, t) => clips.map(({ labels }) => labels[t])).flat();
    return model.loss(asTensor(clips), indices(target, [frames, batchSize]));
  });
  const clips = makeClips(tests, new Random(98), true);
  const predicted = scope(() => model.predict(asTensor(clips)).map(({ labels }) => Array.from(labels)));
  const right = predicted.reduce(
    (sum, row, k) => sum + row.filter((label, t) => label === clips[k].labels[t]).length,
    0,
  );
  return { losses, accuracy: right / (tests * frames), clip: clips[0], predicted: predicted[0] };
}

export const video = lessonOf<VideoValues, VideoWords>({
  name: 'video',
  words: videoWords,
  async measure({ steps: stepsOf, progress }: Measuring) {
    const steps = stepsOf(300, every);
    const wholeClip = await byClip(true, steps, (p) => progress(p / 3));
    const oneFrame = await byClip(false, steps, (p) => progress((1 + p) / 3));
    const tagged = await byFrame(steps, (p) => progress((2 + p) / 3));
    const name = (label: number) => (label === still ? 'still' : names[label]);
    return {
      tests,
      steps,
      frames,
      side,
      wholeClip,
      oneFrame,
      chance: 1 / names.length,
      perFrame: { accuracy: tagged.accuracy, losses: tagged.losses },
      shown: Array.from({ length: frames }, (_, t) => ({
        pixels: Array.from(tagged.clip.data.subarray(t * side * side, (t + 1) * side * side)),
        target: name(tagged.clip.labels[t]),
        predicted: name(tagged.predicted[t]),
      })),
    };
  },
  answer: ({ oneFrame, wholeClip }) => (oneFrame > 0.6 ? 1 : wholeClip > 0.6 ? 0 : 2),
  figures: (v, t, language): LessonFigure[] => [
    {
      kind: 'table',
      header: t.header,
      rows: [
        [t.oneFrame, percent(v.oneFrame)],
        [t.wholeClip, percent(v.wholeClip)],
        [t.perFrame, percent(v.perFrame.accuracy)],
      ],
    },
    {
      kind: 'images',
      title: t.shown,
      images: v.shown.slice(0, 6).map(({ pixels, target, predicted }, k) => ({
        image: { width: v.side, height: v.side, data: Uint8Array.from(pixels.flatMap((p) => [p, p, p])) },
        caption: `${k + 1}: ${t.motions[target]}${predicted === target ? '' : ` (${t.motions[predicted]})`}`,
      })),
    },
    {
      kind: 'table',
      title: t.timeline,
      header: t.timelineHeader,
      rows: v.shown.map(({ target, predicted }, k) => [k + 1, t.motions[target], t.motions[predicted]]),
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].step,
        yLabel: lessonTerms[language].loss,
        series: [{ name: t.perFrame, points: v.perFrame.losses.map((y, k) => [(k + 1) * every, y] as const) }],
      },
    },
  ],
});
