import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { asker } from './confirm.ts';

function terminal(answer: string, tty: { in?: boolean; err?: boolean } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY: tty.in ?? true });
  const stderr = Object.assign(new PassThrough(), { isTTY: tty.err ?? true });
  stdin.end(answer);
  return { stdin, stderr } as unknown as Pick<NodeJS.Process, 'stdin' | 'stderr'>;
}

test.each([
  ['y', true],
  ['네', true],
  [' YES ', true],
  ['', false],
  ['n', false],
  ['yeah', false],
])('%j is %s', async (answer, expected) => {
  const { stdin, stderr } = terminal(`${answer}\n`);
  expect(await asker({ stdin, stderr })?.('Read it?')).toBe(expected);
  expect(String(stderr.read())).toContain('Read it? [y/N] ');
});

test('where nobody can answer nothing is asked', () => {
  expect(asker(terminal('y\n', { in: false }))).toBeNull();
  expect(asker(terminal('y\n', { err: false }))).toBeNull();
});
