// Data sets as files that the command reads, each with the arguments that name them.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gunzipSync } from 'node:zlib';
import { encodePng } from 'unrolled/analysis';
import { readNpy } from 'unrolled/io';

/** A step in a row: the clip, its sign, and the landmarks in pixels. */
export function signs(data: string, work: string): string[] {
  const [train, valid] = ['train', 'valid'].map((part) => {
    const { labels, classes } = JSON.parse(readFileSync(join(data, `${part}.json`), 'utf8')) as Signs;
    const bytes = gunzipSync(readFileSync(join(data, `${part}.x.i16.gz`)));
    const x = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i) / 8);
    const [frames, landmarks] = [30, 158];
    const rows = Array.from({ length: labels.length * frames }, (_, n) => {
      const clip = Math.floor(n / frames);
      return [clip, classes[labels[clip]], ...x.slice(n * landmarks, (n + 1) * landmarks)].join(',');
    });
    const header = ['clip', 'label', ...Array.from({ length: landmarks }, (_, k) => `x${k}`)].join(',');
    const table = join(work, `${part}.csv`);
    writeFileSync(table, `${header}\n${rows.join('\n')}\n`);
    return table;
  });
  return [train, '--series', 'clip', '--label', 'label', '--validation', valid];
}

interface Signs {
  readonly labels: readonly number[];
  readonly classes: readonly string[];
}

/** Questions as a table, and the images in a folder. */
export function easyVqa(data: string, work: string): string[] {
  const images = join(work, 'images');
  mkdirSync(images, { recursive: true });
  execFileSync('tar', ['xzf', join(data, 'train.images.tar.gz'), '-C', images]);
  type Question = readonly [question: string, answer: string, image: number];
  const questions = JSON.parse(
    gunzipSync(readFileSync(join(data, 'train.questions.json.gz'))).toString(),
  ) as Question[];
  const lines = questions.map(([question, answer, image]) =>
    JSON.stringify({ image: `${image}.png`, question, answer }),
  );
  const table = join(work, 'questions.jsonl');
  writeFileSync(table, `${lines.join('\n')}\n`);
  return [table, '--images', images];
}

/** Questions about images of 30 × 30 pixels, each a PNG of its own. */
export function shapes(data: string, work: string): string[] {
  const side = 30;
  const bytes = 3 * side * side;
  const lines = (name: string) => readFileSync(join(data, name), 'utf8').trim().split('\n');
  const rowsOf = (part: string) => {
    const folder = join(work, part);
    mkdirSync(folder, { recursive: true });
    const { data: bgr } = readNpy(gunzipSync(readFileSync(join(data, `${part}.input.npy.gz`))), part);
    const answers = lines(`${part}.output`);
    return lines(`${part}.query_str.txt`).map((question, n) => {
      const image = join(folder, `${n}.png`);
      const rgb = Uint8Array.from({ length: bytes }, (_, k) => bgr[n * bytes + k + 2 - 2 * (k % 3)]);
      writeFileSync(image, encodePng({ height: side, width: side, data: rgb }, deflateSync));
      return JSON.stringify({ image, question, answer: answers[n].trim() });
    });
  };
  const [train, validation] = [['train.tiny', 'train.small'], ['val']].map((parts) => {
    const table = join(work, `${parts[0]}.jsonl`);
    writeFileSync(table, `${parts.flatMap(rowsOf).join('\n')}\n`);
    return table;
  });
  return [train, '--images', work, '--validation', validation];
}

/** Lists of captions, and the images of both parts in one folder. */
export function captions(data: string, work: string): string[] {
  const images = join(work, 'images');
  mkdirSync(images, { recursive: true });
  const [train, validation] = ['train', 'val'].map((part) => {
    execFileSync('tar', ['xf', join(data, `${part}.images.tar`), '-C', images]);
    return join(data, `${part}.captions.json`);
  });
  return [train, '--images', images, '--validation', validation];
}

/** A folder of frames for each clip, and tables with the words of their frames. Frames are stored as differences to the frame before, modulo 256, of 64 levels of gray. */
export function lips(data: string, work: string): string[] {
  const [frames, height, width] = [75, 24, 40];
  const area = height * width;
  const [train, validation] = ['train', 'valid'].map((part) => {
    const read = (name: string) => gunzipSync(readFileSync(join(data, `${part}.${name}.gz`)));
    const clips = JSON.parse(read('labels.json').toString()) as Lips[];
    const differences = read('frames.delta.u8');
    const rows = clips.map(({ id, frame_labels }, n) => {
      const folder = join(work, part, id);
      mkdirSync(folder, { recursive: true });
      const gray = new Uint8Array(area);
      for (let t = 0; t < frames; t++) {
        const before = differences.subarray((n * frames + t) * area);
        for (let k = 0; k < area; k++) gray[k] += before[k];
        const rgb = Uint8Array.from({ length: 3 * area }, (_, k) => 4 * gray[Math.floor(k / 3)]);
        const png = encodePng({ height, width, data: rgb }, (bytes) => deflateSync(bytes, { level: 1 }));
        writeFileSync(join(folder, `${String(t).padStart(2, '0')}.png`), png);
      }
      // sp: a short pause between words, which is silence as sil is.
      return JSON.stringify({ clip: join(part, id), frame_labels: frame_labels.map((w) => (w === 'sp' ? 'sil' : w)) });
    });
    const table = join(work, `${part}.jsonl`);
    writeFileSync(table, `${rows.join('\n')}\n`);
    return table;
  });
  return [train, '--per-frame', '--validation', validation];
}

interface Lips {
  readonly id: string;
  /** A word for each frame. */
  readonly frame_labels: readonly string[];
}
