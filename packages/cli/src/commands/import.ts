// `unrolled import <file> --out runs/mine`: a model of another system as a run folder. Its network is certified before anything is written.

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Certificate } from '@unrolled/convert';
import { OptionError } from 'unrolled';
import type { CommandSpec } from '../command-line/program.ts';
import { importOptions } from '../command-line/tables.ts';
import { RunFolder } from '../run-folder.ts';
import { stdout, type Style, styleFor, table, visible } from '../terminal/index.ts';
import { chooseBackend } from './compute.ts';

export const importModel: CommandSpec<typeof importOptions> = {
  name: 'import',
  summary: 'make a run folder of a model of PyTorch, Keras, TensorFlow.js or ONNX',
  args: [['<file>', 'the model file, or a folder with the files of one model']],
  options: importOptions,
  examples: [
    'unrolled import model.pt --chain "lstm last relu fc" --out runs/mine',
    'unrolled predict runs/mine input.json',
  ],
  async run({ out, format, state, chain, force, json, ...compute }, [path]) {
    if (out === null) throw new OptionError('import', '--out', 'name the run folder to write, as --out runs/mine');
    await chooseBackend(compute);
    const { certify, readModel, tensorsRun } = await import('@unrolled/convert');
    const model = await readModel(path, {
      ...(format !== null && { format }),
      ...(state !== null && { state }),
      ...(chain !== null && { chain }),
    });
    const certificate = certify(model, { sha256: sha256(path) });
    const { config, weights } = tensorsRun(model, certificate);
    const folder = await RunFolder.create(out, { config, certificate }, { replace: force });
    try {
      await folder.saveCheckpoint({ step: 0, model: weights, training: new Map(), state: {}, best: true });
    } finally {
      await folder.close();
    }
    if (!json) for (const line of linesOf(certificate, out, styleFor(process.stdout))) stdout.write(`${line}\n`);
    return json ? { run: out, certificate } : null;
  },
};

/** Of a file; of a folder, none is of all of it. */
function sha256(path: string): string {
  return statSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
}

/** The certificate as a table. */
export function linesOf(
  { source, decisions, warnings, skipped, vectors, error }: Certificate,
  out: string,
  style: Style,
): string[] {
  const rows: (readonly string[])[] = [
    ['imported', `${source.name} (${source.format}) to ${out}`],
    [
      'certified',
      `${vectors.length} test ${vectors.length === 1 ? 'vector' : 'vectors'}, largest error ${error.absolute.toExponential(1)}, relative ${error.relative.toExponential(1)}`,
    ],
    ...decisions.map(({ what, where, choice }) => [what, where === null ? choice : `${where}: ${choice}`]),
    ...(skipped.length > 0 ? [['skipped', `${skipped.length}, listed in certificate.json`]] : []),
  ];
  const lines = table(rows).map((line) => visible(line));
  return [...lines, ...warnings.map(({ what, advice }) => style.yellow(visible(`${what}; ${advice}`)))];
}
