import { expect, test } from 'vitest';
import { fileNameOf } from './taken.ts';

test('the name of a run as that of a file: letters and digits of any language, cut without a dash at its end', () => {
  expect(fileNameOf('Little stories')).toBe('little-stories');
  expect(fileNameOf('A name that is rather long for a run of twelve units')).toBe(
    'a-name-that-is-rather-long-for-a-run-of',
  );
  expect(fileNameOf('../우리말 2')).toBe('우리말-2');
  expect(fileNameOf('…')).toBe('run');
});
