// Videos made here by FFmpeg, folders of frames and animations made by sharp: what is read, what is left out and counted, and the messages.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { imageSettings, PixelCache } from '../images/index.ts';
import { Skipped } from '../skipped.ts';
import { findFfmpeg, labelsOfFrames, openClips, readClips, sampling, splitClips } from './index.ts';
import { sampleAtRate, sampleEvenly } from 'unrolled/data';
import { Thinned } from './sampling.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-clips-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = spawnSync('ffmpeg', ['-version']).status === 0;

function needsFfmpeg(context: TestContext): void {
  if (!installed) context.skip('FFmpeg is not installed');
}

const endings = ['mp4', 'avi', 'mkv', 'mpg', 'webm', 'mov', 'ts', 'flv', 'ogv', 'wmv'];
const rates = [10, 25, 8];
const videos: [name: string, frames: number, rate?: number][] = [
  ...endings.map((ending): [string, number, number] => [`whole.${ending}`, 20, 25]),
  ['large.avi', 3],
  ['large.mp4', 3],
  ['sampled.mp4', 20],
  ['long.mp4', 6],
  ['short.mp4', 3],
  ['good.mp4', 12],
  ['torn.mkv', 20],
  ['secret.ts', 8, 8],
  ['cached.mp4', 9],
];

/** Videos whose frame t is gray, 16 + 8 t: it tells which frame it is. One process makes them all, since starting one costs the most. */
function makeVideos(): void {
  const sources = rates.map(
    (rate) => `color=c=black:s=64x48:r=${rate}:d=2,format=gray,geq=lum='16+8*N',format=yuv420p`,
  );
  const inputs = sources.flatMap((source) => ['-f', 'lavfi', '-i', source]);
  const outputs = videos.flatMap(([name, frames, rate = 10]) => [
    '-map',
    `${rates.indexOf(rate)}:v`,
    '-frames:v',
    `${frames}`,
    join(folder, name),
  ]);
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...inputs, ...outputs], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const settings = imageSettings({ height: 8, width: 8 });
const all = sampling();

/** Opens clips, without a cache unless one is given. */
async function open(files: readonly string[], how = all, cache: PixelCache | null = null) {
  const skipped = new Skipped('skip', ['clip', 'clips']);
  const clips = await openClips(files, settings, how, { cache, skipped });
  /** The gray of every frame. */
  const grays = async (n: number) => {
    const batch = await clips.read([n]);
    return Array.from({ length: clips.lengths[n] }, (_, t) => batch[(t * 64 + 20) * 3]);
  };
  return { clips, skipped, grays };
}

/** Which frame it is. */
const frameOf = (gray: number) => Math.round((gray - 16) / 8);

describe('sampling', () => {
  test('evenly: the middle of each part; all, where there are fewer', () => {
    expect(sampleEvenly(10, 5)).toEqual([1, 3, 5, 7, 9]);
    expect(sampleEvenly(7, 3)).toEqual([1, 3, 5]);
    expect(sampleEvenly(3, 5)).toEqual([0, 1, 2]);
    expect(sampleEvenly(0, 5)).toEqual([]);
  });

  test('at a rate: what is shown at every 1/rate of a second', () => {
    expect(sampleAtRate([100, 200, 300], 10)).toEqual([0, 1, 1, 2, 2, 2]);
    expect(sampleAtRate([100, 200, 300], 5)).toEqual([0, 1, 2]);
    expect(sampleAtRate([40, 40, 40, 40], 25)).toEqual([0, 1, 2, 3]);
  });

  test('a stream is thinned in bounded memory, and what is taken is where it should be', () => {
    for (const count of [1, 7, 255, 256, 257, 1000, 5000]) {
      const thinned = new Thinned(20);
      for (let t = 0; t < count; t++) thinned.add(Uint8Array.of(t & 255, t >> 8));
      const taken = thinned.take().map(([low, high]) => low + 256 * high);
      const wanted = sampleEvenly(count, 20);
      expect(taken.length).toBe(wanted.length);
      for (const [k, t] of taken.entries())
        expect(Math.abs(t - wanted[k])).toBeLessThanOrEqual(count <= 256 ? 0 : count / 80);
    }
  });

  test('refuses what is none', () => {
    expect(() => sampling({ frames: 0 })).toThrow('clips: frames: expected a whole number from 1 to 100000, got 0');
    expect(() => sampling({ rate: -1 })).toThrow('clips: rate: expected frames a second');
    expect(() => sampling({ frames: 5, rate: 5 })).toThrow('not both');
  });
});

describe('videos', () => {
  beforeAll(() => {
    if (installed) makeVideos();
  });

  test.for(endings)('.%s: all frames, in order', async (ending, context) => {
    needsFfmpeg(context);
    const path = join(folder, `whole.${ending}`);
    const { clips, grays, skipped } = await open([path]);
    expect(skipped.count).toBe(0);
    expect([clips.count, clips.lengths[0], clips.height, clips.width]).toEqual([1, 20, 8, 8]);
    expect((await grays(0)).map(frameOf)).toEqual(Array.from({ length: 20 }, (_, t) => t));
  });

  test('frames that are larger than what a pipe brings at a time', async (context) => {
    needsFfmpeg(context);
    const large = imageSettings({ height: 192, width: 256 }); // 147,456 bytes
    const clips = await openClips([join(folder, 'large.avi')], large, all, {
      cache: null,
      skipped: new Skipped('stop'),
    });
    const batch = await clips.read([0]);
    const places = [0, 1, 2].map((t) => batch[(t * 192 * 256 + 30_000) * 3]);
    expect([clips.lengths[0], ...places.map((gray) => frameOf(gray) + 0)]).toEqual([3, 0, 1, 2]);
  });

  test('so many frames, or so many a second', async (context) => {
    needsFfmpeg(context);
    const path = join(folder, 'sampled.mp4');
    const five = await open([path], sampling({ frames: 5 }));
    expect((await five.grays(0)).map(frameOf)).toEqual([2, 6, 10, 14, 18]);
    const slow = await open([path], sampling({ rate: 5 }));
    expect(slow.clips.lengths[0]).toBe(10);
    const order = (await slow.grays(0)).map(frameOf);
    for (let t = 1; t < 10; t++) expect(order[t] - order[t - 1]).toBe(2);
    expect((await open([path], sampling({ maxFrames: 4 }))).clips.lengths[0]).toBe(4);
    expect((await open([path], sampling({ frames: 50 }))).clips.lengths[0]).toBe(20);
  });

  test('batches are padded with zeros behind the shorter ones, and one video named twice is one clip', async (context) => {
    needsFfmpeg(context);
    const files = [join(folder, 'long.mp4'), join(folder, 'short.mp4')];
    const { clips } = await open([files[0], files[1], files[0]]);
    expect(Array.from(clips.numbers)).toEqual([0, 1, 0]);
    const batch = await clips.read([1, 0]);
    expect(batch.length).toBe(2 * 6 * 192);
    expect(batch.subarray(3 * 192, 6 * 192).every((value) => value === 0)).toBe(true);
    expect(batch[6 * 192 - 1 + 5 * 192]).toBeGreaterThan(0);
  });

  test('cut off, of another kind, empty, without an image, not there: named and counted', async (context) => {
    needsFfmpeg(context);
    const good = join(folder, 'good.mp4');
    const bytes = readFileSync(good);
    const file = (name: string, content: Uint8Array | string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const cut = file('cut.mp4', bytes.subarray(0, bytes.length / 2));
    const torn = file('torn.mkv', readFileSync(join(folder, 'torn.mkv')).subarray(0, 1500));
    const text = file('text.mp4', 'this is no video');
    const empty = file('empty.mp4', '');
    const sound = join(folder, 'sound.wav');
    spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=d=0.1', sound]);
    const gone = join(folder, 'gone.mp4');
    const { clips, skipped } = await open([cut, good, text, empty, sound, gone, torn]);
    expect(Array.from(clips.numbers)).toEqual([-1, 0, -1, -1, -1, -1, -1]);
    const [report] = skipped.report(folder, 7);
    expect(report).toContain(`damaged (${cut}; ${text}`);
    expect(report).toContain(`1 empty (${empty})`);
    expect(report).toContain(`1 without frames (${sound})`);
    expect(report).toContain(`1 not there (${gone})`);
    await expect(
      openClips([cut], settings, all, { cache: null, skipped: new Skipped('stop', ['clip', 'clips']) }),
    ).rejects.toThrow(`${cut}: damaged`);
  });

  test('a video of enormous frames is refused', async (context) => {
    needsFfmpeg(context);
    const path = join(folder, 'large.mp4');
    const skipped = new Skipped('skip', ['clip', 'clips']);
    await openClips([path], { ...settings, maxPixels: 1000 }, all, { cache: null, skipped });
    expect(skipped.reasons).toEqual(['too large']);
  });

  test('a playlist with the name of a video opens nothing of what it lists', async (context) => {
    needsFfmpeg(context);
    const secret = join(folder, 'secret.ts');
    const playlist = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const hls = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\n`;
    const files = [
      playlist('hls.mp4', `${hls}secret.ts\n#EXT-X-ENDLIST\n`),
      playlist('network.mp4', `${hls}http://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n`),
      playlist('absolute.avi', `${hls}file:${secret}\n#EXT-X-ENDLIST\n`),
      playlist('concat.webm', `ffconcat version 1.0\nfile secret.ts\n`),
      playlist(
        'sdp.mp4',
        'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
      ),
      playlist(
        'dash.mp4',
        `<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp2t"><Representation id="1" bandwidth="1"><BaseURL>secret.ts</BaseURL></Representation></AdaptationSet></Period></MPD>\n`,
      ),
    ];
    const { clips, skipped } = await open([...files, secret]);
    expect(Array.from(clips.numbers)).toEqual([-1, -1, -1, -1, -1, -1, 0]);
    expect(skipped.count).toBe(6);
    const [report] = skipped.report(folder, 7);
    expect(report).toContain('no video');
    // As FFmpeg would have it without the restriction: the playlist is the video that it lists.
    const { status } = spawnSync('ffmpeg', [
      '-v',
      'error',
      '-nostdin',
      '-allowed_extensions',
      'ALL',
      '-i',
      files[0],
      '-f',
      'null',
      '-',
    ]);
    expect(status).toBe(0);
  });

  test('decoded once: the cache gives the same, and other sampling is another entry', async (context) => {
    needsFfmpeg(context);
    const path = join(folder, 'cached.mp4');
    const cache = () => new PixelCache(join(folder, 'cache'));
    const first = await open([path], all, cache());
    const used = cache();
    const second = await open([path], all, used);
    expect([used.hits, used.made]).toEqual([1, 0]);
    expect(await second.clips.read([0])).toEqual(await first.clips.read([0]));
    const other = cache();
    await open([path], sampling({ frames: 3 }), other);
    expect([other.hits, other.made]).toEqual([0, 1]);
  });
});

describe('without FFmpeg', () => {
  const before = process.env.FFMPEG;
  afterEach(() => {
    if (before === undefined) delete process.env.FFMPEG;
    else process.env.FFMPEG = before;
  });

  test('says what to install before anything is read; folders of frames and animations are read all the same', async () => {
    process.env.FFMPEG = '/nowhere/ffmpeg';
    expect(() => findFfmpeg()).toThrow(
      /^videos: ffmpeg: FFMPEG says \/nowhere\/ffmpeg, which cannot be run, and reads videos\. Install it \(apt-get install ffmpeg, .*Folders of frames, animated GIF and WebP are read without it\.$/,
    );
    const path = join(folder, 'any.mp4');
    writeFileSync(path, 'x');
    await expect(open([path])).rejects.toThrow('apt-get install ffmpeg');
    const { clips, grays } = await open([await frames('frames-only', 3)]);
    expect([clips.count, await grays(0)]).toEqual([1, [0, 10, 20]]);
  });
});

/** A folder of images, frame t of gray 10 t. */
async function frames(name: string, count: number): Promise<string> {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (let t = 0; t < count; t++) {
    const background = { r: 10 * t, g: 10 * t, b: 10 * t };
    await sharp({ create: { width: 9, height: 9, channels: 3, background } })
      .png()
      .toFile(join(path, `frame ${t}.png`));
  }
  return path;
}

async function gif(name: string, count: number, delay = 100): Promise<string> {
  const path = join(folder, name);
  const images = await Promise.all(
    Array.from({ length: count }, (_, t) => {
      const background = { r: 20 * t, g: 20 * t, b: 20 * t };
      return sharp({ create: { width: 9, height: 9, channels: 3, background } })
        .png()
        .toBuffer();
    }),
  );
  await sharp(images, { join: { animated: true } })
    .gif({ delay: new Array<number>(count).fill(delay) })
    .toFile(path);
  return path;
}

describe('frames and animations', () => {
  test('a folder of frames is read in the order of its numbers', async () => {
    const path = await frames('twelve', 12);
    expect(await (await open([path])).grays(0)).toEqual(Array.from({ length: 12 }, (_, t) => 10 * t));
    expect(await (await open([path], sampling({ frames: 3 }))).grays(0)).toEqual([20, 60, 100]);
    expect(await (await open([path], sampling({ rate: 5, folderRate: 10 }))).grays(0)).toEqual([
      0, 20, 40, 60, 80, 100,
    ]);
  });

  test('an animation is a clip; a still image is none', async () => {
    const path = await gif('moving.gif', 4);
    expect(await (await open([path])).grays(0)).toEqual([0, 20, 40, 60]);
    expect(await (await open([path], sampling({ rate: 20 }))).grays(0)).toEqual([0, 0, 20, 20, 40, 40, 60, 60]);
    const still = join(folder, 'twelve', 'frame 1.png');
    const { skipped } = await open([still]);
    expect(skipped.reasons).toEqual(['a still image where a clip is expected']);
  });

  test('a folder without frames, and one with a damaged frame', async () => {
    const [bare, torn] = [join(folder, 'bare'), await frames('torn', 3)];
    mkdirSync(bare);
    writeFileSync(join(bare, 'notes.txt'), 'nothing');
    writeFileSync(join(torn, 'frame 1.png'), readFileSync(join(torn, 'frame 1.png')).subarray(0, 40));
    const { skipped, clips } = await open([bare, torn, await frames('whole', 2)]);
    expect(clips.count).toBe(1);
    expect(skipped.report('x', 3)).toEqual([
      `2 of 3 clips were left out: 1 without frames (${bare}), 1 with a frame that cannot be used (${torn})`,
    ]);
    const strict = new Skipped('stop', ['clip', 'clips']);
    await expect(openClips([torn], settings, all, { cache: null, skipped: strict })).rejects.toThrow(
      `${torn}: with a frame that cannot be used`,
    );
  });
});

describe('readClips', () => {
  test('folders in which all is a clip, and folders in which nothing can be used', async () => {
    for (const label of ['left', 'right']) mkdirSync(join(folder, 'plain', label), { recursive: true });
    await frames('plain/left/1', 2);
    await gif('plain/right/a.gif', 2);
    const { clips, skipped } = await readClips([join(folder, 'plain')]);
    expect(clips.map(({ name, label }) => [name, label])).toEqual([
      [join('left', '1'), 'left'],
      [join('right', 'a.gif'), 'right'],
    ]);
    expect(skipped.count).toBe(0);
    mkdirSync(join(folder, 'useless', 'left', 'nothing'), { recursive: true });
    const none = await readClips([join(folder, 'useless')], { badRows: 'skip' });
    expect([none.clips.length, none.skipped.count]).toEqual([0, 1]);
  });

  test('a folder for each label, with videos, animations and folders of frames', async () => {
    const root = join(folder, 'labeled');
    for (const label of ['waving', 'walking']) mkdirSync(join(root, label), { recursive: true });
    await frames('labeled/waving/10', 2);
    await frames('labeled/waving/9', 2);
    await gif('labeled/walking/a.gif', 2);
    writeFileSync(join(root, 'walking', 'b.webm'), 'a video');
    writeFileSync(join(root, 'walking', 'notes.txt'), 'no clip');
    mkdirSync(join(root, 'walking', 'nothing'));
    const { clips, skipped } = await readClips([root], { badRows: 'skip' });
    expect(clips.map(({ name, label }) => [name, label])).toEqual([
      [join('walking', 'a.gif'), 'walking'],
      [join('walking', 'b.webm'), 'walking'],
      [join('waving', '9'), 'waving'],
      [join('waving', '10'), 'waving'],
    ]);
    expect(skipped.reasons).toEqual(['without frames']);
    const grouped = await readClips([root], { badRows: 'skip', groupPattern: String.raw`([a-z]|\d)\w*(\.|$)` });
    expect(grouped.clips.map(({ group }) => group)).toEqual(['a', 'b', '9', '1']);
    await expect(readClips([root], { groupPattern: '_g(\\d+)_', badRows: 'skip' })).rejects.toThrow(
      'does not match the pattern of groups _g(\\d+)_',
    );
    await expect(readClips([root], { groupPattern: '(', badRows: 'skip' })).rejects.toThrow('clips: group-pattern: ');
  });

  test('a table of clips, labels, groups and labels of frames', async () => {
    const root = join(folder, 'table');
    mkdirSync(root, { recursive: true });
    await frames('table/one', 4);
    await frames('table/two', 2);
    writeFileSync(
      join(root, 'clips.csv'),
      'clip,label,speaker,frame_labels\none,hello,s1,sil he llo sil\ntwo,bye,s2,"[""b"", ""ye""]"\n',
    );
    writeFileSync(
      join(root, 'clips.jsonl'),
      '{"clip":"one","label":"hello","speaker":"s1","frame_labels":["sil","he","llo","sil"]}\n{"clip":"two","label":"bye","speaker":"s2","frame_labels":["b","ye"]}\n',
    );
    for (const name of ['clips.csv', 'clips.jsonl']) {
      const { clips } = await readClips([join(root, name)]);
      expect(clips.map(({ name, label, group, frameLabels }) => [name, label, group, frameLabels])).toEqual([
        ['one', 'hello', 's1', ['sil', 'he', 'llo', 'sil']],
        ['two', 'bye', 's2', ['b', 'ye']],
      ]);
      expect(labelsOfFrames(clips[0], 4, all)).toEqual(['sil', 'he', 'llo', 'sil']);
      expect(labelsOfFrames(clips[0], 2, sampling({ frames: 2 }))).toEqual(['he', 'sil']);
      expect(labelsOfFrames(clips[0], 8, sampling({ rate: 50 }))).toEqual('sil sil he he llo llo sil sil'.split(' '));
      expect(() => labelsOfFrames(clips[0], 5, all)).toThrow(
        'one: has 4 frame labels for 5 frames; expected one for each frame',
      );
      expect(() => labelsOfFrames(clips[0], 3, all)).toThrow('has 4 frame labels for 3 frames');
    }
  });

  test('what cannot be used is named and counted: not there, outside, without a label', async () => {
    const root = join(folder, 'bad');
    mkdirSync(root, { recursive: true });
    await frames('bad/one', 2);
    const path = join(root, 'clips.csv');
    writeFileSync(path, 'clip,label\none,a\ngone.mp4,a\n../table/two,b\none,\n,b\n');
    const { clips, skipped } = await readClips([path], { badRows: 'skip' });
    expect(clips.length).toBe(1);
    expect(skipped.report(path, 5)).toEqual([
      `4 of 5 clips were left out: 1 not there (${path}, row 2: gone.mp4), 1 outside of the data folder (${path}, row 3: ../table/two), ` +
        `1 without a label (${path}, row 4), 1 without a name (${path}, row 5)`,
    ]);
    const elsewhere = join(root, 'elsewhere.csv');
    writeFileSync(elsewhere, 'clip,label\nx.mp4,a\ny.mp4,b\n');
    await expect(readClips([elsewhere])).rejects.toThrow(
      `none of its clips is in ${root}; say where they are: --clips folder`,
    );
    const unlabeled = join(root, 'unlabeled.csv');
    writeFileSync(unlabeled, 'clip,when\none,today\n');
    await expect(readClips([unlabeled])).rejects.toThrow('which column is the label? There are clip, when');
  });

  test('says what was expected of a folder', async () => {
    const root = join(folder, 'wrong');
    mkdirSync(root);
    await expect(readClips([root])).rejects.toThrow('has no folders; expected one for each label');
    await frames('wrong/waving', 2);
    await expect(readClips([root])).rejects.toThrow(
      `its folders (waving) hold images and no clips; expected a folder of frames for each clip: ${join(root, 'waving', 'clip 1', 'frame 1.png')}`,
    );
    await expect(readClips([join(folder, 'no such')])).rejects.toThrow('there is no such file');
  });
});

describe('splitClips', () => {
  const clips = Array.from({ length: 100 }, (_, n) => ({
    clip: `${n}`,
    name: `${n}`,
    label: n < 50 ? 'a' : 'b',
    group: null as string | null,
    frameLabels: null,
    part: null,
  }));
  const half = { validation: 0.2, seed: 1 };

  test('at random every label is on both sides, and no clip twice', () => {
    const { train, validation } = splitClips(clips, half);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(clips.map((_, n) => n));
    expect(Array.from(validation).filter((n) => n < 50).length).toBe(10);
  });

  test('groups stay together', () => {
    const grouped = clips.map((clip, n) => ({ ...clip, group: `g${n % 10}` }));
    const { train, validation } = splitClips(grouped, half);
    const of = (part: Int32Array) => new Set(Array.from(part, (n) => n % 10));
    for (const g of of(validation)) expect(of(train)).not.toContain(g);
    expect(validation.length).toBe(20);
  });

  test('data sorted by class is not split by position', () => {
    expect(() => splitClips(clips, { ...half, by: 'position' })).toThrow(/the data is sorted by class/);
    const mixed = clips.map((clip, n) => ({ ...clip, label: (n * 7) % 3 === 0 ? 'a' : 'b' }));
    expect(Array.from(splitClips(mixed, { ...half, by: 'position' }).validation)).toEqual(
      Array.from({ length: 20 }, (_, k) => 80 + k),
    );
  });

  test('as the data say, where they do', () => {
    const parts = clips.map((clip, n) => ({
      ...clip,
      part: n % 4 === 0 ? ('validation' as const) : ('train' as const),
    }));
    expect(splitClips(parts, half).validation.length).toBe(25);
    expect(splitClips(clips, { ...half, validation: 0 }).train.length).toBe(100);
  });

  test('without validation learns from all clips, of one group too', () => {
    const one = clips.map((clip) => ({ ...clip, part: null, group: 'one' }));
    expect(splitClips(one, { validation: 0, seed: 1 })).toEqual({
      train: Int32Array.from(one, (_, n) => n),
      validation: new Int32Array(0),
    });
    expect(() => splitClips(one, { validation: 0.5, seed: 1 })).toThrow('all examples are of one group');
  });
});
