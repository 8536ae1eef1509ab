// Imports point one way: between files there are no circles but those listed here, each with its reason, and between folders none runs up.
// Type imports count: who reads a file has to read what its types come from.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circles, importGraph, upward, withoutImportsOf } from './import-graph.ts';
import { root } from './snippets.ts';

interface Circle {
  /** Without imports of this file there is no circle. */
  readonly hub: string;
  readonly reason: string;
}

interface Package {
  readonly folder: string;
  /** From the lowest to the highest; what stands in one line knows nothing of each other. */
  readonly order: readonly string[];
  readonly circles: readonly Circle[];
}

const packages: Record<string, Package> = {
  'the library': {
    folder: 'packages/unrolled/src',
    order: [
      'encoding.ts',
      'shown.ts',
      'errors.ts',
      'checks.ts',
      'abort.ts context-variable.ts',
      'random.ts',
      'backend',
      'world',
      'tensor',
      'nn',
      'optim',
      'io',
      'graph',
      'data metrics',
      'decode',
      'models',
      'inference',
      'train pipelines',
      'analysis inline layers',
      'index.ts',
      'lessons',
      'browser',
    ],
    circles: [
      {
        hub: 'backend/backend.ts',
        reason: 'a backend hands out storages, and a storage says which backend its memory belongs to',
      },
      {
        hub: 'tensor/tensor.ts',
        reason: 'the ops make tensors, and are the methods of one: x.matmul(w).add(b).tanh()',
      },
    ],
  },
  'the converters': {
    folder: 'packages/convert/src',
    order: [
      'errors.ts limits.ts',
      'bytes',
      'arrays',
      'model',
      'export certificate',
      'source',
      'match',
      'formats',
      'read-model.ts write-model.ts run',
      'export-model.ts',
      'verify-networks.ts',
      'describe.ts',
      'index.ts',
    ],
    circles: [],
  },
  'the server': {
    folder: 'packages/server/src',
    order: [
      'engine',
      'limits.ts version.ts',
      'http',
      'schema',
      'page',
      'routes',
      'options.ts',
      'open-engine.ts',
      'server.ts',
      'index.ts',
      'node.ts',
    ],
    circles: [],
  },
  'the command': {
    folder: 'packages/cli/src',
    order: [
      'decimal.ts interrupt.ts version.ts language shell.ts',
      'installed.ts',
      'terminal',
      'demo-text.ts studio-files.ts',
      'files',
      'write-file.ts',
      'pages',
      'readers',
      'inspect',
      'command-line',
      'run-folder',
      'run-folder.ts',
      'runs',
      'images',
      'examples',
      'series',
      'text',
      'classify',
      'tag',
      'translate',
      'caption',
      'vqa',
      'video',
      'forecast',
      'memory',
      'tasks.ts',
      'demos.ts',
      'sweep',
      'lessons',
      'commands',
      'commands.ts',
      'main.ts',
    ],
    circles: [],
  },
  'the studio': {
    folder: 'packages/studio/src',
    order: [
      'words settings',
      'data',
      'training',
      'ui',
      'charts reading camera',
      'asking',
      'own',
      'opening',
      'store',
      'page',
      'take',
      'workers',
      'state',
      'views',
      'app.tsx',
      'main.tsx',
    ],
    circles: [],
  },
};

describe.each(Object.entries(packages))('%s', (_, { folder, order, circles: allowed }) => {
  const graph = importGraph(join(root, folder));

  test('has imports at all, each of a file that is there', () => {
    const missing = Array.from(graph, ([file, imports]) =>
      imports.filter((path) => !graph.has(path)).map((path) => `${file} → ${path}`),
    ).flat();
    expect(missing).toEqual([]);
    expect(Array.from(graph.values()).flat().length).toBeGreaterThan(graph.size);
  });

  test('imports of folders point one way', () => {
    expect(upward(graph, order)).toEqual([]);
  });

  test('files import one another in no circle that is not listed', () => {
    const rest = allowed.map(({ hub }) => hub).reduce(withoutImportsOf, graph);
    expect(circles(rest)).toEqual([]);
  });

  test('the circles that are listed are there', () => {
    const found = circles(graph);
    expect(found.map((circle) => allowed.filter(({ hub }) => circle.includes(hub)).length)).toEqual(found.map(() => 1));
    expect(found.length).toBe(allowed.length);
  });
});

test('there are at most three circles', () => {
  expect(Object.values(packages).flatMap((one) => one.circles).length).toBeLessThanOrEqual(3);
});

describe('the test itself', () => {
  test('finds a circle, and none in a graph without one', () => {
    const line: [string, string[]][] = [
      ['a/1.ts', ['b/2.ts', 'c/3.ts']],
      ['b/2.ts', ['c/3.ts']],
      ['c/3.ts', []],
    ];
    expect(circles(new Map(line))).toEqual([]);
    expect(circles(new Map([...line, ['c/3.ts', ['a/1.ts']]]))).toEqual([['a/1.ts', 'b/2.ts', 'c/3.ts']]);
    expect(circles(withoutImportsOf(new Map([...line, ['c/3.ts', ['a/1.ts']]]), 'a/1.ts'))).toEqual([]);
  });

  test('finds an import that runs up, and one between neighbors', () => {
    const graph = new Map([
      ['a/1.ts', ['a/2.ts', 'b/3.ts']],
      ['b/3.ts', ['a/2.ts', 'c/4.ts']],
    ]);
    expect(upward(graph, ['a', 'b c'])).toEqual(['a/1.ts → b/3.ts', 'b/3.ts → c/4.ts']);
    expect(() => upward(graph, ['a', 'b'])).toThrow('c/4.ts: c has no place in the order');
  });
});
