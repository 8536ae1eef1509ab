import { expect, test } from 'vitest';
import { UnderWay } from './under-way.ts';

const later = <R>() => {
  let [resolve, reject]: [(value: R) => void, (error: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<R>((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
};

test('what is opened during a search is being opened until it is open', async () => {
  const [search, opening] = [later<string>(), later<null>()];
  const underWay = new UnderWay<'find' | 'open'>();
  const finding = underWay.during('find', search.promise);
  expect(underWay.name.value).toBe('find');
  const opened = underWay.during('open', opening.promise);
  search.resolve('units');
  expect(await finding).toBe('units');
  expect(underWay.name.value).toBe('open');
  opening.resolve(null);
  await opened;
  expect(underWay.name.value).toBe(null);
});

test('nothing is under way after an error, which is passed on', async () => {
  const search = later<null>();
  const underWay = new UnderWay<'find'>();
  const finding = underWay.during('find', search.promise);
  search.reject(new Error('no units'));
  await expect(finding).rejects.toThrow('no units');
  expect(underWay.name.value).toBe(null);
});
