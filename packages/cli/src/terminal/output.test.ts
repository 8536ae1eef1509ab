import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lostOutput, SafeOutput, type Stream } from './output.ts';

/** A stream that keeps what is written to it. */
function recorder(more: Partial<Stream> = {}) {
  const written: string[] = [];
  const stream: Stream = {
    write: (text: string) => written.push(text) > 0,
    once: () => undefined,
    on: () => undefined,
    ...more,
  };
  return {
    written,
    stream,
    output: new SafeOutput(
      () => stream,
      () => undefined,
    ),
  };
}

test('a sequence that comes in pieces is written out as well', () => {
  const { output, written } = recorder();
  for (const piece of '\x1b]0;title\x07') output.write(piece);
  expect(written.join('')).toBe('\\x1b]0;title\\x07');
});

test('a line end in two pieces stays one, and a lone \\r is shown', () => {
  const { output, written } = recorder();
  for (const piece of ['a', '\r', '\n', 'b', '\r', 'c']) output.write(piece);
  expect(written.join('')).toBe('a\r\nb\\rc');
});

test('a line that is written over another cannot bring sequences of its own', () => {
  const { output, written } = recorder({ isTTY: true });
  output.rewrite('50 % of \x1b[2Jx');
  expect(written).toEqual(['\r\x1b[K50 % of \\x1b[2Jx']);
});

test('a disk that is full is told once, with what it means', () => {
  const lost: string[] = [];
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const stream: Stream = {
    write: () => {
      throw full;
    },
    once: () => undefined,
    on: () => undefined,
  };
  new SafeOutput(
    () => stream,
    (error) => lost.push(lostOutput(error)),
  ).write('x');
  expect(lost).toEqual([
    'standard output: cannot be written: the disk is full (ENOSPC); what was written of it so far is not whole',
  ]);
});

test('a file gets every byte of a text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-output-'));
  const fd = openSync(join(folder, 'out'), 'w');
  try {
    const { output } = recorder({ fd, write: () => expect.fail('the file is written to by the output itself') });
    const text = '한국어 '.repeat(50_000);
    output.write(text);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(text);
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
});

test('nothing in the command writes past it', () => {
  const source = fileURLToPath(new URL('..', import.meta.url));
  const past = (readdirSync(source, { recursive: true }) as string[])
    .map((name) => join(source, name))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && existsSync(path))
    .filter((path) =>
      /process\.std(out|err)\.write\(|console\.(log|error|warn|info)\(/.test(readFileSync(path, 'utf8')),
    )
    .map((path) => relative(source, path));
  expect(past).toEqual(['terminal/output.ts']);
});
