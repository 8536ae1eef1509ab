// A clip that comes in pieces is labeled as the whole is.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { rand } from '../tensor/create.ts';
import { timesTaken } from '../data/frames.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { cat } from '../tensor/ops/shaping.ts';
import { VideoTagger } from '../models/video/video-tagger.ts';
import { RunError } from './run-error.ts';
import { tokenClassification, videoClassification } from './tasks.ts';
import type { FrameClassificationPipeline } from './video-classification.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../../test/fixtures/runs/${name}`, import.meta.url));
const clip = folder('inputs/clip1');
const frames = readdirSync(clip)
  .sort()
  .map((name) => new Uint8Array(readFileSync(`${clip}/${name}`)));

describe('a frame labeler that is fed piece by piece', () => {
  let labeler: FrameClassificationPipeline;
  beforeAll(async () => {
    const run = await videoClassification(folder('video-frame'));
    if (run.per !== 'frame') throw new Error('the fixture labels clips');
    labeler = run;
  });

  test('answers as for the whole clip, to the bit, from its state as well', async () => {
    const [whole] = await labeler.predict({ frames }, { topK: 1 });
    expect(labeler.streams).toBe(true);
    const session = labeler.session();
    const first = await session.push(frames.slice(0, 2), { topK: 1 });
    const state = session.state();
    // Not waited for in between: a piece waits for the one before.
    const rest = await Promise.all(frames.slice(2).map((frame) => session.push(frame, { topK: 1 })));
    expect([...first, ...rest.flat()]).toEqual(whole.frames);
    expect(session.position).toBe(frames.length);
    for (let branch = 0; branch < 2; branch++) {
      const again = labeler.resume(state);
      expect(again.position).toBe(2);
      expect(await again.push(frames.slice(2), { topK: 1 })).toEqual(whole.frames.slice(2));
      again.close();
    }
    session.close();
    expect(await session.push([])).toEqual([]);
  });

  test('takes of frames that come fast or slowly those that the whole clip’s rule takes', async () => {
    const twice = frames.flatMap((frame) => [frame, frame]);
    const [fast] = await labeler.predict({ frames: twice, rate: 50 }, { topK: 1 });
    const session = labeler.session({ rate: 50 });
    const got = await Promise.all(twice.map((frame) => session.push(frame, { topK: 1 })));
    expect(got.flat()).toEqual(fast.frames);
    expect(got.map(({ length }) => length)).toEqual(twice.map((_, t) => (t % 2 === 0 ? 1 : 0)));
    expect([0, 1, 2].map((t) => timesTaken(80 * (t + 1), 2 * t, 25))).toEqual([2, 2, 2]);
  });

  test('refuses another task’s state, an altered one and options that are none', async () => {
    const tagger = await tokenClassification(folder('tag-forwards'));
    const session = tagger.session();
    session.push(['a']);
    expect(() => labeler.resume(session.state())).toThrow('is of the task token-classification');
    expect(() => labeler.resume(new Uint8Array(9))).toThrow(RunError);
    expect(() => labeler.session({ rate: 0 })).toThrow('expected frames a second');
    expect(() => labeler.session({ fps: 25 } as never)).toThrow('fps');
  });
});

test.each([
  ['that looks at what changed', { change: true }],
  ['with a layer beneath', { lowerSize: 3 }],
  ['of features', { featureSize: 12, convNet: null }],
])('a video tagger %s steps through a clip as it reads the whole', (_, options) => {
  manualSeed(3);
  const model = new VideoTagger({
    convNet: { inputSize: [4, 4], channels: [2], kernelSize: 3 },
    classes: 3,
    cell: 'gru',
    hiddenSize: 4,
    ...options,
  }).eval();
  const x = rand([5, 2, model.inputSize], -1, 1);
  const whole = model.forward(x);
  const [first, state] = model.step(x.slice(0, 0, 2));
  const [rest] = model.step(x.slice(0, 2), state);
  expect(Array.from(cat([first, rest]).dataSync())).toEqual(Array.from(whole.dataSync()));
  const both = new VideoTagger({ featureSize: 2, classes: 2, bidirectional: true });
  expect(() => both.step(rand([5, 2, 2]))).toThrow(/bidirectional|direction/);
});
