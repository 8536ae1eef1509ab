// A run that was not trained here: where it came from, and what it is.

import type { TaskName } from 'unrolled/pipelines';
import type { NamedFile } from '../own/given.ts';
import type { RunFilesOf } from '../training/run-files.ts';
import type { RunSpec } from '../training/spec.ts';

/** Where a run is read from: dropped files, or an address of this origin. */
export type OpeningSource = { readonly files: readonly NamedFile[] } | { readonly url: string };

/** What a list of runs knows of it besides what it knows of all. */
export interface OpenedAbout {
  readonly task: TaskName;
  /** The address, or the name of the file or folder. */
  readonly source: string;
  /** The step of its weights; null where nothing says so. */
  readonly step: number | null;
  /** SHA-256 of its weights' file, or of the model's file. */
  readonly hash: string;
  /** The system that a model file is of; null for a run. */
  readonly format: string | null;
  /** Set when a damaged checkpoint was left out. */
  readonly notice: string | null;
}

export interface OpenedRun {
  readonly about: OpenedAbout;
  /** Name, sizes and data, as far as they are known. */
  readonly spec: Omit<RunSpec, 'id' | 'created'>;
  readonly files: RunFilesOf;
}

/** Endings of model files of other systems. */
const modelEnding = /\.(onnx|h5|hdf5|keras|pt|pth|ckpt|safetensors|npz)$/i;

/** Whether files are a run or a model, and not data to learn from. */
export function isOpenable(files: readonly NamedFile[]): boolean {
  const paths = files.map(({ path }) => path);
  if (paths.some((path) => /(^|\/)config\.json$/.test(path)) && paths.some((path) => path.endsWith('.safetensors')))
    return true;
  if (paths.length === 1 && /\.zip$/i.test(paths[0])) return true;
  const tfjs = paths.some((path) => path.endsWith('model.json')) && paths.some((path) => path.endsWith('.bin'));
  return tfjs || paths.some((path) => modelEnding.test(path));
}
