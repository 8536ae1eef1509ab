// What a task of the command costs, as docs/architecture.md says: four files and a pipeline, a file for each further thing it can do, and a line in
// each of four lists. What costs more is listed here with its reason.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, describe, test } from 'vitest';
import { kinds } from '../packages/cli/src/tasks.ts';
import { importGraph } from './import-graph.ts';
import { root } from './snippets.ts';

const cli = join(root, 'packages/cli/src');
const needed = ['config.ts', 'data.ts', 'kind.ts', 'options.ts'];
const further = ['evaluate.ts', 'inspect.ts', 'predict.ts', 'view.ts'];

/** What a task has besides, and why. */
const more: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  text: {
    'cache.ts': 'eval with a cache of what was read lately',
    'tokens.ts': 'characters, or tokens of a tokenizer that is trained on the text',
  },
  classify: {
    'labels.ts': 'one label, or any number of them',
  },
  tag: {
    'characters.ts': 'the characters of a word next to its embedding',
    'encode.ts': 'tokens and their tags become sequences of one length',
  },
  translate: { 'tokens.ts': 'two tokenizers, shared or one for each side' },
  caption: { 'draw.ts': 'attention maps over images, as a page or a file' },
  vqa: {
    'answers.ts': 'questions about one image are answered together',
    'draw.ts': 'attention maps over images, as a page or a file',
  },
  video: { 'answers.ts': 'labels of clips and of frames have two forms' },
  memory: { 'problem.ts': 'its data are a formula, which is all of its configuration' },
};

/** Tables of time are read as nothing else is: times, calendars, gaps, decimal marks, several series. */
const reading = 'forecast';

/** Files of a task that are not there, and why. */
const without: Readonly<Record<string, readonly string[]>> = {
  memory: ['config.ts', 'data.ts'], // problem.ts is both
};

const filesOf = (task: string) =>
  readdirSync(join(cli, task)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));

describe.each(kinds.map(({ name }) => name))('train %s', (task) => {
  const files = filesOf(task);

  test('is four files, and one for each further thing that it can do', () => {
    expect(needed.filter((name) => !files.includes(name))).toEqual(without[task] ?? []);
    if (task === reading) return;
    const rest = files.filter((name) => !needed.includes(name) && !further.includes(name));
    expect(rest.sort()).toEqual(Object.keys(more[task] ?? {}).sort());
  });

  test('is known by name in one list, and to commands of its own', () => {
    const importing = Array.from(importGraph(cli)).filter(
      ([file, imports]) => !file.startsWith(`${task}/`) && imports.some((path) => path.startsWith(`${task}/`)),
    );
    expect(
      importing.map(([file]) => file).filter((file) => file !== 'tasks.ts' && !file.startsWith('commands/')),
    ).toEqual([]);
  });
});

test('the page names what is measured here', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const row = page.split('\n').find((line) => line.startsWith('| a task of the command |')) ?? '';
  for (const name of [...needed, ...further]) expect(row).toContain(`\`${name}\``);
  for (const list of ['pipelines/index.ts', 'pipelines/tasks.ts', 'packages/cli/src/tasks.ts', 'runs/fields.ts'])
    expect(row).toContain(`\`${list}\``);
});
