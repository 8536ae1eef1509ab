// A run folder holds everything of a run:
//
//   config.json          the configuration              metrics.jsonl        one line of JSON per measurement
//   vocabulary.json      the symbols of the ids         checkpoints/…        the last two, and the best (see checkpoint.ts)
//   model.safetensors    the best weights so far, by validation, or the last: for any other program to read
//   index.json           where the best and the last are, for readers that cannot list a folder (see index-file.ts)
//   lock                 the process that is writing; its time is set every few seconds (see heartbeat.ts)
//
// Killed at any moment, or with a full disk, it still loads: a file that is read is never changed in place, only replaced by a rename.
// Unfinished files have names that end in .tmp, and the next writer removes them.

import { createHash, type Hash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type CheckpointData,
  type CheckpointEntry,
  listCheckpoints,
  readCheckpoint,
  type FileSum,
  type Inputs,
  sumOf,
  writeCheckpoint,
} from './run-folder/checkpoint.ts';
import { filesBelow, realPlace } from './run-folder/contained.ts';
import { RunFolderError } from './run-folder/error.ts';
import {
  attempt,
  cannotLink,
  type FileLayer,
  guard,
  makeFolders,
  readWhole,
  remove,
  removeFolder,
  syncFolder,
  unfinished,
  writeAll,
  writeAtomic,
  writeWhole,
} from './run-folder/files.ts';
import { breakSilentLock, startBeating } from './run-folder/heartbeat.ts';
import { indexName, writeIndex } from './run-folder/index-file.ts';
import {
  checkName,
  makeRoom,
  mostMetrics,
  parseLines,
  temporaryName,
  mostJson,
  parseJSON,
  type ReadConfig,
  readConfig,
  sweepBeside,
  toJSONBytes,
} from './run-folder/layout.ts';
import { checkLock, type Owner, releaseLock, self, takeLock } from './run-folder/lock.ts';

export type { CheckpointData } from './run-folder/checkpoint.ts';
export { RunFolderError, type RunFolderCode } from './run-folder/error.ts';

/** Initial files of a run. Each becomes a file, `<name>.json`; none is changed afterwards. */
export interface RunContents {
  readonly config: Readonly<Record<string, unknown>>;
  readonly vocabulary?: unknown;
  readonly [name: string]: unknown;
}

export interface LoadedCheckpoint extends CheckpointData {
  /** Of the weights' file: it names the model. */
  readonly weightsSha256: string;
  /** Set when a newer one was damaged and this older one was taken: which, why, and what it costs. */
  readonly notice: string | null;
}

/** For tests: the file system, and who the process is. */
export interface RunFolderInternals {
  /** How many of the newest checkpoints stay besides the best. Default 2: the last, and one to fall back to. */
  readonly keep?: number;
  readonly files?: FileLayer;
  readonly owner?: Owner;
  /** Told of what takes a while: a lock of another machine, that is watched (see heartbeat.ts). */
  readonly say?: (text: string) => void;
  readonly silence?: number;
}

const usuallyKept = 2;

/**
 *     const folder = await RunFolder.create('runs/shakespeare', { config, vocabulary: vocabulary.toJSON() });
 *     await folder.saveCheckpoint({ step, model, training, state, best: true });
 *     await folder.close();
 *
 *     const again = await RunFolder.open('runs/shakespeare', { write: true });
 *     const checkpoint = await again.loadCheckpoint('last');
 *
 * Every method throws RunFolderError, whose code says what is wrong: 'run-locked', 'run-corrupt', 'run-io', …
 */
export class RunFolder {
  readonly path: string;
  /** Content of config.json. */
  readonly config: Readonly<Record<string, unknown>>;
  /** SHA-256 of config.json. */
  readonly configHash: string;
  readonly #files: FileLayer;
  /** Null where the folder is open for reading only. */
  #owner: Owner | null;
  #metrics: { readonly fd: number; length: number; hash: Hash } | null = null;
  /** Names of checkpoints that turned out to be damaged. */
  readonly #damaged = new Set<string>();
  readonly #keep: number;
  #stopBeating = () => {};

  private constructor(
    path: string,
    { config, sha256 }: ReadConfig,
    files: FileLayer,
    owner: Owner | null,
    keep = usuallyKept,
  ) {
    this.path = path;
    this.config = config;
    this.configHash = sha256;
    this.#files = files;
    this.#owner = owner;
    this.#keep = Math.max(usuallyKept, keep);
  }

  /**
   * Creates the folder atomically and opens it for writing. A folder that is not empty is refused ('run-exists');
   * with `replace`, an existing run is removed, anything else still refused.
   */
  static async create(
    path: string,
    contents: RunContents,
    { replace = false, owner = self(), ...internals }: RunFolderInternals & { readonly replace?: boolean } = {},
  ): Promise<RunFolder> {
    if (!internals.files) path = join(realPlace(dirname(resolve(path))), basename(resolve(path)));
    const parent = dirname(resolve(path));
    const files = internals.files ?? filesBelow(parent);
    const temporary = join(parent, temporaryName(path, owner));
    const old = temporary.replace(/\.tmp$/, '.old.tmp');
    makeFolders(files, parent);
    sweepBeside(files, path, owner);
    const replaced = makeRoom(files, path, replace, owner);
    try {
      guard(temporary, 'make', () => files.mkdir(join(temporary, 'checkpoints')));
      takeLock(files, temporary, owner);
      for (const [name, content] of Object.entries(contents)) {
        if (content === undefined) continue;
        writeWhole(files, join(temporary, `${checkName(name)}.json`), toJSONBytes(content));
      }
      writeWhole(files, join(temporary, 'metrics.jsonl'), new Uint8Array(0));
      syncFolder(files, temporary);
      if (replaced) guard(path, 'replace', () => files.rename(path, old));
      guard(path, 'make', () => files.rename(temporary, path));
    } catch (error) {
      attempt(() => !files.stat(path) && files.stat(old) && files.rename(old, path));
      attempt(() => removeFolder(files, temporary));
      if (replaced) attempt(() => releaseLock(files, path, owner));
      throw error;
    }
    syncFolder(files, parent);
    if (replaced) removeFolder(files, old);
    const config = { config: contents.config, sha256: sumOf(toJSONBytes(contents.config)).sha256 };
    const folder = new RunFolder(path, config, files, owner, internals.keep);
    if (!internals.files) folder.#stopBeating = startBeating(files, path, owner);
    return folder;
  }

  /**
   * Opens a run. For writing, it must not be open for writing anywhere else ('run-locked'); reading is always possible,
   * also while another process writes.
   */
  static async open(
    path: string,
    { write = false, owner = self(), ...internals }: RunFolderInternals & { readonly write?: boolean } = {},
  ): Promise<RunFolder> {
    if (!internals.files) path = realPlace(path);
    const files = internals.files ?? filesBelow(dirname(resolve(path)));
    const config = readConfig(files, path);
    if (!write) return new RunFolder(path, config, files, null);
    if (!internals.files) await breakSilentLock(files, path, internals);
    takeLock(files, path, owner);
    try {
      const folder = new RunFolder(path, config, files, owner, internals.keep);
      sweepBeside(files, path, owner);
      folder.#sweep();
      if (listCheckpoints(files, folder.#checkpoints).length > 0) folder.#publish();
      if (!internals.files) folder.#stopBeating = startBeating(files, path, owner);
      return folder;
    } catch (error) {
      attempt(() => releaseLock(files, path, owner));
      throw error;
    }
  }

  /** vocabulary.json. */
  get vocabulary(): unknown {
    return this.readJSON('vocabulary');
  }

  /** Content of `<name>.json`, one of the run's initial files. */
  readJSON(name: string): unknown {
    return parseJSON(this.#files, join(this.path, `${checkName(name)}.json`));
  }

  /**
   * Saves a checkpoint; when it returns the checkpoint is on the disk. When it throws, the one before is there and loads.
   * Throws NonFiniteError, and saves nothing, for a weight or a state that is not a number.
   */
  async saveCheckpoint(data: CheckpointData): Promise<void> {
    this.#checkWritable();
    const metrics = this.#openMetrics();
    guard(join(this.path, 'metrics.jsonl'), 'write', () => this.#files.fsync(metrics.fd));
    const serial = (listCheckpoints(this.#files, this.#checkpoints)[0]?.serial ?? 0) + 1;
    if (!guard(this.#checkpoints, 'read', () => this.#files.stat(this.#checkpoints))) {
      guard(this.#checkpoints, 'make', () => this.#files.mkdir(this.#checkpoints));
      syncFolder(this.#files, this.path);
    }
    writeCheckpoint(this.#files, this.#checkpoints, serial, data, {
      inputs: Object.fromEntries(Object.entries(this.#inputs()).map(([name, sum]) => [name, sum.sha256])),
      metricsBytes: metrics.length,
      metricsSha256: metrics.hash.copy().digest('hex'),
    });
    this.#publish();
    this.#sweep();
  }

  /**
   * Loads the last checkpoint, or the best (the last where none was the best); null where nothing was saved yet. Everything in it
   * has been verified. A damaged one is skipped for the one before, with a `notice`; where all are damaged: 'run-corrupt'.
   *
   * When open for writing, 'last' also truncates metrics.jsonl to that step: the run continues from there.
   */
  async loadCheckpoint(which: 'last' | 'best' = 'last'): Promise<LoadedCheckpoint | null> {
    for (let tries = 0; ; tries++) {
      const entries = listCheckpoints(this.#files, this.#checkpoints);
      const order = which === 'best' ? [...entries.filter((e) => e.best), ...entries.filter((e) => !e.best)] : entries;
      const problems: string[] = [];
      for (const { name } of order) {
        try {
          const { metricsBytes, metricsSha256, inputs, ...data } = readCheckpoint(
            this.#files,
            join(this.#checkpoints, name),
          );
          this.#checkInputs(inputs);
          if (this.#owner && which === 'last') this.#cutMetrics(metricsBytes);
          const instead = problems.length > 0 ? `${problems.join('; ')}; step ${data.step} was taken instead` : null;
          const notices = [instead, this.#altered(metricsBytes, metricsSha256)].filter((one) => one !== null);
          const notice = notices.length > 0 ? notices.join('; ') : null;
          return { ...data, notice };
        } catch (error) {
          if (!isDamage(error)) throw error;
          this.#damaged.add(name);
          problems.push(error.message);
        }
      }
      // A writer may have replaced what a reader was about to read.
      const now = listCheckpoints(this.#files, this.#checkpoints);
      if (tries < 5 && !this.#owner && now[0]?.name !== entries[0]?.name) continue;
      if (problems.length > 0)
        throw new RunFolderError('run-corrupt', this.path, `no checkpoint is whole: ${problems.join('; ')}`);
      if (this.#owner && which === 'last') this.#cutMetrics(0);
      return null;
    }
  }

  /** The newest checkpoints, at most `count` and the newest first; damaged ones are left out. All of it was verified. */
  loadNewest(count: number): (CheckpointData & { readonly name: string })[] {
    const found: (CheckpointData & { readonly name: string })[] = [];
    for (const { name } of listCheckpoints(this.#files, this.#checkpoints)) {
      if (found.length === count) break;
      try {
        const { inputs, ...data } = readCheckpoint(this.#files, join(this.#checkpoints, name));
        this.#checkInputs(inputs);
        found.push({ ...data, name });
      } catch (error) {
        if (!isDamage(error)) throw error;
      }
    }
    return found;
  }

  /** The initial files of the run by their names, without the configuration. */
  readContents(): Readonly<Record<string, unknown>> {
    const names = Object.keys(this.#inputs()).map((name) => name.replace(/\.json$/, ''));
    return Object.fromEntries(names.filter((name) => name !== 'config').map((name) => [name, this.readJSON(name)]));
  }

  /** The lines of metrics.jsonl; one that was cut off by a crash is skipped. */
  readMetrics(): Record<string, unknown>[] {
    const path = join(this.path, 'metrics.jsonl');
    if (!guard(path, 'read', () => this.#files.stat(path))) return [];
    return parseLines(readWhole(this.#files, path, mostMetrics));
  }

  /** Appends a line to metrics.jsonl: all of it or nothing. */
  async appendMetrics(measurement: Readonly<Record<string, unknown>>): Promise<void> {
    this.#checkWritable();
    const metrics = this.#openMetrics();
    const line = new TextEncoder().encode(`${JSON.stringify(measurement)}\n`);
    guard(join(this.path, 'metrics.jsonl'), 'write', () => {
      try {
        writeAll(this.#files, metrics.fd, line, metrics.length);
      } catch (error) {
        attempt(() => this.#files.truncate(metrics.fd, metrics.length)); // no half a line
        throw error;
      }
    });
    metrics.length += line.length;
    metrics.hash.update(line);
  }

  /** Releases the lock. A second call does nothing. */
  async close(): Promise<void> {
    const [owner, metrics] = [this.#owner, this.#metrics];
    this.#owner = null;
    this.#metrics = null;
    this.#stopBeating();
    try {
      if (metrics) guard(join(this.path, 'metrics.jsonl'), 'close', () => this.#files.close(metrics.fd));
    } finally {
      if (owner) releaseLock(this.#files, this.path, owner);
    }
  }

  get #checkpoints(): string {
    return join(this.path, 'checkpoints');
  }

  /** Throws unless this process is still the writer: the folder may have been removed, the lock taken over. */
  #checkWritable(): void {
    if (!this.#owner) throw new RunFolderError('run-read-only', this.path, 'is not open for writing');
    checkLock(this.#files, this.path, this.#owner);
  }

  /** Writes model.safetensors and index.json, before checkpoints are removed, so that what they name exists. */
  #publish(): void {
    const entries = listCheckpoints(this.#files, this.#checkpoints).filter((e) => !this.#damaged.has(e.name));
    const best = entries.find((e) => e.best);
    if (entries.length === 0) return;
    this.#publishWeights(best ?? entries[0]);
    writeIndex(this.#files, this.path, { last: entries[0].name, best: best?.name ?? null, inputs: this.#inputs() });
  }

  /** Makes model.safetensors the best checkpoint's, or the last one's: a second name for the same bytes, or a copy. */
  #publishWeights(chosen: CheckpointEntry): void {
    const files = this.#files;
    const from = join(this.#checkpoints, chosen.name, 'model.safetensors');
    const path = join(this.path, 'model.safetensors');
    const temporary = path + unfinished;
    guard(path, 'write', () => {
      if (!files.stat(from)?.isFile) return; // damaged; loading will say so
      if (files.stat(temporary)) files.unlink(temporary);
      try {
        files.link(from, temporary);
      } catch (error) {
        if (!cannotLink.has((error as { code?: string }).code ?? '')) throw error;
        writeAtomic(files, path, readWhole(files, from, 2 ** 37));
        return;
      }
      files.rename(temporary, path);
      if (files.stat(temporary)) files.unlink(temporary); // renaming one name of a file over another of the same does nothing
      syncFolder(files, this.path);
    });
  }

  /** Removes what is unfinished, damaged or no longer needed. */
  #sweep(): void {
    const files = this.#files;
    for (const folder of [this.path, this.#checkpoints]) {
      if (!guard(folder, 'read', () => files.stat(folder))) continue;
      for (const name of guard(folder, 'read', () => files.readdir(folder))) {
        if (name.endsWith(unfinished)) remove(files, join(folder, name));
      }
    }
    const entries = listCheckpoints(files, this.#checkpoints);
    const whole = entries.filter((e) => !this.#damaged.has(e.name));
    if (whole.length === 0) return; // keep even damaged ones while there is nothing better
    const needed = new Set([...whole.slice(0, this.#keep), whole.find((e) => e.best)]);
    for (const entry of entries) if (!needed.has(entry)) removeFolder(files, join(this.#checkpoints, entry.name));
  }

  /** The run's JSON files, which a checkpoint makes sense with only as they are. */
  #inputs(): Record<string, FileSum> {
    const names = guard(this.path, 'read', () => this.#files.readdir(this.path)).filter(
      (n) => /^[\w-]+\.json$/.test(n) && n !== indexName,
    );
    return Object.fromEntries(
      names.sort().map((n) => [n, sumOf(readWhole(this.#files, join(this.path, n), mostJson))]),
    );
  }

  /** Checks that the run's JSON files are those of the checkpoint; returns the configuration as it was when it was read. */
  #checkInputs(inputs: Inputs): void {
    const present = this.#inputs();
    for (const [name, hash] of Object.entries(inputs)) {
      if (present[name]?.sha256 === hash && (name !== 'config.json' || this.configHash === hash)) continue;
      const problem = 'is not the file that the checkpoint was saved with: the weights do not belong to it';
      throw new RunFolderError('run-mismatch', join(this.path, name), problem);
    }
  }

  /** What is wrong with the metrics up to a checkpoint; null when they are unchanged. */
  #altered(bytes: number, sum: string | undefined): string | null {
    if (sum === undefined) return null;
    const path = join(this.path, 'metrics.jsonl');
    const there = guard(path, 'read', () => this.#files.stat(path)) !== null;
    const content = there ? readWhole(this.#files, path, mostMetrics).subarray(0, bytes) : new Uint8Array(0);
    if (createHash('sha256').update(content).digest('hex') === sum) return null;
    return `${path}: is not as it was when the weights were saved: what was measured before may be wrong or missing`;
  }

  #openMetrics(): { readonly fd: number; length: number; hash: Hash } {
    if (this.#metrics) return this.#metrics;
    const path = join(this.path, 'metrics.jsonl');
    return guard(path, 'open', () => {
      const stat = this.#files.stat(path);
      const hash = createHash('sha256').update(stat ? readWhole(this.#files, path, mostMetrics) : '');
      this.#metrics = { fd: this.#files.open(path, stat ? 'r+' : 'w+'), length: stat?.size ?? 0, hash };
      return this.#metrics;
    });
  }

  #cutMetrics(length: number): void {
    const metrics = this.#openMetrics();
    if (metrics.length <= length) return;
    guard(join(this.path, 'metrics.jsonl'), 'cut', () => this.#files.truncate(metrics.fd, length));
    metrics.length = length;
    metrics.hash = createHash('sha256').update(readWhole(this.#files, join(this.path, 'metrics.jsonl'), mostMetrics));
  }
}

/** Damage to a checkpoint, in contrast to a system that cannot read anything right now. */
function isDamage(error: unknown): error is RunFolderError {
  if (!(error instanceof RunFolderError)) return false;
  if (error.code === 'run-corrupt' || error.code === 'run-missing') return true;
  const cause = (Object(error.cause) as { code?: string }).code;
  return error.code === 'run-io' && (cause === 'EIO' || cause === 'ENOENT');
}
