import { expect, test } from 'vitest';
import { usualUnit } from './usual-unit.ts';

test.each([
  ['words', ['a lovely film', 'not a good one', 'awful']],
  ['words', ['Ein schöner Film', 'un film à voir, 영화']],
  ['words', []],
  ['characters', ['Müller', 'Tanaka', 'Kim']],
  ['characters', ['정말 재미있는 영화였다 good', '별로 볼 것이 없었다']],
  ['characters', ['とても 面白い 映画 です', 'つまらない 映画']],
  ['characters', ['很好看 的 电影', '不 好看']],
])('%s where nobody says a unit: %j', (unit, texts) => {
  expect(`${usualUnit(texts)}s`).toBe(unit);
});
