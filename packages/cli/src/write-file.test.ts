import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WriteError, writeFile } from './write-file.ts';

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file is replaced whole, keeps its mode, and nothing else is left', () => {
  writeFileSync(at('page.html'), 'old');
  chmodSync(at('page.html'), 0o640);
  writeFile(at('page.html'), 'new');
  expect(readFileSync(at('page.html'), 'utf8')).toBe('new');
  expect(statSync(at('page.html')).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(['page.html']);
});

test('a link stays a link, to a file that is written', () => {
  writeFileSync(at('real.svg'), 'old');
  symlinkSync('real.svg', at('link.svg'));
  writeFile(at('link.svg'), 'new');
  expect([readlinkSync(at('link.svg')), readFileSync(at('real.svg'), 'utf8')]).toEqual(['real.svg', 'new']);
});

test('an error names the path, and changes nothing', () => {
  mkdirSync(at('taken'));
  expect(() => writeFile(at('taken'), 'x')).toThrow(`${at('taken')}: cannot be written: a folder is there (EISDIR)`);
  expect(() => writeFile(at('none/x'), 'x')).toThrow(
    `${at('none/x')}: cannot be written: there is no such folder (ENOENT)`,
  );
  expect(() => writeFile(at('none/x'), 'x')).toThrow(WriteError);
  expect(readdirSync(folder)).toEqual(['taken']);
});

test.skipIf(!existsSync('/dev/full'))('a full disk is reported with the path', () => {
  expect(() => writeFile('/dev/full', 'x')).toThrow('/dev/full: cannot be written: the disk is full (ENOSPC)');
});
