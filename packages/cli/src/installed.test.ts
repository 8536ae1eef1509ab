import { afterEach, describe, expect, test } from 'vitest';
import { installationAt, invoked, lineToInstall, loadPackage, typed } from './installed.ts';
import { errorText, speak } from './language/index.ts';

afterEach(() => speak('en'));

const inModules = '/node_modules/@unrolled/cli/dist/bundle';

describe('how the command was installed', () => {
  test.each([
    ['npx', `/home/ann/.npm/_npx/0a1b2c${inModules}`, '/home/ann/data'],
    ['npx', `/home/ann/.npm/_npx/0a1b2c${inModules}`, '/home/ann'],
    ['project', `/home/ann/rnn${inModules}`, '/home/ann/rnn'],
    ['project', `/home/ann/rnn${inModules}`, '/home/ann/rnn/data/..more'],
    ['project', inModules, '/data'],
    ['project', '/home/ann/clone/packages/cli/src', '/home/ann'],
    ['machine', `/usr/local/lib${inModules}`, '/home/ann/rnn'],
    ['machine', `/home/ann/.nvm/versions/node/v22/lib${inModules}`, '/home/ann'],
  ])('%s: %s, called in %s', (how, at, cwd) => {
    expect(installationAt(at, cwd)).toBe(how);
  });

  test('decides what is suggested', () => {
    const args = ['train', 'classify', 'a b.csv', '--where', 'stars <> 3'];
    expect(lineToInstall('@duckdb/node-api', 'npx', args)).toBe(
      'npx -p @unrolled/cli -p @duckdb/node-api unrolled train classify "a b.csv" --where "stars <> 3"',
    );
    expect(lineToInstall('@duckdb/node-api', 'project', args)).toBe('npm install @duckdb/node-api');
    expect(lineToInstall('@duckdb/node-api', 'machine', args)).toBe('npm install --global @duckdb/node-api');
    expect([invoked('npx'), invoked('project'), invoked('machine')]).toEqual([
      'npx @unrolled/cli',
      'npx unrolled',
      'unrolled',
    ]);
  });
});

test.each([
  ['unrolled train text my.txt', 'npx @unrolled/cli train text my.txt'],
  ['mpirun -n 4 npx unrolled sweep sweep.json', 'mpirun -n 4 npx @unrolled/cli sweep sweep.json'],
  ['cat lines.txt | unrolled predict runs/unrolled -', 'cat lines.txt | npx @unrolled/cli predict runs/unrolled -'],
])('%s is typed as this command was started', (line, shown) => {
  expect(typed(line, 'npx')).toBe(shown);
});

describe('a package that is optional', () => {
  const failing = (message: string, code?: string) => () => Promise.reject(Object.assign(new Error(message), { code }));
  const missing = failing("Cannot find package '@duckdb/node-api' imported from /a.js", 'ERR_MODULE_NOT_FOUND');

  test('is what it is where it is there', async () => {
    expect(await loadPackage('any', 'a test', () => Promise.resolve(7))).toBe(7);
  });

  test('that is missing: who needs it, and the line to type, in both languages', async () => {
    const error = (await loadPackage('@duckdb/node-api', 'reading Parquet', missing).catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ name: 'UnrolledError', code: 'missing' });
    expect(error.message).toBe(
      'reading Parquet needs @duckdb/node-api, which is not installed:\n  npm install @duckdb/node-api',
    );
    await speak('ko');
    expect(errorText(error)).toBe(
      'Parquet 읽기에는 @duckdb/node-api가 필요한데 설치되어 있지 않습니다. 이렇게 설치하세요:\n  npm install @duckdb/node-api',
    );
  });

  test.each([
    ['of another machine', failing('x.node: wrong ELF class\nand more'), 'x.node: wrong ELF class'],
    [
      'that misses a part',
      failing("Cannot find package '@duckdb/node-bindings' imported from /a.js", 'ERR_MODULE_NOT_FOUND'),
      "Cannot find package '@duckdb/node-bindings' imported from /a.js",
    ],
  ])('%s is not called missing', async (_, load, reason) => {
    await expect(loadPackage('@duckdb/node-api', '--where', load)).rejects.toThrow(
      `--where needs @duckdb/node-api, which cannot be loaded: ${reason}`,
    );
  });
});
