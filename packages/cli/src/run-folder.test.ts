import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NonFiniteError, Random, type StateDict } from 'unrolled';
import { readSafetensors } from 'unrolled/io';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CheckpointData, RunFolder, RunFolderError } from './run-folder.ts';
import type { RunIndex } from './run-folder/index-file.ts';

let parent: string;
let path: string;

beforeAll(() => {
  vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {}); // nobody waits for the disk
});
afterAll(() => vi.restoreAllMocks());
beforeEach(() => {
  parent = fs.mkdtempSync(join(tmpdir(), 'run-folder-'));
  path = join(parent, 'run');
});
afterEach(() => fs.rmSync(parent, { recursive: true, force: true }));

const config = { format: 'unrolled run', version: 1, hidden: 8 };
const vocabulary = { symbols: ['a', 'b'] };
const contents = { config, vocabulary };
const weightsSha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;

/** A checkpoint whose every number depends on its step. */
function checkpoint(step: number, best = false): CheckpointData {
  const weights = Float32Array.from({ length: 12 }, (_, i) => Math.sin(step + i));
  const model: StateDict = new Map([['weight_ih_l0', { dtype: 'float32', shape: [3, 4], data: weights }]]);
  const training: StateDict = new Map([
    ['optimizer.m', { dtype: 'float32', shape: [12], data: weights.map((x) => x * x) }],
  ]);
  return { step, best, model, training, state: { step, random: [step, 2], nested: { loss: 1 / step } } };
}

async function runOf(...steps: number[]): Promise<RunFolder> {
  const folder = await RunFolder.create(path, contents);
  for (const step of steps) await folder.saveCheckpoint(checkpoint(step));
  return folder;
}

const list = (folder = '.') => fs.readdirSync(join(path, folder)).sort();
const read = (...parts: string[]) => fs.readFileSync(join(path, ...parts));

/** The code of the RunFolderError that `work` ends in. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (e: unknown) => e,
  );
  if (!(error instanceof RunFolderError)) throw error;
  return error.code;
}

describe('a run folder', () => {
  test('gives back what was put in, bit for bit', async () => {
    const folder = await runOf(10, 20);
    await folder.close();
    const again = await RunFolder.open(path);
    expect(again.config).toEqual(config);
    expect(again.vocabulary).toEqual(vocabulary);
    expect(await again.loadCheckpoint()).toEqual({ ...checkpoint(20), notice: null, weightsSha256 });
  });

  test('holds these files and no others', async () => {
    const folder = await runOf(1, 2, 3);
    expect(list()).toEqual([
      'checkpoints',
      'config.json',
      'index.json',
      'lock',
      'metrics.jsonl',
      'model.safetensors',
      'vocabulary.json',
    ]);
    expect(list('checkpoints')).toEqual(['000002-step-2', '000003-step-3']);
    expect(list('checkpoints/000003-step-3')).toEqual(['model.safetensors', 'training.json', 'training.safetensors']);
    await folder.close();
    expect(list()).not.toContain('lock');
    expect(fs.readdirSync(parent)).toEqual(['run']);
  });

  test('keeps the best as long as it is the best, and shows it as model.safetensors', async () => {
    const folder = await runOf(1);
    await folder.saveCheckpoint(checkpoint(2, true));
    for (const step of [3, 4, 5]) await folder.saveCheckpoint(checkpoint(step));
    expect((await folder.loadCheckpoint('best'))?.step).toBe(2);
    expect((await folder.loadCheckpoint('last'))?.step).toBe(5);
    expect(list('checkpoints')).toEqual(['000002-step-2-best', '000004-step-4', '000005-step-5']);
    expect(readSafetensors(read('model.safetensors')).tensors.get('weight_ih_l0')?.data[0]).toBe(
      Math.fround(Math.sin(2)),
    );
    await folder.saveCheckpoint(checkpoint(6, true));
    expect((await folder.loadCheckpoint('best'))?.step).toBe(6);
    expect(list('checkpoints')).toEqual(['000005-step-5', '000006-step-6-best']);
    await folder.close();
  });

  test('says in index.json where the best and the last are, and what they weigh', async () => {
    const folder = await runOf(1);
    const index = () => JSON.parse(read('index.json').toString()) as RunIndex;
    expect(index()).toMatchObject({ best: null, last: 'checkpoints/000001-step-1' });
    await folder.saveCheckpoint(checkpoint(2, true));
    await folder.saveCheckpoint(checkpoint(3));
    const [best, last] = ['checkpoints/000002-step-2-best', 'checkpoints/000003-step-3'];
    const names = [best, last].flatMap((name) => [`${name}/model.safetensors`, `${name}/training.json`]);
    expect(index()).toMatchObject({ format: 'unrolled index', version: 1, best, last });
    expect(Object.keys(index().files).sort()).toEqual([...names, 'config.json', 'vocabulary.json']);
    for (const [name, { bytes, sha256 }] of Object.entries(index().files)) {
      const content = read(name);
      expect([content.length, createHash('sha256').update(content).digest('hex')], name).toEqual([bytes, sha256]);
    }
    await folder.close();
    // The names of the checkpoints rule in a folder: an index that is old, broken or missing is no fault.
    for (const text of ['{"last":"checkpoints/000009-step-9"}', '{', null]) {
      fs.rmSync(join(path, 'index.json'));
      if (text !== null) fs.writeFileSync(join(path, 'index.json'), text);
      expect((await (await RunFolder.open(path)).loadCheckpoint())?.step).toBe(3);
    }
    await (await RunFolder.open(path, { write: true })).close();
    expect(index().last).toBe(last);
  });

  test('without a best, the best is the last', async () => {
    const folder = await runOf(1, 2);
    expect((await folder.loadCheckpoint('best'))?.step).toBe(2);
    await folder.close();
  });

  test('without a checkpoint there is none to load', async () => {
    const folder = await runOf();
    expect(await folder.loadCheckpoint('last')).toBeNull();
    expect(await folder.loadCheckpoint('best')).toBeNull();
    await folder.close();
  });

  test('is made where an empty folder is, and in folders that are not there yet', async () => {
    fs.mkdirSync(path);
    await (await RunFolder.create(path, contents)).close();
    await (await RunFolder.create(join(parent, 'a', 'b', 'c'), contents)).close();
    expect(list()).toContain('config.json');
  });

  test('is not made over anything', async () => {
    await (await runOf(1)).close();
    expect(await codeOf(RunFolder.create(path, contents))).toBe('run-exists');
    const other = join(parent, 'other');
    fs.mkdirSync(other);
    fs.writeFileSync(join(other, 'thesis.tex'), 'years of work');
    expect(await codeOf(RunFolder.create(other, contents))).toBe('run-exists');
    expect(await codeOf(RunFolder.create(other, contents, { replace: true }))).toBe('run-exists');
    expect(await codeOf(RunFolder.create(join(other, 'thesis.tex'), contents, { replace: true }))).toBe('run-exists');
    expect(fs.readFileSync(join(other, 'thesis.tex'), 'utf8')).toBe('years of work');
  });

  test('is replaced when asked for, but not while it is being written', async () => {
    const first = await runOf(1, 2);
    expect(await codeOf(RunFolder.create(path, contents, { replace: true }))).toBe('run-locked');
    await first.close();
    const second = await RunFolder.create(path, { config: { ...config, hidden: 9 } }, { replace: true });
    expect(await second.loadCheckpoint()).toBeNull();
    expect(second.config.hidden).toBe(9);
    await second.close();
    expect(fs.readdirSync(parent)).toEqual(['run']);
  });

  test('says what is wrong with a path that is no run', async () => {
    await expect(RunFolder.open(path)).rejects.toThrow(`${path}: there is no such folder`);
    fs.writeFileSync(path, 'text');
    await expect(RunFolder.open(path)).rejects.toThrow(`${path}: is a file; a run is the folder that train writes`);
    fs.rmSync(path);
    fs.mkdirSync(path);
    await expect(RunFolder.open(path)).rejects.toThrow('is not a run folder: there is no config.json in it');
    fs.writeFileSync(join(path, 'config.json'), '{"a":');
    expect(await codeOf(RunFolder.open(path))).toBe('run-corrupt');
    fs.writeFileSync(join(path, 'config.json'), '[]');
    expect(await codeOf(RunFolder.open(path, { write: true }))).toBe('run-corrupt');
    expect(list()).toEqual(['config.json']);
  });

  test('from a later version is refused, run or checkpoint', async () => {
    await (await runOf(1)).close();
    fs.writeFileSync(join(path, 'config.json'), JSON.stringify({ ...config, version: 3 }));
    await expect(RunFolder.open(path)).rejects.toThrow('is a run of version 3, known here is 2; update unrolled');
    expect(await codeOf(RunFolder.open(path, { write: true }))).toBe('run-newer');

    fs.writeFileSync(join(path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    const file = join(path, 'checkpoints', '000001-step-1', 'training.json');
    const body = '{"format":"unrolled checkpoint","version":2}';
    fs.writeFileSync(file, `{"sha256":"${createHash('sha256').update(body).digest('hex')}","checkpoint":${body}}\n`);
    const folder = await RunFolder.open(path);
    await expect(folder.loadCheckpoint()).rejects.toThrow(
      'has version 2 of the format, known here is 1; update unrolled',
    );
  });

  test('a file that is not as it was when the weights were saved is refused', async () => {
    await (await runOf(1)).close();
    fs.writeFileSync(join(path, 'vocabulary.json'), '{"symbols":["b","a"]}');
    const folder = await RunFolder.open(path);
    await expect(folder.loadCheckpoint()).rejects.toThrow(
      /vocabulary\.json: is not the file that the checkpoint was saved with/,
    );
    fs.rmSync(join(path, 'vocabulary.json'));
    expect(await codeOf(folder.loadCheckpoint())).toBe('run-mismatch');
  });

  test('no flipped bit of the configuration is ever loaded silently', async () => {
    await (await runOf(1)).close();
    const whole = read('config.json');
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Uint8Array.from(whole);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      fs.writeFileSync(join(path, 'config.json'), flipped);
      const code = await codeOf(RunFolder.open(path).then((folder) => folder.loadCheckpoint()));
      expect(['run-corrupt', 'run-mismatch', 'run-newer'], `bit ${bit}`).toContain(code);
    }
  });

  test('saved before the configuration had its hash beside the weights, it still loads', async () => {
    await (await runOf(1)).close();
    const file = join(path, 'checkpoints', '000001-step-1', 'training.json');
    const { checkpoint: manifest } = JSON.parse(fs.readFileSync(file, 'utf8')) as { checkpoint: { inputs: object } };
    expect(Object.keys(manifest.inputs)).toEqual(['config.json', 'vocabulary.json']);
    delete (manifest.inputs as Record<string, string>)['config.json'];
    const body = JSON.stringify(manifest);
    fs.writeFileSync(file, `{"sha256":"${createHash('sha256').update(body).digest('hex')}","checkpoint":${body}}\n`);
    fs.writeFileSync(join(path, 'config.json'), JSON.stringify({ ...config, hidden: 9 }));
    expect((await (await RunFolder.open(path)).loadCheckpoint())?.step).toBe(1);
  });

  test('opened for reading it changes nothing', async () => {
    await (await runOf(1)).close();
    fs.mkdirSync(join(path, 'checkpoints', '000009-step-9.tmp'));
    const before = [list(), list('checkpoints')];
    const folder = await RunFolder.open(path);
    await folder.loadCheckpoint();
    expect(await codeOf(folder.saveCheckpoint(checkpoint(2)))).toBe('run-read-only');
    expect(await codeOf(folder.appendMetrics({}))).toBe('run-read-only');
    await folder.close();
    expect([list(), list('checkpoints')]).toEqual(before);
    const writer = await RunFolder.open(path, { write: true });
    expect(list('checkpoints')).toEqual(['000001-step-1']); // swept
    await writer.close();
  });

  test('weights and states that are not numbers are not saved', async () => {
    const folder = await runOf(1);
    const bad = checkpoint(2);
    bad.model.get('weight_ih_l0')?.data.set([Number.NaN], 5);
    await expect(folder.saveCheckpoint(bad)).rejects.toThrow(NonFiniteError);
    await expect(folder.saveCheckpoint(bad)).rejects.toThrow(
      'a checkpoint cannot hold NaN; it began in weight_ih_l0, element 5',
    );
    await expect(folder.saveCheckpoint({ ...checkpoint(2), state: { loss: Infinity } })).rejects.toThrow(
      "the state's loss",
    );
    expect((await folder.loadCheckpoint())?.step).toBe(1);
    await folder.close();
  });
});

describe('metrics', () => {
  test('are lines of JSON', async () => {
    const folder = await runOf();
    await folder.appendMetrics({ step: 1, loss: 2.5 });
    await folder.appendMetrics({ step: 2, loss: 2 });
    await folder.close();
    expect(read('metrics.jsonl').toString()).toBe('{"step":1,"loss":2.5}\n{"step":2,"loss":2}\n');
  });

  test('of steps that are done again are cut off when a run goes on', async () => {
    const folder = await runOf();
    await folder.appendMetrics({ step: 1 });
    await folder.saveCheckpoint(checkpoint(1));
    await folder.appendMetrics({ step: 2 });
    await folder.close();
    fs.appendFileSync(join(path, 'metrics.jsonl'), '{"step":3,"lo'); // a line cut off by a crash
    const again = await RunFolder.open(path, { write: true });
    await again.loadCheckpoint('best');
    expect(read('metrics.jsonl').toString()).toContain('{"step":2}');
    await again.loadCheckpoint('last');
    await again.appendMetrics({ step: 2, again: true });
    await again.close();
    expect(read('metrics.jsonl').toString()).toBe('{"step":1}\n{"step":2,"again":true}\n');
  });

  test('that were altered are told, and the run goes on', async () => {
    const folder = await runOf();
    await folder.appendMetrics({ step: 1, loss: 2.5 });
    await folder.saveCheckpoint(checkpoint(1));
    await folder.appendMetrics({ step: 2 });
    await folder.close();
    const whole = read('metrics.jsonl');
    expect((await (await RunFolder.open(path)).loadCheckpoint())?.notice).toBeNull();
    for (const damaged of [whole.toString().replace('2.5', '0.5'), whole.subarray(0, 5), '', null]) {
      fs.rmSync(join(path, 'metrics.jsonl'));
      if (damaged !== null) fs.writeFileSync(join(path, 'metrics.jsonl'), damaged);
      const loaded = await (await RunFolder.open(path)).loadCheckpoint();
      expect(loaded?.step).toBe(1);
      expect(loaded?.notice).toContain('metrics.jsonl: is not as it was when the weights were saved');
    }
  });

  test('of a run that never saved begin anew', async () => {
    const folder = await runOf();
    await folder.appendMetrics({ step: 1 });
    await folder.close();
    const again = await RunFolder.open(path, { write: true });
    await again.loadCheckpoint('last');
    await again.close();
    expect(read('metrics.jsonl').length).toBe(0);
  });
});

describe('damage', () => {
  const files = ['model.safetensors', 'training.safetensors', 'training.json'];
  const last = () => join(path, 'checkpoints', '000002-step-2');

  test.each(files)('the newest with a damaged %s is skipped with a notice', async (name) => {
    await (await runOf(1, 2)).close();
    const file = join(last(), name);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    fs.writeFileSync(file, bytes);
    const folder = await RunFolder.open(path, { write: true });
    const loaded = await folder.loadCheckpoint();
    expect(loaded).toEqual({ ...checkpoint(1), notice: expect.stringContaining(name), weightsSha256 });
    expect(loaded?.notice).toMatch(/was altered: its SHA-256 is another; step 1 was taken instead$/);
    await folder.saveCheckpoint(checkpoint(3));
    expect(list('checkpoints')).toEqual(['000001-step-1', '000003-step-3']);
    await folder.close();
  });

  test('where nothing is whole, that is the error, and nothing is thrown away', async () => {
    await (await runOf(1, 2)).close();
    for (const name of list('checkpoints')) fs.writeFileSync(join(path, 'checkpoints', name, 'training.json'), '{}');
    const folder = await RunFolder.open(path, { write: true });
    await expect(folder.loadCheckpoint()).rejects.toThrow(/no checkpoint is whole: .*cut off, or not a checkpoint/);
    expect(list('checkpoints').length).toBe(2);
    await folder.close();
  });

  test('no cut and no flipped bit is ever loaded silently', async () => {
    await (await runOf(1, 2)).close();
    const folder = await RunFolder.open(path);
    const random = new Random(99);
    const whole = checkpoint(2);
    for (const name of files) {
      const file = join(last(), name);
      const bytes = fs.readFileSync(file);
      const cuts = Array.from({ length: Math.min(bytes.length, 100) }, (_, n) =>
        bytes.subarray(0, random.integer(2) ? n : random.integer(bytes.length)),
      );
      const flips = Array.from({ length: 250 }, () => {
        const flipped = Uint8Array.from(bytes);
        flipped[random.integer(flipped.length)] ^= 1 << random.integer(8);
        return flipped;
      });
      for (const damaged of [...cuts, ...flips, Buffer.concat([bytes, Buffer.from(' ')]), new Uint8Array(0)]) {
        fs.writeFileSync(file, damaged);
        const loaded = await folder.loadCheckpoint();
        if (loaded?.step !== 1 || loaded.notice === null) throw new Error(`a damaged ${name} was loaded`);
      }
      fs.writeFileSync(file, bytes);
      expect(await folder.loadCheckpoint()).toEqual({ ...whole, notice: null, weightsSha256 });
    }
  });

  test('links and devices in the place of files are not followed', async () => {
    await (await runOf(1, 2)).close();
    const file = join(last(), 'model.safetensors');
    fs.rmSync(file);
    fs.symlinkSync('/dev/zero', file);
    const loaded = await (await RunFolder.open(path)).loadCheckpoint();
    expect(loaded?.notice).toMatch(/is not an ordinary file/);
    fs.rmSync(file);
    fs.mkdirSync(file);
    expect((await (await RunFolder.open(path)).loadCheckpoint())?.step).toBe(1);
  });

  test('missing files and folders are damage too', async () => {
    await (await runOf(1, 2)).close();
    fs.rmSync(join(last(), 'training.safetensors'));
    expect((await (await RunFolder.open(path)).loadCheckpoint())?.notice).toMatch(
      /training\.safetensors: is not there/,
    );
    fs.rmSync(join(path, 'checkpoints'), { recursive: true });
    const folder = await RunFolder.open(path, { write: true });
    expect(await folder.loadCheckpoint()).toBeNull();
    await folder.saveCheckpoint(checkpoint(7));
    expect((await folder.loadCheckpoint())?.step).toBe(7);
    await folder.close();
  });
});
