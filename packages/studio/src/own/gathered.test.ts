import { expect, test } from 'vitest';
import { cleanLabel, datasetOf, type GatheredClass, gatheredLimits, lackOf, recorded, withRows } from './gathered.ts';
import { imageSize } from './given.ts';

let ids = 0;
const newId = () => ++ids;
const bytes = imageSize * imageSize * 3;
const clip = (value: number, frames: number = recorded.frames) => new Uint8Array(frames * bytes).fill(value);
const classOf = (label: string, count: number, from = 0): GatheredClass => ({
  id: newId(),
  label,
  clips: Array.from({ length: count }, (_, n) => ({ id: newId(), data: clip(from + n) })),
});

test('what is too few is told: classes, and the clips of one that has begun', () => {
  expect(lackOf([])).toEqual({ what: 'classes', least: 2 });
  expect(lackOf([classOf('wave', 9), classOf('nod', 0)])).toEqual({ what: 'classes', least: 2 });
  expect(lackOf([classOf('wave', 9), classOf('nod', 3)])).toEqual({ what: 'clips', label: 'nod', count: 3, least: 4 });
  expect(lackOf([classOf('wave', 4), classOf('nod', 4), classOf('not yet', 0)])).toBeNull();
});

test('the clips that were recorded last come last, of every class its share', () => {
  const { rows, size } = datasetOf([classOf('wave', 20), classOf('nod', 10, 100)]);
  expect([rows.length, size]).toEqual([30, imageSize]);
  const end = rows.slice(27).map(({ label, data }) => [label, data[0]]);
  expect(end).toEqual([
    ['wave', 18],
    ['nod', 109],
    ['wave', 19],
  ]);
});

test('a label is the name of a folder everywhere, and nothing that leads out of it', () => {
  expect(cleanLabel('  손 흔들기 ')).toBe('손 흔들기');
  expect(cleanLabel('../../etc/passwd')).toBe('etc passwd');
  expect(cleanLabel('a\u0000b\u202Ec:"d"')).toBe('a b c d');
  expect([cleanLabel('..'), cleanLabel(' / '), cleanLabel('x'.repeat(99)).length]).toEqual(['', '', 40]);
  expect(cleanLabel(`${'x'.repeat(39)}.y`)).toBe('x'.repeat(39));
  expect(Array.from(cleanLabel('👋'.repeat(50))).length).toBe(40);
});

test('clips of files come to those of their class, images stand still, and no more are taken than can be learned from', () => {
  const before = [classOf('wave', 5), classOf('nod', 0)];
  const rows = [
    { label: 'Wave', data: clip(7) }, // the same folder on some systems
    { label: 'bow', data: clip(8, 1) },
  ];
  const after = withRows(before, rows, newId);
  expect(after.map(({ label, clips }) => [label, clips.length])).toEqual([
    ['wave', 6],
    ['nod', 0],
    ['bow', 1],
  ]);
  expect(after[2].clips[0].data).toEqual(clip(8));
  expect(before[0].clips.length).toBe(5);
  const empty = [classOf('Class 1', 0), classOf('Class 2', 0)];
  expect(withRows(empty, rows, newId).map(({ label }) => label)).toEqual(['Wave', 'bow']);
  const many = Array.from({ length: gatheredLimits.all + 9 }, () => ({ label: 'wave', data: clip(1, 2) }));
  expect(withRows([], many, newId)[0].clips.length).toBe(gatheredLimits.all);
});
