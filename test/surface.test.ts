// The public surface: how many names each door has, that every one of them is documented, in every package, and that none shadows a global of Node or
// of a page.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportsOf } from './exports.ts';
import { root } from './snippets.ts';

const source = (door: string) => join(root, 'packages/unrolled/src', door, 'index.ts');
const { doors: others } = (await import(join(root, 'tools/doors.mjs'))) as { doors: string[] };
const doors = ['', ...others]; // '' is the main one

/** Names that pages have and Node has not, or has not in every version: an import of such a name would hide them. */
const pageGlobals =
  `Animation Attr Audio Blob Cache Callback CharacterData Clients Comment Document DocumentFragment Element Event EventTarget External File FileList
  FileReader FormData Frame Headers History Image ImageBitmap ImageData Location MediaStream MessageChannel MouseEvent Navigator Node NodeList Notification
  Option Path2D Performance PerformanceMark Plugin Range Report Request Response Screen Selection Storage Text TextTrack Touch TrackEvent URL VideoFrame
  Window Worker XMLDocument blur close closed confirm document event external fetch find focus frames history length location name navigator open
  origin parent print prompt screen scroll self status stop toolbar top window`.split(/\s+/);

describe.each(doors)('unrolled/%s', (door) => {
  const names = exportsOf(source(door));

  test('every export has a doc comment', () => {
    expect(names.filter(({ documented }) => !documented).map(({ name, file }) => `${name} in ${file}`)).toEqual([]);
  });

  test('no name is there twice', () => {
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  });

  test('no export shadows a global', () => {
    const globals = new Set([...Object.getOwnPropertyNames(globalThis), ...pageGlobals]);
    expect(names.map(({ name }) => name).filter((name) => globals.has(name))).toEqual([]);
  });
});

test.each(['convert/src/index.ts', 'server/src/index.ts', 'server/src/node.ts'])(
  'every export of %s has a doc comment',
  (file) => {
    const names = exportsOf(join(root, 'packages', file));
    expect(names.filter(({ documented }) => !documented).map(({ name }) => name)).toEqual([]);
  },
);

test('the main door has at most 350 names, and shares with others only what opens a run and what it throws', () => {
  const counts = new Map(doors.map((door) => [door, exportsOf(source(door)).map(({ name }) => name)]));
  console.log(Array.from(counts, ([door, names]) => `unrolled${door && `/${door}`} ${names.length}`).join(' · '));
  const main = new Set(counts.get(''));
  expect(main.size).toBeLessThanOrEqual(350);
  const shared = doors.slice(1).flatMap((door) => counts.get(door)?.filter((name) => main.has(name)) ?? []);
  const opening = [
    'FormatError',
    'OpenRunOptions',
    'OpenTask',
    'OptionError',
    'Pipeline',
    'RunError',
    'RunFiles',
    'RunInfo',
    'RunProblem',
    'RunSource',
  ];
  expect(shared.sort()).toEqual([...opening, 'openRun']);
});
