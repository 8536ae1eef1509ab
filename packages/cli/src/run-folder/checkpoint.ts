// A checkpoint is three files that belong together, in a folder of their own:
//
//   checkpoints/000007-step-3000/model.safetensors      weights under PyTorch's names
//                                training.safetensors   the optimizer state and the carried states
//                                training.json          the rest of the state, and the size and SHA-256 of the other two
//
// It is written under an unfinished name, every file synced, and then renamed: that one rename is the moment it exists. The
// number in front grows with every save. What is loaded is checked against its hashes first, so damage is never silent.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FormatError, NonFiniteError, type StateDict } from 'unrolled';
import { readSafetensors, writeSafetensors } from 'unrolled/io';
import { upgradeStateDict } from 'unrolled/pipelines';
import { RunFolderError } from './error.ts';
import {
  attempt,
  type FileLayer,
  guard,
  readWhole,
  removeFolder,
  syncFolder,
  unfinished,
  writeWhole,
} from './files.ts';

/** Everything that a resumed run needs. */
export interface CheckpointData {
  /** Number of steps done. */
  readonly step: number;
  /** The weights. */
  readonly model: StateDict;
  /** The optimizer state and the task's carried states. */
  readonly training: StateDict;
  /** Plain JSON: random state, position in the data, counters. Numbers in it have to be finite. */
  readonly state: Readonly<Record<string, unknown>>;
  /** Whether this is the best one so far. */
  readonly best: boolean;
}

/** Parts of a finished checkpoint's name. */
export interface CheckpointEntry {
  readonly name: string;
  readonly serial: number;
  readonly best: boolean;
}

/** SHA-256 by file name. */
export type Inputs = Readonly<Record<string, string>>;

/** What a checkpoint records about the run around it. */
export interface Surroundings {
  readonly inputs: Inputs;
  /** Length and SHA-256 of metrics.jsonl; checkpoints of earlier versions lack the hash. */
  readonly metricsBytes: number;
  readonly metricsSha256?: string;
}

interface Manifest {
  readonly format: 'unrolled checkpoint';
  readonly version: number;
  readonly step: number;
  readonly best: boolean;
  /** Length of metrics.jsonl: what is after it belongs to steps that are done again. */
  readonly metricsBytes: number;
  readonly metricsSha256?: string;
  readonly files: Readonly<Record<string, FileSum>>;
  /** Hashes of the run's own files that the weights depend on, such as its vocabulary. */
  readonly inputs: Inputs;
  readonly state: Readonly<Record<string, unknown>>;
}

const version = 1;
const mostJson = 256 * 2 ** 20; // bytes
const mostWeights = 2 ** 37;

/** The finished checkpoints of a run, newest first. */
export function listCheckpoints(files: FileLayer, folder: string): CheckpointEntry[] {
  const stat = guard(folder, 'read', () => files.stat(folder));
  if (!stat) return [];
  if (!stat.isDirectory) throw new RunFolderError('run-corrupt', folder, 'is not a folder, or a link to one');
  return guard(folder, 'read', () => files.readdir(folder))
    .flatMap((name) => {
      const match = /^(\d{6,15})-step-\d{1,16}(-best)?$/.exec(name);
      return match ? [{ name, serial: Number(match[1]), best: match[2] !== undefined }] : [];
    })
    .sort((a, b) => b.serial - a.serial);
}

/** Writes a checkpoint into `folder`; when this returns it is durable. Throws a NonFiniteError for weights that are not finite. */
export function writeCheckpoint(
  files: FileLayer,
  folder: string,
  serial: number,
  data: CheckpointData,
  run: Surroundings,
): string {
  for (const part of [data.model, data.training]) checkFinite(part);
  const contents: Record<string, Uint8Array> = {
    'model.safetensors': writeSafetensors(data.model, { format: 'pt' }), // 'pt' lets PyTorch's loaders take it
    'training.safetensors': writeSafetensors(data.training),
  };
  const manifest: Manifest = {
    format: 'unrolled checkpoint',
    version,
    step: data.step,
    best: data.best,
    metricsBytes: run.metricsBytes,
    metricsSha256: run.metricsSha256,
    inputs: run.inputs,
    files: Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [name, sumOf(bytes)])),
    state: data.state,
  };
  contents['training.json'] = encodeManifest(manifest);

  const name = `${String(serial).padStart(6, '0')}-step-${data.step}${data.best ? '-best' : ''}`;
  const path = join(folder, name);
  const temporary = path + unfinished;
  try {
    guard(temporary, 'write', () => files.mkdir(temporary));
    for (const [file, bytes] of Object.entries(contents)) writeWhole(files, join(temporary, file), bytes);
    syncFolder(files, temporary);
    guard(path, 'write', () => files.rename(temporary, path));
  } catch (error) {
    attempt(() => removeFolder(files, temporary)); // frees space on a full disk
    throw error;
  }
  syncFolder(files, folder);
  return path;
}

/** Reads and verifies a checkpoint. Throws RunFolderError 'run-corrupt' for any damage, 'run-newer' for a later format. */
export function readCheckpoint(
  files: FileLayer,
  path: string,
): CheckpointData & Surroundings & { readonly weightsSha256: string } {
  const manifestPath = join(path, 'training.json');
  const manifest = decodeManifest(readWhole(files, manifestPath, mostJson), manifestPath);
  const part = (name: string): StateDict => {
    const file = join(path, name);
    const expected = manifest.files[name];
    const bytes = readWhole(files, file, mostWeights);
    if (bytes.length !== expected.bytes) {
      throw new RunFolderError('run-corrupt', file, `has ${bytes.length} bytes, ${expected.bytes} were saved`);
    }
    if (sha256(bytes) !== expected.sha256)
      throw new RunFolderError('run-corrupt', file, 'was altered: its SHA-256 is another');
    return toStateDict(bytes, file);
  };
  const { step, best, metricsBytes, metricsSha256, inputs, state } = manifest;
  return {
    step,
    best,
    metricsBytes,
    metricsSha256,
    inputs,
    state,
    model: part('model.safetensors'),
    weightsSha256: manifest.files['model.safetensors'].sha256,
    training: part('training.safetensors'),
  };
}

/** Size and hash of a checkpoint's weights and its manifest, as the manifest says: for the index. */
export function sumsOf(files: FileLayer, path: string): Readonly<Record<string, FileSum>> {
  const file = join(path, 'training.json');
  const bytes = readWhole(files, file, mostJson);
  const { 'model.safetensors': model } = decodeManifest(bytes, file).files;
  return { 'model.safetensors': model, 'training.json': sumOf(bytes) };
}

/** The manifest as JSON behind its own hash, so that a change of any of its bytes is noticed. */
function encodeManifest(manifest: Manifest): Uint8Array {
  const body = JSON.stringify(
    manifest,
    (key, value: unknown) => {
      if (typeof value !== 'number' || Number.isFinite(value)) return value;
      throw new NonFiniteError(`the state's ${key}`, `a checkpoint cannot hold ${value}`);
    },
    1,
  );
  return new TextEncoder().encode(`{"sha256":"${sha256(body)}","checkpoint":${body}}\n`);
}

function decodeManifest(bytes: Uint8Array, path: string): Manifest {
  const text = new TextDecoder().decode(bytes);
  const match = /^\{"sha256":"([0-9a-f]{64})","checkpoint":/.exec(text);
  if (!match || !text.endsWith('}\n')) throw new RunFolderError('run-corrupt', path, 'is cut off, or not a checkpoint');
  const body = text.slice(match[0].length, -2);
  if (sha256(body) !== match[1]) throw new RunFolderError('run-corrupt', path, 'was altered: its SHA-256 is another');
  const manifest = parseManifest(body, path);
  if (typeof manifest.version === 'number' && manifest.version > version) {
    throw new RunFolderError(
      'run-newer',
      path,
      `has version ${manifest.version} of the format, known here is ${version}; update unrolled`,
    );
  }
  checkManifest(manifest, path);
  return manifest;
}

function parseManifest(body: string, path: string): Manifest {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Manifest;
  } catch {
    // told below
  }
  throw new RunFolderError('run-corrupt', path, 'is not a checkpoint');
}

/** A matching hash proves that nothing changed by accident, not that this program wrote it. */
function checkManifest(manifest: Manifest, path: string): void {
  const { step, best, metricsBytes, metricsSha256, files, inputs, state } = Object(manifest) as Partial<Manifest>;
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const count = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const isHash = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
  const sums = ['model.safetensors', 'training.safetensors'].map(
    (name) => Object((files ?? {})[name]) as Partial<FileSum>,
  );
  const wrong = Object.entries({
    format: manifest.format === 'unrolled checkpoint',
    version: manifest.version === version,
    step: count(step),
    best: typeof best === 'boolean',
    metricsBytes: count(metricsBytes),
    metricsSha256: metricsSha256 === undefined || isHash(metricsSha256),
    files: isObject(files) && sums.every(({ bytes, sha256 }) => count(bytes) && isHash(sha256)),
    inputs: isObject(inputs) && Object.values(inputs as object).every(isHash),
    state: isObject(state),
  }).find(([, right]) => !right);
  if (wrong) throw new RunFolderError('run-corrupt', path, `its ${wrong[0]} is missing or not what it has to be`);
}

const dtypes = { F32: 'float32', F64: 'float64', I32: 'int32' } as const;

function toStateDict(bytes: Uint8Array, source: string): StateDict {
  try {
    const state: StateDict = new Map();
    for (const [name, { dtype, shape, data }] of readSafetensors(bytes, source).tensors) {
      if (dtype !== 'F32' && dtype !== 'F64' && dtype !== 'I32') throw new FormatError(source, `${name} is ${dtype}`);
      state.set(name, { dtype: dtypes[dtype], shape, data: data as Float32Array | Float64Array | Int32Array });
    }
    return upgradeStateDict(state);
  } catch (cause) {
    if (cause instanceof FormatError) throw new RunFolderError('run-corrupt', source, cause.message, { cause });
    throw cause;
  }
}

function checkFinite(tensors: StateDict): void {
  for (const [name, { data }] of tensors) {
    const at = data.findIndex((x) => !Number.isFinite(x));
    if (at >= 0) throw new NonFiniteError(`${name}, element ${at}`, `a checkpoint cannot hold ${data[at]}`);
  }
}

/** A file's size and SHA-256. */
export interface FileSum {
  readonly bytes: number;
  readonly sha256: string;
}

export function sumOf(bytes: Uint8Array): FileSum {
  return { bytes: bytes.length, sha256: sha256(bytes) };
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
