// Exported weights come back equal to the bit, and PyTorch gives the library's numbers with the module that goes with them.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cellNames,
  Forecaster,
  LanguageModel,
  manualSeed,
  MemoryModel,
  Seq2Seq,
  SequenceClassifier,
  SequenceTagger,
} from 'unrolled';
import { describe, expect, test } from 'vitest';
import { exportedModels } from '../../../../../test/exported-models.ts';
import { trained } from '../../../../../test/trained.ts';
import { computeInFloat64, exportedNetwork, seededInputs } from '../../export/export-model.ts';
import { type ExportedModel, exportModel, type LibraryModel, verifyWeights } from '../../export-model.ts';
import { readModel } from '../../read-model.ts';
import { describeUnless, python, withoutPython } from '../../../../../test/needs.ts';

const formats = [
  ['pytorch', 'model.pt'],
  ['safetensors', 'model.safetensors'],
  ['npz', 'model.npz'],
] as const;

describe.each(formats)('%s', (format, file) => {
  test('has every weight, equal to the bit, and the numbers of the certificate', async () => {
    manualSeed(1);
    const models = [
      new LanguageModel(7, { hiddenSize: 4, tieWeights: true }),
      new Forecaster({ channels: 2, length: 6, horizon: 2, hiddenSize: 3 }),
    ];
    for (const model of models) {
      const { files, certificate } = await exportModel(model.eval(), format);
      const bytes = files.get(file) as Uint8Array;
      const { arrays } = await readModel(bytes);
      for (const [name, { shape, data }] of model.stateDict()) {
        expect([name, arrays.get(name)?.shape]).toEqual([name, shape]);
        expect(arrays.get(name)?.values()).toEqual(data);
      }
      expect((await verifyWeights(model.config, bytes, certificate)).relative).toBe(certificate.error.relative);
    }
  });

  test('weights that are others are noticed', async () => {
    manualSeed(2);
    const [model, other] = [new MemoryModel(2, 1), new MemoryModel(2, 1)];
    const { certificate } = await exportModel(model.eval(), format);
    const { files } = await exportModel(other.eval(), format);
    const asked = verifyWeights(model.config, files.get(file) as Uint8Array, certificate, 'other');
    await expect(asked).rejects.toThrow(/other: test vectors: expected a relative error of at most/);
  });
});

test('vectors of a graph that the model has not, or without an input, are refused', async () => {
  const model = new Seq2Seq({ sourceVocabulary: 5, targetVocabulary: 6, hiddenSize: 3 }).eval();
  const { files, certificate } = await exportModel(model, 'safetensors');
  const asked = (part: string, vector: object) =>
    verifyWeights(model.config, files.get('model.safetensors') as Uint8Array, {
      ...certificate,
      vectors: [{ part, inputs: {}, outputs: {}, from: 'a stranger', ...vector }],
    });
  await expect(asked('__proto__', {})).rejects.toThrow(
    'test vectors: expected a graph, one of encoder, decoder, got __proto__',
  );
  await expect(asked('encoder', {})).rejects.toThrow('test vectors: input input: expected an array, got none');
});

/** An export with more vectors in its certificate: a batch of 1, and one of 7 in which some rows have length 0. */
async function withVectors(model: LibraryModel, format: 'pytorch' | 'safetensors'): Promise<ExportedModel> {
  const { files, certificate } = await exportModel(model, format);
  const more = Array.from(exportedNetwork(model).graphs).flatMap(([part, graph]) =>
    [
      { batch: 1, time: 9, seed: 3 },
      { batch: 7, time: 4, seed: 4, states: true },
    ].map((sizes) => {
      const inputs = seededInputs(graph, sizes);
      return {
        ...(part !== 'model' && { part }),
        inputs,
        outputs: computeInFloat64(model, part, inputs),
        from: 'test',
      };
    }),
  );
  const whole = { ...certificate, vectors: [...certificate.vectors, ...more] };
  const json = new TextEncoder().encode(JSON.stringify(whole));
  return { files: new Map([...files, ['certificate.json', json]]), certificate: whole };
}

/** What model.py of each export prints, checked in one process: PyTorch takes seconds to load. */
async function checked(exports: readonly ExportedModel[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-export-'));
  const scripts: string[] = [];
  for (const [k, { files }] of exports.entries()) {
    const own = mkdtempSync(join(folder, `${k}-`));
    for (const [name, bytes] of files) writeFileSync(join(own, name), bytes);
    scripts.push(join(own, 'model.py'));
  }
  const runner = 'import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path, run_name="__main__")';
  const out = execFileSync(python, ['-c', runner, ...scripts], { encoding: 'utf8' });
  return out.trim().split('\n');
}

const sizes = { hiddenSize: 5, numLayers: 2 };

function calibrated(): Forecaster {
  const model = new Forecaster({ channels: 2, length: 6, horizon: 3, quantiles: [0.1, 0.5, 0.9] });
  model.spread = 1.75;
  return model;
}

describeUnless(withoutPython('torch'), 'in PyTorch', () => {
  test('every cell and model gives the numbers of its certificate', { timeout: 120_000 }, async () => {
    manualSeed(3);
    const models = [
      ...cellNames.map((cell) => new LanguageModel(7, { cell, ...sizes, embeddingDim: 4 })),
      ...cellNames.map((cell) => new SequenceTagger({ inputSize: 3, classes: 2, cell, ...sizes, bidirectional: true })),
      new LanguageModel(7, { ...sizes, tieWeights: true }),
      new LanguageModel(7, { ...sizes, block: 'residual', cell: 'gru', embeddingDim: 3 }),
      new LanguageModel(7, { ...sizes, block: 'residual', cell: 'mingru', embeddingDim: 0 }),
      ...(['last', 'mean', 'max', 'attention'] as const).map(
        (pooling) => new SequenceClassifier({ vocabularySize: 6, classes: 3, pooling, denseSize: 4, ...sizes }),
      ),
      new MemoryModel(2, 1, { ...sizes, cell: 'lstm' }),
      new Forecaster({ channels: 3, length: 8, horizon: 4, known: 2, perChannel: true, quantiles: [0.1, 0.5, 0.9] }),
      new Forecaster({ channels: 3, length: 8, horizon: 4, normalization: 'reversible', skip: 'linear' }),
      calibrated(),
      new Forecaster({ channels: 2, length: 8, horizon: 3, method: 'recursive', known: 1, numLayers: 2 }),
    ];
    const exports: ExportedModel[] = [];
    for (const [k, model] of [...models, ...Object.values(exportedModels).map((make) => trained(make))].entries())
      exports.push(await withVectors(model.eval() as LibraryModel, k % 2 === 0 ? 'pytorch' : 'safetensors'));
    const lines = await checked(exports);
    expect(lines).toHaveLength(exports.length);
    for (const [k, line] of lines.entries()) {
      expect(line).toMatch(`${exports[k].certificate.vectors.length} test vectors, largest relative error`);
      expect(Number(line.split(' ').at(-1))).toBeLessThan(1e-5);
    }
  });
});
