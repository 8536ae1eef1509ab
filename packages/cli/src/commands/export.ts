// `unrolled export <run> --to onnx`: the model of a run in a format of another system, with a certificate next to it.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate, verifyOutputs } from '@unrolled/convert';
import { modelOf, OptionError } from 'unrolled';
import { type ModelPart, modelPart, type RunConfigFile, upgradeConfig } from 'unrolled/pipelines';
import type { CommandSpec } from '../command-line/program.ts';
import { exportFormats, exportOptions } from '../command-line/model-file-options.ts';
import { optionsOfModel } from '../runs/config.ts';
import { openSaved } from '../runs/saved.ts';
import { loadPackage } from '../installed.ts';
import { stderr, stdout, styleFor, table, visible } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import { chooseBackend } from './compute.ts';
import { t } from '../language/index.ts';

/** The file of each format that holds the weights; null where every network has its own. */
const weightFiles = {
  onnx: 'model.onnx',
  pytorch: 'model.pt',
  safetensors: 'model.safetensors',
  keras: null,
  tfjs: null,
  npz: 'model.npz',
} as const satisfies Record<(typeof exportFormats)[number], string | null>;

export const exportModelCommand: CommandSpec<typeof exportOptions> = {
  name: 'export',
  summary: 'write the model of a run for ONNX, PyTorch, Keras, TensorFlow.js or NumPy, with a certificate',
  args: [['<run>', 'the run folder']],
  options: exportOptions,
  examples: [
    'unrolled export runs/my --to onnx',
    'unrolled export runs/my --to pytorch --out for-pytorch --verify',
    'unrolled export runs/my --to keras --verify',
    'unrolled export runs/my --to safetensors --json',
  ],
  async run({ to, out, checkpoint, verify, force, json, quiet, ...compute }, [path]) {
    if (to === null) throw new OptionError('export', '--to', `name the format to write: ${exportFormats.join(', ')}`);
    const format = to as keyof typeof weightFiles;
    const folder = out ?? `${path.replace(/[/\\]+$/, '')}-${format}`;
    refuseFilled(folder, force);
    await chooseBackend(compute);
    const { exportModel } = await import('@unrolled/convert');
    const saved = await openSaved(path, checkpoint as 'best' | 'last', { ownData: false });
    if (saved.notice && !quiet) stderr.write(`${t(saved.notice)}\n`);
    const { type, config, input } = modelOfRun(path);
    const model = modelOf({ type, ...config } as never)
      .loadStateDict(saved.weights, path)
      .eval();
    const sha256 = createHash('sha256');
    for (const { data } of saved.weights.values())
      sha256.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const { files, certificate } = await exportModel(model, format, { input, sha256: sha256.digest('hex') });
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of files) writeFile(join(folder, name), bytes);
    for (const name of tablesOf(path)) writeFile(join(folder, name), readFileSync(join(path, name)));
    const verified = verify ? await verifyFolder(folder, format, model.config, [...files.keys()]) : null;
    if (!json) for (const line of linesOf(certificate, folder, files, verified)) stdout.write(`${line}\n`);
    return json ? { folder, files: [...files.keys()], certificate, verified } : null;
  },
};

/** The model of a run, in today's names. A memory problem has no input contract: nothing is asked of it. */
function modelOfRun(path: string): Omit<ModelPart, 'input'> & Partial<Pick<ModelPart, 'input'>> {
  const file = upgradeConfig(JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')) as RunConfigFile);
  if (file.task === 'memory') return { type: 'memory-model', config: optionsOfModel(file.model) };
  return modelPart(file, path);
}

/** A folder with files in it is written to only where that was asked for. */
function refuseFilled(folder: string, force: boolean): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new OptionError('export', '--out', `${folder} is a file; name a folder`);
  if (!force && readdirSync(folder).length > 0)
    throw new OptionError('export', '--out', `${folder} is not empty; name another folder, or give --force`);
}

/** Tables of the run that say what ids and classes mean: vocabulary.json, labels.json and the like. */
function tablesOf(path: string): string[] {
  const own = new Set(['config.json', 'index.json', 'certificate.json']);
  return readdirSync(path).filter((name) => name.endsWith('.json') && !own.has(name));
}

/** Computes the certificate's vectors from the files as they are on the disk: with onnxruntime, or with the library's own readers. */
async function verifyFolder(
  folder: string,
  format: keyof typeof weightFiles,
  config: object,
  names: readonly string[],
) {
  const { verifyNetworks, verifyOutputs, verifyWeights } = await import('@unrolled/convert');
  const certificate: unknown = JSON.parse(readFileSync(join(folder, 'certificate.json'), 'utf8'));
  if (format === 'onnx')
    return { by: 'onnxruntime', ...(await verifyOutputs(certificate, await inOnnxruntime(folder))) };
  const bytesOf = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
  const file = weightFiles[format];
  if (file !== null) return { by: 'unrolled', ...(await verifyWeights(config, bytesOf(file), certificate, file)) };
  const files = new Map(names.map((name) => [name, bytesOf(name)]));
  return { by: 'unrolled', ...(await verifyNetworks(files, certificate)) };
}

/** Computes the outputs of a part with onnxruntime, from its file in the folder. */
async function inOnnxruntime(folder: string): Promise<Parameters<typeof verifyOutputs>[1]> {
  const runtime = await onnxruntime();
  const sessions = new Map<string, Session>();
  const sessionOf = async (part: string): Promise<Session> => {
    const known = sessions.get(part);
    if (known) return known;
    const name = part === 'model' ? weightFiles.onnx : `model-${part}.onnx`;
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const session = await runtime.InferenceSession.create(bytes, { logSeverityLevel: 3 });
    sessions.set(part, session);
    return session;
  };
  return async (inputs, _, part) => {
    const session = await sessionOf(part);
    const feeds = Object.entries(inputs).map(([name, { element, shape, values }]) => {
      const data = element === 'float' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
      return [name, new runtime.Tensor(element === 'float' ? 'float32' : 'int64', data, shape)] as const;
    });
    // The state is an input of the file: where a vector has none, it starts at one row of zeros.
    const given = new Set(Object.keys(inputs));
    const zeros = session.inputMetadata
      .filter(({ name }) => !given.has(name))
      .map(({ name, shape = [] }) => {
        const sizes = shape.map((d) => (typeof d === 'number' ? d : 1));
        const size = sizes.reduce((n, d) => n * d, 1);
        return [name, new runtime.Tensor('float32', new Float32Array(size), sizes)] as const;
      });
    const outputs = await session.run(Object.fromEntries([...feeds, ...zeros]));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, data }]) => [
        name,
        { element: 'float', shape: dims, values: Array.from(data, Number) },
      ]),
    );
  };
}

/** The part of onnxruntime-node that is used. It is installed by whoever wants to verify with it. */
interface Runtime {
  readonly InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: string, data: Float32Array | BigInt64Array, shape: readonly number[]) => object;
}

interface Session {
  readonly inputMetadata: readonly { readonly name: string; readonly shape?: readonly (number | string)[] }[];
  run(feeds: object): Promise<Record<string, { dims: readonly number[]; data: ArrayLike<number> }>>;
}

async function onnxruntime(): Promise<Runtime> {
  const name = 'onnxruntime-node';
  return loadPackage(name, 'verifying an ONNX file', async () => (await import(name)) as Runtime);
}

/** The certificate as a table. */
function linesOf(
  { source, target, decisions, vectors, error }: Certificate,
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  verified: { readonly by: string; readonly relative: number } | null,
): string[] {
  const rows: (readonly string[])[] = [
    [t('exported'), t`${source.name} to ${folder} as ${target}: ${[...files.keys()].join(', ')}`],
    ...(vectors.length > 0
      ? [
          [
            t('certified'),
            vectors.length === 1
              ? t`1 test vector, relative error of float32 ${error.relative.toExponential(1)}`
              : t`${vectors.length} test vectors, relative error of float32 ${error.relative.toExponential(1)}`,
          ],
        ]
      : [[t('certified'), t('the weights alone: there are no test vectors')]]),
    ...(verified ? [[t('verified'), t`by ${verified.by}, relative error ${verified.relative.toExponential(1)}`]] : []),
    ...decisions.map(({ what, where, choice }) => [what, where === null ? choice : `${where}: ${choice}`]),
  ];
  const style = styleFor(process.stdout);
  return table(rows, { style }).map((line) => visible(line));
}
