// The command in Korean, as a person meets it: help, errors, a run from its first line to its last screen, and what is written.

import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { speak } from '../packages/cli/src/language/index.ts';
import { stringWidth } from '../packages/cli/src/terminal/index.ts';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const at = workFolder('korean');
afterAll(() => speak('en'));

const text = Array.from({ length: 300 }, (_, n) => `the ${n % 7} cats sat (on) a mat`).join('\n');
/** Words of three letters or more, apart from names: of options, commands, files, cells, formats and metrics. */
const englishIn = (printed: string) =>
  printed
    .replace(
      /`[^`]*`|[“"'][^“”"']*[”"']|--[\w-]+( <[^>]*>)?|\S*[./_\d]\S*|\b[A-Z][\w-]*|\bunrolled\b|npx.*|\$ .*/g,
      ' ',
    )
    .match(/\b[a-z]{3,}(?: [a-z]{2,}){2,}\b/g) ?? [];

test('help is in Korean, its columns are straight, and every sentence of it', async () => {
  const { code, out } = await unrolled('--lang', 'ko', 'train', 'text', '--help');
  expect(code).toBe(0);
  expect(out).toContain('사용법: unrolled train text');
  for (const heading of ['인수:', '옵션:', '모델:', '학습:', '출력:', '예:']) expect(out).toContain(`\n${heading}\n`);
  expect(englishIn(out)).toEqual([]);
  const lines = out.split('\n').filter((line) => /^ {2}--\w/.test(line) && !/^ {2}--\S+( <[^>]*>)?$/.test(line));
  const columns = new Set(lines.map((line) => stringWidth(/^ {2}--\S+( <[^>]*>)? +/.exec(line)?.[0] ?? '')));
  expect(columns.size).toBe(1);
});

test('the locale asks for Korean, and --lang for another language', async () => {
  vi.stubEnv('LANG', 'ko_KR.UTF-8');
  expect((await unrolled('--help')).out).toContain('명령:');
  expect((await unrolled('--lang', 'en', '--help')).out).toContain('Commands:');
  expect((await unrolled('eval', 'nothing', '--lang', 'en')).err).toContain('there is no such folder');
  vi.stubEnv('LANG', 'C.UTF-8');
  expect((await unrolled('--help')).out).toContain('Commands:');
});

test('errors are printed in Korean, and a program reads them in English', async () => {
  const wrong = await unrolled('train', 'text', 'a.txt', '--hidden', '0', '--lang', 'ko');
  expect(wrong).toMatchObject({ code: 2, err: 'train text: --hidden: 1에서 65536까지의 정수여야 하는데 0입니다\n' });
  expect((await unrolled('train', 'txt', '--lang', 'ko')).err).toBe(
    "오류: 모르는 명령 'txt'\n(혹시 text?)\n(--help가 모든 옵션을 설명합니다)\n",
  );
  const { err, out } = await unrolled('eval', 'nothing', '--json', '--lang', 'ko');
  expect(err).toBe('nothing: 그런 폴더가 없습니다\n');
  expect(JSON.parse(out)).toMatchObject({ error: { message: 'nothing: there is no such folder' } });
  expect((await unrolled('demo', '--lang', 'fr')).err).toContain('there is no fr');
});

test('a configuration file may say the language', async () => {
  writeFileSync(at('ko.json'), JSON.stringify({ lang: 'ko' }));
  const { err } = await unrolled('train', 'text', 'missing.txt', '--config', 'ko.json');
  expect(err).toMatch(/missing\.txt: 그런 파일이 없습니다/);
});

test('a run, its evaluation and its inspection are in Korean, and its files are those of an English run', async () => {
  writeFileSync(at('cats.txt'), text);
  const flags = ['--hidden', '16', '--embedding', '8', '--steps', '20', '--eval-every', '10', '--no-check'];
  const ko = await unrolled('train', 'text', 'cats.txt', ...flags, '--out', 'ko', '--lang', 'ko');
  const en = await unrolled('train', 'text', 'cats.txt', ...flags, '--out', 'en');
  expect([ko.code, en.code]).toEqual([0, 0]);
  for (const part of ['학습합니다', '모델    gru', '검증 ', '만에 끝났습니다', '  실행    ko', '  다음'])
    expect(ko.err).toContain(part);
  expect(englishIn(ko.err.replace(/ *│.*/g, ''))).toEqual([]);
  const { created: _a, ...a } = JSON.parse(readFileSync(at('ko/config.json'), 'utf8')) as Record<string, unknown>;
  const { created: _b, ...b } = JSON.parse(readFileSync(at('en/config.json'), 'utf8')) as Record<string, unknown>;
  expect(a).toEqual(b);

  expect((await unrolled('eval', 'ko', '--lang', 'ko')).out).toMatch(/^손실 +[\d.]+ nat\(글자당\)/);
  const report = await unrolled('inspect', 'ko', '--length', '400', '--lang', 'ko', '--html', 'r.html');
  expect(report.code).toBe(0);
  const page = readFileSync(at('r.html'), 'utf8');
  expect(page).toContain('<html lang="ko">');
  const shown = page.replace(/<(script|style)[^]*?<\/\1>|<div class="text"[^]*?<\/div>/g, '').replace(/<[^>]*>/g, '\n');
  expect(englishIn(shown)).toEqual([]);
});
