// `unrolled describe <file>`: what is in a model file of any system, without running anything of it.

import type { ModelDescription } from '@unrolled/convert';
import type { CommandSpec } from '../command-line/program.ts';
import { describeOptions } from '../command-line/model-file-options.ts';
import { readOptionsOf } from './model-file.ts';
import { compact, grouped, stdout, type Style, styleFor, table, visible } from '../terminal/index.ts';
import { t } from '../language/index.ts';

export const describe: CommandSpec<typeof describeOptions> = {
  name: 'describe',
  summary: 'print what a model file of PyTorch, Keras, TensorFlow.js or ONNX holds, without running anything',
  args: [['<file>', 'the model file, or a folder with the files of one model']],
  options: describeOptions,
  examples: [
    'unrolled describe model.pt',
    'unrolled describe model.onnx --json',
    'unrolled describe weights.bin --format pytorch',
    'unrolled describe model.onnx --gru as-trained',
  ],
  async run(values, [path]) {
    const { describeModel } = await import('@unrolled/convert');
    const { arrays, json } = values;
    const found = await describeModel(path, readOptionsOf('describe', values));
    if (!json) for (const line of linesOf(found, arrays, styleFor(process.stdout))) stdout.write(`${line}\n`);
    return json ? found : null;
  },
};

const mostRows = 200; // of a section; --json has all

/** The description in lines. Names come from the file: nothing in them may move the cursor. */
export function linesOf(found: ModelDescription, withArrays: boolean, style: Style): string[] {
  const { source, format, producer, layers, arrays, parameters, inputs, outputs } = found;
  const head: [string, string][] = [
    [t('file'), source],
    [t('format'), producer === null ? format : t`${format}, written by ${producer}`],
    [
      t('holds'),
      arrays.length === 1
        ? t`1 tensor, ${compact(parameters)} numbers`
        : t`${grouped(arrays.length)} tensors, ${compact(parameters)} numbers`,
    ],
    [
      t('network'),
      found.network
        ? `${inputs.join(', ')} → ${outputs.join(', ')}`
        : found.problems.length > 0
          ? t('none: parts of it do not convert')
          : format === 'keras-h5'
            ? t('none: weights alone; --architecture gives the configuration that model.to_json() writes')
            : t('none: weights alone; --chain says how their layers follow one another'),
    ],
  ];
  const section = (title: string, rows: readonly (readonly (string | number)[])[], header?: readonly string[]) => {
    if (rows.length === 0) return [];
    const shown = table(rows.slice(0, mostRows), { header, style });
    const more = rows.length > mostRows ? [style.dim(t`… and ${rows.length - mostRows} more (--json prints all)`)] : [];
    return ['', style.bold(title), ...shown, ...more];
  };
  const lines = [
    ...table(head),
    ...section(
      'layers',
      layers.map((layer) => [layer.name || t('(the model itself)'), layer.kind, layer.settings, layer.parameters]),
      [t('name'), 'kind', 'settings', 'parameters'],
    ),
    ...section(
      'tensors',
      withArrays ? arrays.map(({ name, element, shape }) => [name, element, `[${shape.join(', ')}]`]) : [],
      [t('name'), 'type', 'shape'],
    ),
    ...section(
      'decisions',
      found.decisions.map(({ what, where, choice, why }) => [what, where ?? '', choice, why]),
    ),
    ...section(
      'warnings',
      found.warnings.map(({ what, where, advice }) => [where ?? '', what, advice]),
    ),
    ...section(
      'skipped',
      found.skipped.map(({ what, where, why }) => [where ?? '', what, why]),
    ),
    ...section(
      t('does not convert'),
      found.problems.map(({ where, expected, got, advice }) => [
        where ?? '',
        t`expected ${expected}, got ${got}`,
        advice ?? '',
      ]),
    ),
  ];
  return lines.map((line) => visible(line, { colors: true }));
}
