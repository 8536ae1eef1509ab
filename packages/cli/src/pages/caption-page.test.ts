import { expect, test } from 'vitest';
import { captionPage } from './caption-page.ts';

test('a page has every caption, says which is right, and its drawings share no names', () => {
  const image = { height: 2, width: 2, data: new Uint8Array(12).fill(90) };
  const drawing = { image, words: ['dog'], weights: [[0.1, 0.2, 0.3, 0.4]] };
  const page = captionPage('Held <out>', [
    { caption: 'a dog', drawing, references: ['a dog', 'one dog'], name: 'a.jpg' },
    { caption: 'a cat', drawing, references: ['a dog'] },
  ]);
  expect(page).toContain('<h1>Held &lt;out&gt;</h1>');
  expect(page).toContain('<span class="right">✓</span> a dog');
  expect(page).toContain('<span class="other">≠</span> a cat');
  expect(page).toContain('<p class="reference">Reference: a dog</p>'); // of the wrong one
  expect(page).toContain('<summary>2 references</summary>'); // of the right one
  expect(page).not.toContain('1 references');
  expect(page.match(/id="image-0"/g)).toHaveLength(1);
  expect(page).not.toMatch(/https?:(?!\/\/www\.w3\.org)/);
});
