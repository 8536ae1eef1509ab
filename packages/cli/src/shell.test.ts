import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { quoted, shellPath, shellWord } from './shell.ts';

test('a word that a shell leaves alone is left alone', () => {
  expect(['runs/my', 'a-b_c.csv', '한국어', 'x=1', 'C:\\runs'].map(shellWord)).toEqual([
    'runs/my',
    'a-b_c.csv',
    '한국어',
    'x=1',
    "'C:\\runs'",
  ]);
  expect(shellWord('=cmd')).toBe('"=cmd"');
});

test('a file whose name begins with a dash is no option', () => {
  expect(shellPath('--fresh')).toBe('./--fresh');
});

test.skipIf(process.platform === 'win32')(
  'whatever it says, a shell reads it as one word and as the text it is',
  () => {
    const texts = [
      'a b',
      "it's",
      '$(touch x)',
      '`id`',
      'a"b',
      '!!',
      'a\\',
      'a\nb',
      ';rm -rf /',
      '*',
      '~',
      '#x',
      '%PATH%',
      '',
      '&& x',
      '<y',
    ];
    const words = texts.flatMap((text) => [shellWord(text), quoted(text)]);
    const script = `printf '%s\\0' ${words.join(' ')}`;
    const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(stdout.split('\0').slice(0, -1)).toEqual(texts.flatMap((text) => [text, text]));
  },
);
