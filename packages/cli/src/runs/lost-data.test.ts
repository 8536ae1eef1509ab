import { OptionError } from 'unrolled';
import { describe, expect, test } from 'vitest';
import { MissingError } from '../files/index.ts';
import type { RunConfig } from './config.ts';
import { orLostData } from './lost-data.ts';

const saved = { path: 'runs/my run', config: { data: { paths: ['/gone/a.csv'], validation: 'b.csv, c.csv' } } };
const asked = (error: unknown, instead: string | null = '--file …') =>
  orLostData('eval', { ...saved, config: saved.config as unknown as RunConfig }, instead, () => Promise.reject(error))
    .then(() => expect.fail('it gave an answer'))
    .catch((thrown: unknown) => thrown);
const messageOf = async (...args: Parameters<typeof asked>) => ((await asked(...args)) as Error).message;

describe('data of a run that are not there', () => {
  test('a whole path says itself where it was looked for', async () => {
    expect(await messageOf(new MissingError('data', '/gone/a.csv'))).toBe(
      'eval: /gone/a.csv: the run was trained on it, and there is no such file; ' +
        'bring it back, or name other data: npx unrolled eval "runs/my run" --file …',
    );
  });

  test('one of several in a text, named from here', async () => {
    expect(await messageOf(new MissingError('data', 'c.csv'), null)).toBe(
      `eval: c.csv: the run was trained on it, and there is no such file (looked in ${process.cwd()}); bring it back`,
    );
  });

  test.each([
    ['another fault, though a file of the run is gone', new OptionError('eval', '--length', 'expected a number')],
    ['a file that is none of the run', new MissingError('vectors', 'glove.txt')],
    ['an error of any other class', new TypeError('x')],
  ])('%s stays what it is', async (_, error) => {
    expect(await asked(error)).toBe(error);
  });
});
