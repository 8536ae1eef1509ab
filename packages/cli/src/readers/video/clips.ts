// Reads clips and their labels, from
//
//   a folder                        data/waving/1.mp4, data/waving/2/frame01.png …: a folder for each label, with videos, animations or folders of frames
//   CSV, TSV, JSON, JSON lines, Parquet   columns clip and label; group where there is one; frame_labels: a list, one for each frame
//
// Frame labels are sampled in the same way as the frames that a model sees.

import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { FormatError, OptionError } from 'unrolled';
import { type LinearPattern, linearPattern, split, splitByPosition } from 'unrolled/data';
import { isFolderGiven, noteFound } from '../../files/index.ts';
import { shellWord } from '../../shell.ts';
import { chooseColumns } from '../columns.ts';
import { readable } from '../files.ts';
import { listIn } from '../lists.ts';
import { type Part, partOf, tidyLabel } from '../image-rows.ts';
import { animation, inside, notRead, otherImage, imageFile } from '../images/index.ts';
import { type BadRows, Skipped } from '../skipped.ts';
import { Table } from '../table.ts';
import { frameNames } from './open.ts';
import type { Sampling } from './sampling.ts';

export interface ClipOptions {
  /** Folder that clip names are relative to. Default: the folder of the table. */
  readonly clips?: string | null;
  /** Whether clips need no labels, as those that are to be labeled. Default false. */
  readonly unlabeled?: boolean;
  /** Whether the clips of a table are names alone, as where features stand for them. Default false. */
  readonly namesOnly?: boolean;
  readonly badRows?: BadRows;
  readonly where?: string | null;
  readonly header?: boolean;
  /** Column names. */
  readonly columns?: Readonly<
    Record<'clip' | 'label' | 'group' | 'frameLabels' | 'split', string | null | undefined>
  > | null;
  /** Pattern that extracts a clip's group from its path, where the data have no column for it: `_g(\d+)_`. */
  readonly groupPattern?: string | null;
}

export interface VideoExample {
  /** Path of its video or folder of frames. */
  readonly clip: string;
  readonly name: string;
  /** Label of the clip; null where only its frames are labeled. */
  readonly label: string | null;
  /** Group: no group (a person, a source video) has clips in both training and validation. */
  readonly group: string | null;
  /** A label for each frame of the video. */
  readonly frameLabels: readonly string[] | null;
  readonly part: Part | null;
}

export interface VideoData {
  readonly source: string;
  readonly clips: readonly VideoExample[];
  readonly skipped: Skipped;
}

/** Reads all clips. `skipped.report(source, clips.length + skipped.count)` lists what was left out. */
export async function readClips(paths: readonly string[], options: ClipOptions = {}): Promise<VideoData> {
  const skipped = new Skipped(options.badRows ?? 'few', ['clip', 'clips']);
  const clips: VideoExample[] = [];
  for (const path of paths) {
    const found = isFolder(path) ? fromFolder(path, skipped) : await fromTable(path, options, skipped);
    for (const clip of found) clips.push(clip);
  }
  const source = paths.join(', ');
  if (clips.length === 0 && skipped.count === 0) throw new FormatError(source, 'there are no clips in it');
  return { source, clips: grouped(clips, options.groupPattern ?? null, source), skipped };
}

function grouped(clips: readonly VideoExample[], pattern: string | null, source: string): readonly VideoExample[] {
  if (pattern === null) return clips;
  const expression = groupPattern(pattern);
  return clips.map((clip) => {
    const match = expression.match(clip.name);
    if (!match) throw new FormatError(source, `${clip.name} does not match the pattern of groups ${pattern}`);
    return { ...clip, group: match.group ?? match.text };
  });
}

/** The pattern may be that of a run from a stranger, and JavaScript's own engine can be held up for ever. */
function groupPattern(pattern: string): LinearPattern {
  try {
    return linearPattern(pattern);
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    throw new OptionError('clips', 'group-pattern', cause.message.slice('linearPattern: '.length));
  }
}

/** What lies in data folders and is no clip. */
const noClip = /\.(txt|csv|tsv|json|jsonl|md|xml|html?|pdf|zip|gz|tar|npy|align|srt|vtt|ini|db)$/i;

function fromFolder(root: string, skipped: Skipped): VideoExample[] {
  const labels = list(root).filter((name) => isFolder(noteFound(root, join(root, name))));
  if (labels.length === 0)
    throw new FormatError(
      root,
      'has no folders; expected one for each label, with clips in it, or a table that names the clips',
    );
  const clips = labels.flatMap((label) =>
    list(join(root, label)).flatMap((name): VideoExample[] => {
      const clip = noteFound(root, join(root, label, name));
      const folder = lstatSync(clip).isDirectory(); // a link is told when it is opened
      const still = imageFile.test(name) && !animation.test(name);
      if (!folder && (noClip.test(name) || still)) return [];
      if (folder ? list(clip).some((frame) => otherImage.test(frame)) : otherImage.test(name)) {
        skipped.add({ file: clip, row: 0, unit: 'file' }, folder ? `with frames ${notRead}` : notRead);
        return [];
      }
      if (folder && frameNames(clip).length === 0) {
        skipped.add({ file: clip, row: 0, unit: 'file' }, 'without frames');
        return [];
      }
      return [
        { clip, name: relative(root, clip), label: tidyLabel(label), group: null, frameLabels: null, part: null },
      ];
    }),
  );
  if (clips.length > 0 || skipped.count > 0) return clips;
  const images = labels.some((label) => frameNames(join(root, label)).length > 0);
  throw new FormatError(
    root,
    images
      ? `its folders (${labels.slice(0, 5).join(', ')}) hold images and no clips; expected a folder of frames for each clip: ${join(root, labels[0], 'clip 1', 'frame 1.png')}`
      : `its folders (${labels.slice(0, 5).join(', ')}) hold no clips`,
  );
}

async function fromTable(path: string, options: ClipOptions, skipped: Skipped): Promise<VideoExample[]> {
  const { columns: named, where = null, header = true, unlabeled = false, namesOnly = false } = options;
  const root = options.clips ?? dirname(path);
  const table = await Table.open([path], { where, header });
  const frameWish = {
    flag: '--frame-labels',
    given: named?.frameLabels ?? null,
    guesses: ['frame_labels', 'framelabels'],
    optional: true,
  };
  const wishes = {
    clip: {
      flag: '--video',
      given: named?.clip ?? null,
      guesses: ['clip', 'video', 'film', 'file', 'filename', 'path', 'name', 'id'],
    },
    label: {
      flag: '--label',
      given: named?.label ?? null,
      guesses: ['label', 'class', 'target', 'action'],
      optional: true,
    },
    group: {
      flag: '--group',
      given: named?.group ?? null,
      guesses: ['group', 'speaker', 'subject', 'person'],
      optional: true,
    },
    frameLabels: frameWish,
    part: { flag: '--split', given: named?.split ?? null, guesses: ['split', 'part'], optional: true },
  };
  const chosen = chooseColumns(wishes, table.columns, path);
  if (!unlabeled && chosen.label === null && chosen.frameLabels === null)
    throw new FormatError(
      path,
      `which column is the label? There are ${table.columns.join(', ')}; name it: --label ${shellWord(table.columns[0])}`,
    );
  const keys = (Object.keys(chosen) as (keyof typeof wishes)[]).filter((key) => chosen[key] !== null);
  const clips: VideoExample[] = [];
  for await (const rows of table.read(
    keys.map((key) => chosen[key] as string),
    skipped,
  )) {
    for (const { file, row, cells } of rows) {
      const cell = (key: keyof typeof wishes) => (keys.includes(key) ? cells[keys.indexOf(key)]?.trim() || null : null);
      const [name, frames] = [cell('clip'), cell('frameLabels')];
      const label = cell('label') === null ? null : tidyLabel(cell('label') as string);
      const place = { file, row };
      if (name === null) {
        skipped.add(place, 'without a name');
        continue;
      }
      const at = { file: `${file}, row ${row}: ${name}`, row, unit: 'file' } as const;
      const found = namesOnly ? { path: name } : inside(root, name);
      const frameLabels = frames === null ? null : listOf(frames);
      if ('problem' in found) skipped.add(at, found.problem === 'outside' ? 'outside of the data folder' : 'not there');
      else if (!unlabeled && chosen.label !== null && label === null) skipped.add(place, 'without a label');
      else if (!unlabeled && chosen.frameLabels !== null && (frameLabels === null || frameLabels.length === 0))
        skipped.add(place, 'without frame labels');
      else clips.push({ clip: found.path, name, label, group: cell('group'), frameLabels, part: partOf(cell('part')) });
    }
  }
  if (clips.length === 0 && skipped.reasons.join() === 'not there')
    throw new FormatError(path, `none of its clips is in ${root}; say where they are: --clips folder`);
  return clips;
}

/** A list as programs write it, or words. */
function listOf(cell: string): string[] {
  const labels = listIn(cell) ?? cell.split(/[\s,;|]+/).filter((word) => word !== '');
  return labels.map(tidyLabel);
}

/**
 * Samples the labels of the frames that a model sees from one for each frame of the video. Throws where labels and frames
 * do not match, as far as that can be known: where all frames are used their numbers have to agree.
 */
export function labelsOfFrames({ name, frameLabels }: VideoExample, frames: number, sampling: Sampling): string[] {
  const labels = frameLabels ?? [];
  const all = sampling.rate === null && frames < (sampling.frames ?? sampling.maxFrames);
  if (labels.length === 0 || (all ? labels.length !== frames : sampling.rate === null && labels.length < frames))
    throw new FormatError(
      name,
      `has ${labels.length} frame labels for ${frames} frames; expected one for each frame of the video`,
    );
  return Array.from({ length: frames }, (_, t) => labels[Math.floor(((t + 0.5) * labels.length) / frames)]);
}

export interface ClipSplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Splits clips into training and validation: as the data say, else by group, else at random and stratified. In the order of the data only
 * on request, and not where it is sorted by class: then the end has classes that the beginning lacks.
 */
export function splitClips(
  clips: readonly VideoExample[],
  {
    validation,
    seed,
    by = 'random',
  }: { readonly validation: number; readonly seed: number; readonly by?: 'random' | 'position' },
): ClipSplit {
  const all = Int32Array.from(clips, (_, n) => n);
  if (clips.some(({ part }) => part === 'validation') && clips.some(({ part }) => part === 'train'))
    return {
      train: all.filter((n) => clips[n].part === 'train'),
      validation: all.filter((n) => clips[n].part === 'validation'),
    };
  if (validation === 0) return { train: all, validation: new Int32Array(0) };
  const labels = clips.map(({ label }) => label ?? '');
  if (by === 'position') return splitByPosition(clips.length, { validation, labels });
  const groups = clips.map(({ group }, n) => group ?? `clip ${n}`);
  if (clips.some(({ group }) => group !== null)) return split(clips.length, { validation, seed, group: groups });
  return split(clips.length, { validation, seed, stratify: labels });
}

/** The clips of a folder that is no clip itself: its videos and animations, and its folders of frames. None for a folder of frames. */
export function clipsIn(folder: string): string[] {
  if (frameNames(folder).some((name) => !animation.test(name))) return [];
  return list(folder).flatMap((name) => {
    const clip = noteFound(folder, join(folder, name));
    const isClip = lstatSync(clip).isDirectory()
      ? frameNames(clip).length > 0
      : !noClip.test(name) && !otherImage.test(name);
    return isClip ? [clip] : [];
  });
}

function list(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort(new Intl.Collator('en', { numeric: true }).compare);
}

function isFolder(path: string): boolean {
  try {
    return isFolderGiven(path);
  } catch (error) {
    throw readable(path, error);
  }
}
