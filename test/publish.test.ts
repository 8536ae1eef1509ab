// What a release refuses to publish, and in which order it does.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './snippets.ts';

interface Packed {
  readonly manifest: Readonly<Record<string, unknown>> & { readonly name: string };
}

const { inOrder, problemsOf } = (await import(join(root, 'tools/publish.mjs'))) as {
  inOrder(packages: readonly Packed[]): readonly Packed[];
  problemsOf(packages: readonly Packed[], tag: string | null): readonly string[];
};

const packed = (name: string, more: object = {}): Packed => ({ manifest: { name, version: '0.2.0', ...more } });
const native = '@unrolled/native-linux-x64';
const all = [
  packed('@unrolled/cli', { dependencies: { unrolled: '0.2.0', '@unrolled/studio': '0.2.0', commander: '14.0.3' } }),
  packed('unrolled', { optionalDependencies: { [native]: '0.2.0' } }),
  packed('@unrolled/studio', { devDependencies: { unrolled: '0.2.0' } }),
  packed(native),
];

test('a package comes after all that it needs', () => {
  expect(inOrder(all).map(({ manifest }) => manifest.name)).toEqual([
    '@unrolled/studio',
    native,
    'unrolled',
    '@unrolled/cli',
  ]);
  const circle = [packed('a', { dependencies: { b: '1' } }), packed('b', { dependencies: { a: '1' } })];
  expect(() => inOrder(circle)).toThrow('a, b depend on one another');
});

test('nothing keeps a whole release back, and a trial needs no addons of other machines', () => {
  expect(problemsOf(all, 'v0.2.0')).toEqual([]);
  expect(problemsOf(all.slice(0, 3), null)).toEqual([]);
});

test.each([
  ['another tag', all.slice(3).concat(all[0]), 'v0.3.0', `${native} is 0.2.0, and the tag is v0.3.0`],
  ['a missing addon', all.slice(0, 3), 'v0.2.0', `unrolled needs ${native} 0.2.0, and there is none`],
  [
    'a missing package',
    [all[0], all[1], all[3]],
    null,
    '@unrolled/cli needs @unrolled/studio 0.2.0, and there is none',
  ],
  [
    'another version',
    [...all.slice(0, 3), packed(native, { version: '0.1.0' })],
    'v0.2.0',
    `needs ${native} 0.2.0, and there is 0.1.0`,
  ],
  [
    'a package of the clone',
    [...all, packed('@unrolled/server', { private: true })],
    null,
    '@unrolled/server is private',
  ],
  ['no command', all.slice(1), null, 'there is no @unrolled/cli, which needs all others'],
])('%s is refused', (_, packages, tag, problem) => {
  expect(problemsOf(packages, tag).join('\n')).toContain(problem);
});
