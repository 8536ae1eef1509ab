import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeStories, Vocabulary } from 'unrolled/data';
import { expect, test } from 'vitest';
import { declarationFiles, demoText, isDemoText } from './demo-text.ts';

test('where no declaration files are near there are stories, the same everywhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-text-'));
  try {
    expect(declarationFiles(folder)).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { text, description } = demoText('stories that unrolled makes');
  expect([text.length >= 400_000, isDemoText(description)]).toEqual([true, true]);
  expect(demoText(description).text).toBe(text);
  expect(text.startsWith(makeStories(1000, 1))).toBe(true);
});

test('in the clone it is the text of TypeScript', () => {
  const { text, description } = demoText();
  expect([text.length > 400_000, isDemoText(description)]).toEqual([true, true]);
  expect(description).toMatch(/^the declaration files of the TypeScript compiler, \d+ files$/);
});

test('a person’s file is no demonstration', () => {
  expect(isDemoText('stories.txt')).toBe(false);
});

test('stories are of few characters, their quotations close, and pronouns belong to names', () => {
  const text = makeStories(50_000, 1);
  expect(Vocabulary.fromText(text).size).toBeLessThan(70);
  const paragraphs = text.split('\n\n');
  expect(paragraphs.length).toBeGreaterThan(100);
  for (const paragraph of paragraphs) {
    expect(paragraph.split('"').length % 2).toBe(1);
    const name = /, (\w+) walks/.exec(paragraph)?.[1] ?? '';
    const who = /^(Ada|Emma|Mina|Rosa)$/.test(name) ? 'she' : 'he';
    expect(paragraph.endsWith(`Then ${who} goes home.`)).toBe(true);
  }
});
