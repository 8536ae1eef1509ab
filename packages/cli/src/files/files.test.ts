// Paths that lead out, in every form we could think of: opened is what was given and nothing else, and nothing waits for ever.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inside } from '../readers/images/index.ts';
import { noteFound, readGiven } from './given.ts';
import { namedFile, readNamed } from './named.ts';
import { WriteError, writeFile } from '../write-file.ts';
import { checkReplaced, openForWriting, openPlain, readPlain, readStart, RefusedFile, type Refusal } from './plain.ts';

let parent: string;
let root: string;
let server: ReturnType<typeof createServer>;

/** root/: a folder that somebody was sent. Beside it lie the user's own things. */
beforeAll(async () => {
  parent = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'unrolled-paths-')));
  root = join(parent, 'data');
  fs.mkdirSync(join(root, 'cats', 'young'), { recursive: true });
  fs.mkdirSync(join(parent, 'data-private'));
  fs.mkdirSync(join(parent, 'private'));
  for (const name of [
    'data/a.txt',
    'data/cats/1.txt',
    'data/cats/young/2.txt',
    'data/..txt',
    'data/. .txt',
    'data/ünï.txt',
  ])
    fs.writeFileSync(join(parent, name), 'data');
  for (const name of ['secret.txt', 'private/key', 'data-private/key']) fs.writeFileSync(join(parent, name), 'secret');
  const links: Readonly<Record<string, string>> = {
    'out.txt': '../secret.txt',
    'absolute.txt': join(parent, 'secret.txt'),
    'passwd.txt': '/etc/passwd',
    'zero.txt': '/dev/zero',
    'loop.txt': 'loop.txt',
    'broken.txt': 'nowhere',
    'inner.txt': 'a.txt',
    dogs: '../private',
    same: 'cats',
    up: '..',
    here: '.',
    'cats/out': '../../private',
    'cats/young/far': '../../../private',
    'twice.txt': 'out.txt',
  };
  for (const [name, to] of Object.entries(links)) fs.symlinkSync(to, join(root, name));
  fs.symlinkSync(root, join(parent, 'link-to-data'));
  fs.symlinkSync(join(root, 'a.txt'), join(parent, 'link-to-file'));
  fs.linkSync(join(parent, 'secret.txt'), join(root, 'hard.txt'));
  execFileSync('mkfifo', [join(root, 'pipe.txt'), join(parent, 'pipe')]);
  fs.truncateSync(openedClosed(join(root, 'huge.txt')), 2 ** 33); // sparse
  server = createServer();
  await new Promise<void>((done) => server.listen(join(root, 'socket.txt'), done));
});
afterAll(() => {
  server.close();
  fs.rmSync(parent, { recursive: true, force: true });
});

function openedClosed(path: string): string {
  fs.closeSync(fs.openSync(path, 'w'));
  return path;
}

/** Why it was not opened; 'opened' when it was. */
function refusalOf(work: () => unknown): Refusal | 'opened' {
  try {
    work();
    return 'opened';
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    expect(error.message).toContain(error.path);
    return error.refusal;
  }
}

const below: readonly (readonly [name: string, refusal: Refusal | 'opened'])[] = [
  ['a.txt', 'opened'],
  ['cats/1.txt', 'opened'],
  ['cats/young/2.txt', 'opened'],
  ['./a.txt', 'opened'],
  ['cats/../a.txt', 'opened'],
  ['cats//1.txt', 'opened'],
  ['..txt', 'opened'],
  ['. .txt', 'opened'],
  ['ünï.txt', 'opened'],
  ['hard.txt', 'opened'], // a second name is the file itself: it can only be made by who may read it
  ['', 'folder'],
  ['.', 'folder'],
  ['cats', 'folder'],
  ['gone.txt', 'missing'],
  ['cats/gone.txt', 'missing'],
  ['a.txt\0.png', 'missing'],
  ['\0', 'missing'],
  ['..\\secret.txt', 'missing'], // a name with a backslash in it, here
  ['C:\\secret.txt', 'missing'],
  ['~/secret.txt', 'missing'],
  ['%2e%2e/secret.txt', 'missing'],
  ['file:///etc/passwd', 'missing'],
  ['../secret.txt', 'outside'],
  ['cats/../../secret.txt', 'outside'],
  ['./../secret.txt', 'outside'],
  ['../data-private/key', 'outside'],
  ['../../../../../../../etc/passwd', 'outside'],
  ['../data/../secret.txt', 'outside'],
  ['out.txt', 'link'],
  ['absolute.txt', 'link'],
  ['passwd.txt', 'link'],
  ['zero.txt', 'link'],
  ['loop.txt', 'link'],
  ['broken.txt', 'link'],
  ['inner.txt', 'link'],
  ['twice.txt', 'link'],
  ['dogs/key', 'link'],
  ['same/1.txt', 'link'],
  ['up/secret.txt', 'link'],
  ['up/data/a.txt', 'link'],
  ['here/a.txt', 'link'],
  ['here/here/a.txt', 'link'],
  ['cats/out/key', 'link'],
  ['cats/young/far/key', 'link'],
  ['dogs', 'link'],
  ['pipe.txt', 'special'],
  ['socket.txt', 'special'],
  ['huge.txt', 'large'],
];

describe.skipIf(process.platform === 'win32')('below a folder that was named', () => {
  test.each(below)('%j is %s', (name, expected) => {
    const path = `${root}/${name}`;
    expect(
      refusalOf(() => expect(Buffer.from(readPlain(path, { below: root })).toString()).toMatch(/data|secret/)),
    ).toBe(expected);
    const named = noteFound(root, path);
    expect(refusalOf(() => readGiven(named))).toBe(expected);
    if (expected !== 'large') expect(refusalOf(() => readStart(path, 2, { below: root }))).toBe(expected);
  });

  test.each(below)('a data file that names %j gets what it may have', (name, expected) => {
    const found = inside(root, name);
    if (expected === 'opened') expect(found).toEqual({ path: resolve(root, name) });
    if (expected === 'outside' || expected === 'link')
      expect(found).toMatchObject({ problem: expect.any(String) as string });
    if (expected === 'missing' && !name.startsWith('C:'))
      expect('path' in found && fs.existsSync(found.path)).toBe(false);
    if (name !== '' && 'path' in found && expected !== 'folder')
      expect(refusalOf(() => readGiven(found.path))).toBe(expected);
  });

  test.each(['/etc/passwd', '/dev/zero', '/dev/null', '/proc/self/environ', '/'])('absolute: %s is outside', (path) => {
    const expected = { '/etc/passwd': 'outside', '/proc/self/environ': 'outside', '/': 'folder' }[path] ?? 'special';
    expect(refusalOf(() => readPlain(path, { below: root }))).toBe(expected);
    expect(inside(root, path)).toEqual({ problem: 'outside' });
  });

  test('the folder itself may be a link, and be named with a slash or not, or from here', () => {
    for (const folder of [join(parent, 'link-to-data'), `${root}/`, join(parent, 'private', '..', 'data')]) {
      expect(refusalOf(() => readPlain(join(folder, 'cats', '1.txt'), { below: folder }))).toBe('opened');
      expect(refusalOf(() => readPlain(join(folder, 'out.txt'), { below: folder }))).toBe('link');
      expect(inside(folder, 'cats/1.txt')).toHaveProperty('path');
    }
  });

  test('what was found in a folder that was found belongs to the first', () => {
    const clip = noteFound(root, join(root, 'dogs'));
    expect(refusalOf(() => readGiven(noteFound(clip, join(clip, 'key'))))).toBe('link');
  });
});

describe.skipIf(process.platform === 'win32')('named by the user', () => {
  test.each([
    ['data/a.txt', 'opened'],
    ['link-to-file', 'opened'],
    ['link-to-data/cats/1.txt', 'opened'],
    ['data/out.txt', 'opened'],
    ['data/passwd.txt', 'opened'],
    ['pipe', 'opened'], // nobody writes into it: empty, and no waiting
    ['data', 'folder'],
    ['gone', 'missing'],
    ['data/broken.txt', 'missing'],
    ['data/zero.txt', 'special'],
    ['data/socket.txt', 'special'],
    ['data/huge.txt', 'large'],
    ['/dev/zero', 'special'],
    ['/dev/random', 'special'],
    ['/dev/full', 'special'],
    ['/dev/null', 'opened'],
  ] as const)('%s is %s', (name, expected) => {
    expect(refusalOf(() => readNamed(resolve(parent, name)))).toBe(expected);
  });

  test('a descriptor: what is left of the file, once, and the same to whoever asks again', () => {
    const fd = fs.openSync(join(root, 'a.txt'), 'r');
    for (const path of [`/dev/fd/${fd}`, `/dev/fd/${fd}`]) expect(Buffer.from(readNamed(path)).toString()).toBe('data');
    const copy = namedFile(`/dev/fd/${fd}`, () => '.csv');
    expect(copy.endsWith(`/${fd}.csv`)).toBe(true);
    expect(fs.readFileSync(copy, 'utf8')).toBe('data');
    expect(fs.statSync(copy).mode & 0o77).toBe(0); // of nobody else
    expect(namedFile(`/dev/fd/${fd}`, () => '.csv')).toBe(copy);
    fs.closeSync(fd);
  });

  test('a pipe that never ends is read to its limit and no further', () => {
    const pipe = join(parent, 'pipe');
    const reader = fs.openSync(pipe, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const writer = fs.openSync(pipe, fs.constants.O_WRONLY);
    fs.writeSync(writer, 'x'.repeat(5000));
    expect(() => readNamed(`/proc/self/fd/${reader}`, 4096)).toThrow(
      'gave more than 4,096 bytes, the most that is read of a pipe',
    );
    for (const fd of [reader, writer]) fs.closeSync(fd);
  });
});

describe.skipIf(process.platform === 'win32')('for writing', () => {
  test.each([
    ['out.txt', 'link'],
    ['passwd.txt', 'link'],
    ['broken.txt', 'link'],
    ['zero.txt', 'link'],
    ['hard.txt', 'shared'],
    ['pipe.txt', 'special'],
    ['socket.txt', 'special'],
    ['cats', 'folder'],
  ] as const)('%s is a %s, and what is there stays', (name, expected) => {
    for (const flags of ['r+', 'w', 'w+'] as const)
      expect(refusalOf(() => openForWriting(join(root, name), flags))).toBe(expected);
    expect(() => writeFile(join(root, name), 'gone', { named: 'data' })).toThrow(WriteError);
    expect(refusalOf(() => checkReplaced(join(root, name)))).toBe(expected);
    expect(fs.readFileSync(join(parent, 'secret.txt'), 'utf8')).toBe('secret');
    expect(fs.existsSync(join(root, 'nowhere'))).toBe(false);
  });

  test('an ordinary file is replaced, and a new one made', () => {
    for (const content of ['a longer text', 'short']) {
      writeFile(join(root, 'new.txt'), content, { named: 'data' });
      expect(fs.readFileSync(join(root, 'new.txt'), 'utf8')).toBe(content);
    }
  });
});

test('a file that is exchanged while it is opened is not read', () => {
  const path = join(root, 'a.txt');
  const [open, real] = [fs.openSync, fs.realpathSync];
  const exchanged = join(root, 'cats', '1.txt');
  fs.openSync = ((_: string, ...rest: [number, number]) => open(exchanged, ...rest)) as typeof open;
  try {
    expect(refusalOf(() => openPlain(path, { below: root }))).toBe('moved');
  } finally {
    fs.openSync = open;
    fs.realpathSync = real;
  }
});
