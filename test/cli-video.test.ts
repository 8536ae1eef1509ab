// `train video`, `predict` and `eval` as a person or a program meets them, on small folders of frames.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { encodePng } from 'unrolled/analysis';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const small = [
  '--size',
  '8',
  '--channels',
  '4,8',
  '--hidden',
  '8',
  '--batch',
  '8',
  '--threads',
  '1',
  '--lr',
  '0.02',
  '--val-frac',
  '0.25',
];

const at = workFolder('video');

/** A gray image. */
const frame = (gray: number) => encodePng({ height: 8, width: 8, data: new Uint8Array(8 * 8 * 3).fill(gray) });

/** Clips that become lighter or darker: the same frames, in one order or the other. */
function video(path: string, n: number, lighter: boolean): string[] {
  mkdirSync(path, { recursive: true });
  const grays = Array.from({ length: 5 + (n % 3) }, (_, t) => 20 + 30 * t + (n % 5));
  for (const [t, gray] of (lighter ? grays : grays.toReversed()).entries())
    writeFileSync(join(path, `frame${t + 1}.png`), frame(gray));
  return grays.map((_, t) => (t === 0 ? 'begin' : lighter ? 'lighter' : 'darker'));
}

beforeAll(async () => {
  const rows: string[] = [];
  for (let n = 0; n < 40; n++) {
    const label = n % 2 ? 'lighter' : 'darker';
    const labels = video(at(`videos/${label}/c${n}`), n, n % 2 === 1);
    rows.push(JSON.stringify({ clip: `videos/${label}/c${n}`, label, person: `p${n % 8}`, frame_labels: labels }));
  }
  writeFileSync(at('clips.jsonl'), `${rows.join('\n')}\n`);
  const { code, err } = await unrolled('train', 'video', 'videos', '--out', 'run', '--steps', '60', ...small);
  if (code !== 0) throw new Error(err);
});

test('a folder of clips is learned, shown, and left as a page with the frames', async () => {
  const { code, err } = await unrolled('train', 'video', 'videos', '--out', 'shown', '--steps', '5', ...small);
  expect(code, err).toBe(0);
  expect(err).toMatch(/30 to learn, 10 to validate, 5 to 7 frames of 8 × 8/);
  expect(err).toMatch(/npx unrolled predict shown .*videos\/\w+\/c\d+/);
  expect(readFileSync(at('shown/clips.html'), 'utf8')).toContain('data:image/png;base64,');
});

test('what makes frames square is kept with the run, for its data and for what it is asked', async () => {
  const args = ['train', 'video', 'videos', '--out', 'padded', '--fit', 'contain', '--steps', '1', ...small];
  const { code, err } = await unrolled(...args);
  expect(code, err).toBe(0);
  const { data, model } = JSON.parse(readFileSync(at('padded/config.json'), 'utf8'));
  expect([data.read.fit, model.input.image.fit]).toEqual(['contain', 'contain']);
});

test('a clip is called by its most probable label, in words or as JSON', async () => {
  const { code, out, err } = await unrolled('predict', 'run', 'videos/lighter/c3', '--json');
  expect(code, err).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ clip: 'videos/lighter/c3', label: 'lighter' });
  expect((await unrolled('predict', 'run', 'videos/darker/c2')).out).toMatch(/^darker /);
  expect((await unrolled('predict', 'run', 'videos/darker/c2', 'videos/lighter/c3')).out).toMatch(
    /^darker\t.*\nlighter\t/,
  );
});

test('eval shows the confusion, and that without the order of the frames little is right', async () => {
  const { code, out, err } = await unrolled('eval', 'run', '--json');
  expect(code, err).toBe(0);
  const result = JSON.parse(out);
  expect(result.accuracy).toBe(1);
  expect(result.reordered).toBeLessThan(0.9);
  expect(result.confusion).toEqual([
    [5, 0],
    [0, 5],
  ]);
  expect((await unrolled('eval', 'run')).out).toContain('target ↓  predicted →');
});

test('frames are labeled one by one, told as a timeline and drawn', async () => {
  const args = ['--per-frame', '--group', 'person', '--out', 'frames', '--steps', '80', ...small];
  const { code, err } = await unrolled('train', 'video', 'clips.jsonl', ...args);
  expect(code, err).toBe(0);
  expect(err).toMatch(/predicted {2}[a-c]+/);
  expect(readFileSync(at('frames/clips.html'), 'utf8')).toContain('<svg');
  const { out } = await unrolled('predict', 'frames', 'videos/lighter/c3', '--json');
  const predicted = JSON.parse(out);
  expect(predicted.segments.map(({ label }: { label: string }) => label)).toEqual(['begin', 'lighter']);
  expect(readFileSync(at('frames/c3.svg'), 'utf8')).toContain('<title>begin: 0 – 1</title>');
  expect(JSON.parse((await unrolled('eval', 'frames', '--json')).out).exact).toBeGreaterThan(0.5);
});

test('two clips of one name have a drawing each, and --draw says where', async () => {
  video(at('videos/other/c3'), 3, true);
  const both = ['videos/lighter/c3', 'videos/other/c3'];
  const drawn = async (...more: string[]) =>
    (await unrolled('predict', 'frames', ...both, '--json', ...more)).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).timeline);
  expect(await drawn()).toEqual([join('frames', 'c3.svg'), join('frames', 'c3-2.svg')]);
  expect(await drawn('--draw', 'lines.svg')).toEqual(['lines-1.svg', 'lines-2.svg']);
  expect(existsSync(at('lines-2.svg'))).toBe(true);
  expect((await unrolled('predict', 'frames', both[0], '--top-k', '2')).err).toContain(
    '--top-k: means nothing to a run by frame',
  );
  expect((await unrolled('predict', 'run', both[0], '--draw', 'x.svg')).err).toContain(
    '--draw: means nothing to a run by clip',
  );
  rmSync(at('videos/other'), { recursive: true });
});

test('eval of another table reads the clips that lie with it', async () => {
  video(at('elsewhere/videos/lighter/c1'), 2, false);
  video(at('elsewhere/videos/darker/c0'), 1, true);
  const rows = [
    { clip: 'videos/lighter/c1', label: 'darker' },
    { clip: 'videos/darker/c0', label: 'lighter' },
  ];
  writeFileSync(at('elsewhere/clips.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const evaluate = (...more: string[]) => unrolled('eval', 'run', '--file', 'elsewhere/clips.jsonl', '--json', ...more);
  expect(JSON.parse((await evaluate()).out)).toMatchObject({ accuracy: 1, folder: 'elsewhere' });
  expect(JSON.parse((await evaluate('--clips', '.')).out)).toMatchObject({ accuracy: 0, folder: '.' });
});

test('the clips of a folder, or of a table without labels, are labeled one by one; one that cannot be read has an error in its place', async () => {
  for (const n of [1, 2]) video(at(`new/c${n}`), n, n === 1);
  writeFileSync(at('new/c3.mp4'), 'no video');
  const { code, out, err } = await unrolled('predict', 'run', 'new', '--json');
  expect(code, err).toBe(0);
  const answers = out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>); // biome-ignore format: one line
  expect(answers.map(({ clip, label = 'none' }) => [clip, label])).toEqual([
    ['new/c1', 'lighter'],
    ['new/c2', 'darker'],
    ['new/c3.mp4', 'none'],
  ]);
  expect(err).toContain(`new/c3.mp4: ${answers[2].error}`);
  expect((await unrolled('predict', 'run', 'new', '--bad-rows', 'stop')).code).not.toBe(0);
  writeFileSync(at('new/clips.csv'), 'clip\nc2\nc1\nc9\n');
  const listed = await unrolled('predict', 'run', '--file', 'new/clips.csv');
  expect(listed.out).toMatch(/^darker\t.*\nlighter\t.*\n\t.*c9\t\(not there\)\n$/);
});

test('clips are learned mirrored, with the words of their labels exchanged where there is such a label', async () => {
  const args = ['train', 'video', 'videos', '--steps', '2', ...small, '--out'];
  const changes = ['--shift', '1', '--brightness', '0.1', '--label-smoothing', '0.1'];
  const both = await unrolled(...args, 'both', '--mirror', 'lighter=darker', ...changes);
  expect(both.err).toMatch(/60 to learn, 10 to validate/);
  const half = await unrolled(...args, 'half', '--mirror', 'lighter=brighter');
  expect(half.err).toContain('15 mirrored clips would have a label that no clip has, and were left out');
});

test('data that are sorted by class are not split by their order', async () => {
  const { code, err } = await unrolled('train', 'video', 'videos', '--split', 'position', '--out', 'sorted', ...small);
  expect(code).not.toBe(0);
  expect(err).toContain('the data is sorted by class');
  expect(existsSync(at('sorted'))).toBe(false);
});

test('clips whose names say that some were cut from one video are warned about', async () => {
  for (let n = 0; n < 8; n++) video(at(`ucf/${n % 2 ? 'up' : 'down'}/v_g0${n >> 1}_c0${n}`), n, n % 2 === 1);
  const args = ['train', 'video', 'ucf', '--steps', '2', ...small];
  expect((await unrolled(...args, '--out', 'leaky')).err).toContain('--group-pattern "_(g\\d+)"');
  expect((await unrolled(...args, '--out', 'kept', '--group-pattern', '_(g\\d+)')).err).not.toContain(
    'cut from one video',
  );
});

test('what cannot be learned or asked is told', async () => {
  expect((await unrolled('train', 'video')).err).toContain('--demo clips');
  expect((await unrolled('train', 'video', 'videos', '--per-frame', ...small)).err).toContain(
    '--per-frame needs a column of them',
  );
  expect((await unrolled('predict', 'run')).err).toContain(
    'name a video, an animation, a folder of frames, or a folder of these',
  );
  expect((await unrolled('predict', 'run', 'videos/nowhere')).err).toContain('nowhere');
});
