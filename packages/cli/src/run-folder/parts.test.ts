// The pieces of a run folder by themselves: races for its lock, writes that come in pieces, what is swept away, and manifests that fit their hash and
// nothing else.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateDict } from 'unrolled';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RunFolder } from '../run-folder.ts';
import { sumsOf } from './checkpoint.ts';
import { RunFolderError } from './error.ts';
import { type FileLayer, nodeFiles, readWhole, writeAll } from './files.ts';
import { checkName, parseLines, readConfig, sweepBeside, temporaryName } from './layout.ts';
import { isAlive, type Owner, releaseLock, self, takeLock } from './lock.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'run-parts-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};
const dead: Owner = { ...self(), pid: 2 ** 22 + 7, started: null };
const lock = () => JSON.parse(fs.readFileSync(at('lock'), 'utf8')) as Owner;

describe('a lock', () => {
  test('that was released between two looks is taken', () => {
    let first = true;
    const link: FileLayer['link'] = (from, to) => {
      if (first) {
        first = false;
        failing('EEXIST')();
      }
      nodeFiles.link(from, to);
    };
    takeLock({ ...nodeFiles, link }, folder);
    expect(lock()).toEqual(self());
    expect(fs.readdirSync(folder)).toEqual(['lock']);
  });

  test('that is gone when it is read is taken', () => {
    fs.writeFileSync(at('lock'), JSON.stringify(dead));
    const read: FileLayer['read'] = (path) => {
      fs.unlinkSync(path);
      return nodeFiles.read(path);
    };
    takeLock({ ...nodeFiles, read }, folder);
    expect(lock()).toEqual(self());
  });

  test('of a dead process that somebody else cleared away is taken', () => {
    fs.writeFileSync(at('lock'), JSON.stringify(dead));
    const rename: FileLayer['rename'] = (from) => {
      fs.unlinkSync(from);
      failing('ENOENT')();
    };
    takeLock({ ...nodeFiles, rename }, folder);
    expect(lock()).toEqual(self());
    fs.writeFileSync(at('lock'), JSON.stringify(dead));
    expect(() => takeLock({ ...nodeFiles, rename: failing('EACCES') }, folder)).toThrow(RunFolderError);
    expect(lock()).toEqual(dead);
  });

  test('that another process took meanwhile is put back', () => {
    fs.writeFileSync(at('lock'), JSON.stringify(dead));
    const other: Owner = { ...self(), host: 'elsewhere' };
    let first = true;
    const rename: FileLayer['rename'] = (from, to) => {
      if (first) fs.writeFileSync(at('lock'), JSON.stringify(other)); // just before it is moved aside
      first = false;
      nodeFiles.rename(from, to);
    };
    expect(() => takeLock({ ...nodeFiles, rename }, folder)).toThrow(/is being written by process \d+ on elsewhere/);
    expect(lock()).toEqual(other);
  });

  test.each([
    { pid: process.pid },
    { pid: process.pid, host: 5 },
    { pid: 0, host: self().host },
    { pid: 1.5, host: 'a' },
    { pid: 2 ** 31, host: 'a' },
    null,
  ])(
    // biome-ignore format: one line
    'that says nobody, %o, is taken over',
    (owner) => {
      fs.writeFileSync(at('lock'), JSON.stringify(owner));
      takeLock(nodeFiles, folder);
      expect(lock()).toEqual(self());
    },
  );

  test('of the process with the number 1 is one', () => {
    fs.writeFileSync(at('lock'), JSON.stringify({ pid: 1, host: 'elsewhere' }));
    expect(() => takeLock(nodeFiles, folder)).toThrow('process 1 on elsewhere');
  });

  test('is made without links where there are none, and for one alone', () => {
    const files = { ...nodeFiles, link: failing('EPERM') };
    takeLock(files, folder);
    expect(lock()).toEqual(self());
    expect(() => takeLock(files, folder)).toThrow('is being written by this process itself');
    releaseLock(files, folder);
    expect(() => takeLock({ ...files, open: (path, flags) => (flags === 'wx' && path.endsWith('lock') ? failing('EROFS')() : nodeFiles.open(path, flags)) }, folder)).toThrow('read-only'); // biome-ignore format: one line
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('of a process whose number was given to another one is dead', () => {
    const own = self();
    const boot = String(own.started).split(' ')[0];
    expect([isAlive(own), isAlive({ ...own, started: `${boot} 1` }), isAlive({ ...own, started: null })]).toEqual([true, false, true]); // biome-ignore format: one line
    expect(isAlive(dead)).toBe(false);
  });
});

describe('files', () => {
  test('are written whole, though the system takes three bytes at a time', () => {
    const bytes = Uint8Array.from({ length: 10 }, (_, k) => k);
    const write: FileLayer['write'] = (fd, all, offset, position) =>
      nodeFiles.write(fd, all.subarray(0, Math.min(all.length, offset + 3)), offset, position);
    for (const files of [nodeFiles, { ...nodeFiles, write }]) {
      const fd = nodeFiles.open(at('f'), 'w');
      writeAll(files, fd, bytes, 2);
      nodeFiles.close(fd);
      expect([...fs.readFileSync(at('f'))]).toEqual([0, 0, ...bytes]);
    }
    expect(() => writeAll({ ...nodeFiles, write: () => 0 }, 0, bytes)).toThrow('no byte could be written');
  });

  test('are read up to a size', () => {
    fs.writeFileSync(at('f'), 'abcd');
    expect(readWhole(nodeFiles, at('f'), 4).length).toBe(4);
    expect(() => readWhole(nodeFiles, at('f'), 3)).toThrow('has 4 bytes, expected at most 3');
    expect(() => readWhole(nodeFiles, at('g'), 3)).toThrow('is not there');
    expect(() => readWhole(nodeFiles, folder, 3)).toThrow('is not an ordinary file');
  });

  test('have names of lower-case letters, digits and dashes, and not that of the index', () => {
    for (const name of ['a', 'b-2', 'c'.repeat(41)]) expect(checkName(name)).toBe(name);
    for (const name of ['index', 'A', '2a', '', 'a.b', '../a', 'c'.repeat(42)])
      expect(() => checkName(name)).toThrow('cannot be the name of a file of a run');
  });

  test('of lines have the objects among them', () => {
    const bytes = new TextEncoder().encode('{"a":1}\nnull\n5\n[1]\n"a"\n{"b":\n{"c":2}');
    expect(parseLines(bytes)).toEqual([{ a: 1 }, { c: 2 }]);
  });

  test.each(['null', '5', '"a"', '[]', 'true'])('with %s for a configuration are no run', (text) => {
    fs.writeFileSync(at('config.json'), text);
    expect(() => readConfig(nodeFiles, folder)).toThrow('is not a configuration');
  });

  test('that a killed process left beside a run are swept away; those of the living and of other containers stay', () => {
    const space = self().space ?? '77';
    const owner: Owner = { ...self(), space };
    const gone = [`.run.${dead.pid}.tmp`, `.run.${dead.pid}-${space}.tmp`, `.run.${dead.pid}.old.tmp`, `.run.${owner.pid}.tmp`]; // biome-ignore format: one line
    const kept = [`.run.${dead.pid}-${space}8.tmp`, `.run.${process.ppid}.tmp`, '.run.abc.tmp', `.runs.${dead.pid}.tmp`, `.run.${dead.pid}`]; // biome-ignore format: one line
    for (const name of [...gone, ...kept]) fs.writeFileSync(at(name), '');
    sweepBeside(nodeFiles, at('run'), owner);
    expect(fs.readdirSync(folder).toSorted()).toEqual(kept.toSorted());
    sweepBeside(nodeFiles, at('run'), { ...owner, space: null });
    expect(fs.readdirSync(folder).toSorted()).toEqual(kept.toSorted()); // it is not known whose they are
    expect(temporaryName(at('run'), owner)).toBe(`.run.${owner.pid}-${space}.tmp`);
    expect(temporaryName(at('run'), { ...owner, space: null })).toBe(`.run.${owner.pid}.tmp`);
  });
});

describe('a checkpoint', () => {
  const weights: StateDict = new Map([['w', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }]]);

  async function saved(): Promise<{ path: string; manifest: Record<string, unknown> }> {
    const run = await RunFolder.create(at('run'), { config: { version: 2 } });
    await run.saveCheckpoint({ step: 3, best: true, model: weights, training: new Map(), state: {} });
    await run.close();
    const path = at('run', 'checkpoints', fs.readdirSync(at('run', 'checkpoints'))[0]);
    const text = fs.readFileSync(join(path, 'training.json'), 'utf8');
    return { path, manifest: JSON.parse(text).checkpoint as Record<string, unknown> };
  }
  const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const rewrite = (path: string, manifest: unknown) => {
    const body = JSON.stringify(manifest);
    fs.writeFileSync(join(path, 'training.json'), `{"sha256":"${sha256(body)}","checkpoint":${body}}\n`);
  };

  test('whose manifest fits its hash has to be one as well', async () => {
    const { path, manifest } = await saved();
    const { 'model.safetensors': model, 'training.safetensors': training } = manifest.files as Record<string, object>;
    const files = (changes: object) => ({ 'model.safetensors': { ...model, ...changes }, 'training.safetensors': training }); // biome-ignore format: one line
    rewrite(path, manifest);
    expect(sumsOf(nodeFiles, path)['model.safetensors']).toEqual(model);
    const wrong: [string, unknown][] = [
      ...[-1, 0.5, '3', null].map((step) => ['step', step] as [string, unknown]),
      ...['yes', null, 1].map((best) => ['best', best] as [string, unknown]),
      ...[-1, '0'].map((bytes) => ['metricsBytes', bytes] as [string, unknown]),
      ...['abc', 5, null].map((hash) => ['metricsSha256', hash] as [string, unknown]),
      ...[null, [], 'x', {}, files({ bytes: -1 }), files({ bytes: 0.5 }), files({ sha256: 'abc' }), files({ sha256: 5 })].map((f) => ['files', f] as [string, unknown]), // biome-ignore format: one line
      ...[null, [], 5, { a: 'abc' }, { a: 5 }].map((inputs) => ['inputs', inputs] as [string, unknown]),
      ...[null, [], 5, 'x'].map((state) => ['state', state] as [string, unknown]),
      ['format', 'other'],
      ['version', 0],
    ];
    for (const [field, value] of wrong) {
      rewrite(path, { ...manifest, [field]: value });
      expect(() => sumsOf(nodeFiles, path), `${field}: ${JSON.stringify(value)}`).toThrow(
        `its ${field} is missing or not what it has to be`,
      );
    }
    for (const value of [null, 5, 'x']) {
      rewrite(path, value);
      expect(() => sumsOf(nodeFiles, path)).toThrow('is not a checkpoint');
    }
  });

  test('has weights of a kind that weights are of', async () => {
    const { path, manifest } = await saved();
    const header = '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
    const bytes = Uint8Array.from([header.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(header), 7]);
    fs.writeFileSync(join(path, 'model.safetensors'), bytes);
    const files = {
      ...(manifest.files as object),
      'model.safetensors': { bytes: bytes.length, sha256: sha256(bytes) },
    };
    rewrite(path, { ...manifest, files });
    const run = await RunFolder.open(at('run'));
    const failure = await run.loadCheckpoint('last').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RunFolderError);
    expect(String(failure)).toContain('w is U8');
  });

  test('has no number that is none, the first element included', async () => {
    const run = await RunFolder.create(at('run'), { config: { version: 2 } });
    const bad: StateDict = new Map([['w', { dtype: 'float32', shape: [2], data: Float32Array.of(Number.NaN, 2) }]]);
    await expect(run.saveCheckpoint({ step: 1, best: false, model: bad, training: new Map(), state: {} })).rejects.toThrow('w, element 0'); // biome-ignore format: one line
    await run.close();
  });
});
