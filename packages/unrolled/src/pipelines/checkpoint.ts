// The weights of a run: the best by validation or the last, verified. A damaged checkpoint is skipped for the one before, with a notice.
//
//   checkpoints/000007-step-3000-best/model.safetensors     weights        training.json     sizes and SHA-256 of it and of the run's files
//
// Sources that list their files are searched for checkpoints; the others have an `index.json`, which names them and has the same hashes.

import { shown } from '../shown.ts';
import { decodeStrict } from '../encoding.ts';
import { FormatError } from '../errors.ts';
import { readSafetensors } from '../io/safetensors.ts';
import { stateDictOf } from '../io/state-dict.ts';
import type { StateDict } from '../nn/module.ts';
import { allFinite } from '../nn/saved-tensor.ts';
import { upgradeStateDict } from './contract/upgrade.ts';
import { sha256 } from './hash.ts';
import { RunError } from './run-error.ts';
import { type FileRecord, mostJson, mostWeights, type RunFiles, type Weights } from './run-files.ts';

interface Candidate {
  /** Path of the weights. */
  readonly path: string;
  /** Path of its manifest, if any. */
  readonly manifest: string | null;
  readonly step: number | null;
}

export async function readWeights(files: RunFiles, which: 'best' | 'last'): Promise<Weights> {
  if (files.weights) return files.weights(which);
  const paths = files.list ? await files.list() : null;
  const index = paths ? null : await readIndex(files);
  const candidates = index ? index.candidates(which) : listed(paths as readonly string[], which);
  if (candidates.length === 0)
    throw new RunError(
      'missing',
      files.name,
      'holds no checkpoint: the run was stopped before its first save, or only a part of it is here',
    );
  const problems: string[] = [];
  for (const { path, manifest, step } of candidates) {
    try {
      const records = new Map(index?.records ?? (manifest ? await readManifest(files, manifest) : []));
      const bytes = await files.bytes(path, mostWeights);
      const hash = await verify(bytes, records.get(path), `${files.name}/${path}`);
      const state = weightsOf(bytes, `${files.name}/${path}`);
      const notice = problems.length > 0 ? `${problems.join('; ')}; ${path} was taken instead` : null;
      return { state, hash, step, notice, records };
    } catch (error) {
      if (!(error instanceof RunError) || (error.kind !== 'corrupt' && error.kind !== 'missing')) throw error;
      problems.push(error.message);
    }
  }
  throw new RunError('corrupt', files.name, `no checkpoint is whole: ${problems.join('; ')}`);
}

/** Throws a RunError unless the bytes are those that were saved; returns their SHA-256. */
export async function verify(bytes: Uint8Array, expected: FileRecord | undefined, source: string): Promise<string> {
  if (expected?.bytes !== undefined && expected.bytes !== bytes.length)
    throw new RunError('corrupt', source, `has ${bytes.length} bytes, ${expected.bytes} were saved`);
  const hash = await sha256(bytes);
  if (expected && expected.sha256 !== hash)
    throw new RunError('corrupt', source, 'was altered: its SHA-256 is another');
  return hash;
}

/** The checkpoints among these paths, the requested one first; without any, the weights in the run folder itself. */
function listed(paths: readonly string[], which: 'best' | 'last'): Candidate[] {
  const all = new Set(paths);
  const found = paths.flatMap((path) => {
    const match = /^(checkpoints\/(\d{6,15})-step-(\d{1,16})(-best)?)\/model\.safetensors$/.exec(path);
    if (!match) return [];
    const [, folder, serial, step, best] = match;
    const manifest = `${folder}/training.json`;
    return [
      {
        path,
        manifest: all.has(manifest) ? manifest : null,
        step: Number(step),
        serial: Number(serial),
        best: best !== undefined,
      },
    ];
  });
  found.sort((a, b) => b.serial - a.serial);
  if (which === 'best') found.sort((a, b) => Number(b.best) - Number(a.best));
  if (found.length > 0) return found;
  return all.has('model.safetensors') ? [{ path: 'model.safetensors', manifest: null, step: null }] : [];
}

/** The hashes in a checkpoint's manifest: JSON behind its own hash, so that a change of any of its bytes is noticed. */
async function readManifest(files: RunFiles, path: string): Promise<[string, FileRecord][]> {
  const source = `${files.name}/${path}`;
  const bytes = await files.bytes(path, mostJson);
  let text = '';
  try {
    text = decodeStrict(bytes);
  } catch {
    throw new RunError('corrupt', source, 'is not UTF-8');
  }
  const match = /^\{"sha256":"([0-9a-f]{64})","checkpoint":/.exec(text);
  if (!match || !text.endsWith('}\n')) throw new RunError('corrupt', source, 'is cut off, or not a checkpoint');
  const from = match[0].length; // ASCII so far: a character is a byte
  if ((await sha256(bytes.subarray(from, bytes.length - 2))) !== match[1])
    throw new RunError('corrupt', source, 'was altered: its SHA-256 is another');
  const manifest = JSON.parse(text.slice(from, -2)) as {
    readonly version: number;
    readonly files: Readonly<Record<string, FileRecord>>;
    readonly inputs: Readonly<Record<string, string>>;
  };
  if (manifest.version > 1)
    throw new RunError('newer', source, `has version ${manifest.version}, known here is 1; update unrolled`);
  const folder = path.slice(0, path.lastIndexOf('/'));
  return [
    ...Object.entries(manifest.files).map(([name, file]): [string, FileRecord] => [`${folder}/${name}`, file]),
    ...Object.entries(manifest.inputs).map(([name, hash]): [string, FileRecord] => [name, { sha256: hash }]),
  ];
}

/** Reads index.json, which the run folder writes at every save. */
async function readIndex(files: RunFiles) {
  const source = `${files.name}/index.json`;
  const index = Object(await files.json('index.json')) as Record<string, unknown>;
  if (index.format !== 'unrolled index') throw new RunError('corrupt', source, 'is not the index of a run');
  if (index.version !== 1)
    throw new RunError('newer', source, `has version ${shown(index.version)}, known here is 1; update unrolled`);
  const records = Object.entries(Object(index.files) as Record<string, FileRecord>);
  for (const [path, record] of records) {
    const { sha256: hash } = Object(record) as Partial<FileRecord>;
    if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash))
      throw new RunError('corrupt', source, `has no SHA-256 of ${path}`);
  }
  return {
    records,
    candidates: (which: 'best' | 'last'): Candidate[] => {
      const order = which === 'best' ? [index.best, index.last] : [index.last, index.best];
      const folders = [...new Set(order.filter((folder): folder is string => typeof folder === 'string'))];
      return folders.map((folder) => {
        const step = /-step-(\d+)/.exec(folder)?.[1];
        return { path: `${folder}/model.safetensors`, manifest: null, step: step ? Number(step) : null };
      });
    },
  };
}

function weightsOf(bytes: Uint8Array, source: string): StateDict {
  try {
    const state = upgradeStateDict(stateDictOf(readSafetensors(bytes, source, { share: true }), source));
    for (const [name, { data }] of state) {
      if (allFinite(data)) continue;
      const i = Array.from(data).findIndex((value) => !Number.isFinite(value));
      throw new FormatError(source, `${name} holds ${data[i]} at ${i}`);
    }
    return state;
  } catch (cause) {
    if (cause instanceof FormatError) throw new RunError('corrupt', source, cause.message, { cause });
    throw cause;
  }
}
