// `unrolled import <file> --out runs/mine`: a model of another system as a run folder. Its network is certified before anything is written.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate, ImportedModel, RunParts } from '@unrolled/convert';
import { FormatError, openRun, OptionError } from 'unrolled';
import { decodeText } from 'unrolled/data';
import type { Values } from '../command-line/options.ts';
import type { CommandSpec } from '../command-line/program.ts';
import { importOptions } from '../command-line/model-file-options.ts';
import { readNamed, sha256Of } from '../files/index.ts';
import { RunFolder } from '../run-folder.ts';
import { stdout, type Style, styleFor, table, visible } from '../terminal/index.ts';
import { chooseBackend } from './compute.ts';
import { importedConfig } from './imported-config.ts';
import { readOptionsOf } from './model-file.ts';
import { t } from '../language/index.ts';

export const importModel: CommandSpec<typeof importOptions> = {
  name: 'import',
  summary: 'make a run folder of a model of PyTorch, Keras, TensorFlow.js or ONNX',
  args: [['<file>', 'the model file, or a folder with the files of one model; with --verify a run folder']],
  options: importOptions,
  examples: [
    'unrolled import model.pt --chain "lstm last relu fc" --out runs/mine',
    'unrolled import chars.pt --chain "embedding lstm fc" --task text-generation --vocabulary vocab.json --out runs/chars',
    'unrolled predict runs/mine input.json',
    'unrolled import runs/mine --verify',
  ],
  async run(values, [path]) {
    const { out, force, json, verify } = values;
    if (verify) return verifyImported(path, values);
    if (out === null) throw new OptionError('import', '--out', 'name the run folder to write, as --out runs/mine');
    await chooseBackend(values);
    const { certify, readModel } = await import('@unrolled/convert');
    const model = await readModel(path, readOptionsOf('import', values));
    const certificate = certify(model, { sha256: sha256Of(path) });
    const parts = await partsOf(model, certificate, values);
    const contents = { config: importedConfig(parts.config), ...parts.contents, certificate: parts.certificate };
    const folder = await RunFolder.create(out, contents, { replace: force });
    try {
      await folder.saveCheckpoint({ step: 0, model: parts.weights, training: new Map(), state: {}, best: true });
    } finally {
      await folder.close();
    }
    if (!json) for (const line of linesOf(parts.certificate, out, styleFor(process.stdout))) stdout.write(`${line}\n`);
    return json ? { run: out, task: parts.config.task, certificate: parts.certificate } : null;
  },
};

/** The run of the task that was asked for; a network that is none of its models becomes a run of tensors, and a warning says why. */
async function partsOf(
  model: ImportedModel,
  certificate: Certificate,
  values: Values<typeof importOptions>,
): Promise<RunParts> {
  const { ownRun, tensorsRun } = await import('@unrolled/convert');
  const { task, vocabulary, labels, unit, lowercase, maxLength, window, padding } = values;
  if (task === 'tensors') return tensorsRun(model, certificate);
  const file = (name: string | null) => name !== null && { text: decodeText(readNamed(name), name), source: name };
  const run = ownRun(model, certificate, {
    task,
    vocabulary: file(vocabulary) || null,
    labels: file(labels) || null,
    ...(unit !== null && { unit }),
    lowercase,
    maxTokens: maxLength,
    window,
    padding,
  });
  if (typeof run !== 'string') return run;
  model.report.warn(
    t`it is no model of ${task}: ${run}`,
    null,
    t('it became a run of tensors, which unrolled predict runs'),
  );
  return tensorsRun(model, certificate);
}

/** Replays the certificate of a run. */
async function verifyImported(path: string, values: Values<typeof importOptions>): Promise<object | null> {
  await chooseBackend(values);
  const { verifyRun } = await import('@unrolled/convert');
  const run = await openRun(path);
  const { certificate, error } = verifyRun(run, certificateIn(path));
  const [now, then] = [error, certificate.error].map(({ relative }) => relative.toExponential(1));
  if (!values.json)
    stdout.write(t`${path}: ${count(certificate.vectors)}, relative error ${now} (${then} when it was imported)\n`);
  return values.json ? { run: path, error, certified: certificate.error } : null;
}

function certificateIn(path: string): unknown {
  const file = join(path, 'certificate.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    throw new FormatError(file, 'expected the certificate of an imported run; unrolled import writes one', { cause });
  }
}

const count = (vectors: readonly unknown[]) =>
  vectors.length === 1 ? t('1 test vector') : t`${vectors.length} test vectors`;

/** The certificate as a table. */
export function linesOf(
  { source, decisions, warnings, skipped, vectors, error }: Certificate,
  out: string,
  style: Style,
): string[] {
  const rows: (readonly string[])[] = [
    [t('imported'), t`${source.name} (${source.format}) to ${out}`],
    [
      t('certified'),
      t`${count(vectors)}, largest error ${error.absolute.toExponential(1)}, relative ${error.relative.toExponential(1)}`,
    ],
    ...decisions.map(({ what, where, choice }) => [what, where === null ? choice : `${where}: ${choice}`]),
    ...(skipped.length > 0 ? [[t('skipped'), t`${skipped.length}, listed in certificate.json`]] : []),
  ];
  const lines = table(rows).map((line) => visible(line));
  return [...lines, ...warnings.map(({ what, advice }) => style.yellow(visible(`${what}; ${advice}`)))];
}
