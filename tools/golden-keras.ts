// Models for golden-keras.py: those whose layers branch, so that their order is not plain.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportModel } from '../packages/convert/src/export-model.ts';
import { exportedModel } from '../test/layer-exports.ts';

const folder = process.argv[2];
const branching = [
  ['language model, residual blocks', 'model-states.keras'],
  ['classifier, pooling attention in both directions', 'model.keras'],
  ['classifier, pooling max in both directions', 'model.keras'],
  ['memory problem, LSTM', 'model-states.keras'],
  ['numbers, linear skip and quantiles', 'model.keras'],
  ['numbers, known inputs', 'model.keras'],
  ['numbers, recursive', 'model.keras'],
  ['numbers, reversible, recursive, each channel alone', 'model.keras'],
  ['translator, additive', 'model-decoder.keras'],
  ['captioner, soft, from images', 'model-encoder.keras'],
  ['questions, product', 'model.keras'],
  ['video, a class', 'model.keras'],
];
const paths: Record<string, string> = {};
mkdirSync(folder, { recursive: true });
for (const [k, [name, file]] of branching.entries()) {
  const { files } = await exportModel(exportedModel(name), 'keras');
  writeFileSync(join(folder, `${k}.keras`), files.get(file) as Uint8Array);
  paths[`${name}: ${file}`] = `${k}.keras`;
}
writeFileSync(join(folder, 'models.json'), JSON.stringify(paths));
