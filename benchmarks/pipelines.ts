// What asking costs: `npm run bench:pipelines` prints
//
//   the time of `predict` on 10,000 texts next to that of the same forward passes in a loop,
//   the time from the start of a process to the first answer of a run of 1 MB,
//   the size of one pipeline in a page, after tree shaking and gzip, without WASM.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { indices, manualSeed, noGrad, scope, SequenceClassifier, writeSafetensors } from 'unrolled';
import { syntheticData, padSequences, Tokenizer } from 'unrolled/data';
import { textClassification } from 'unrolled/pipelines';

const packageFolder = fileURLToPath(new URL('../packages/unrolled/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'unrolled-pipelines-'));
const batch = 128;

/** An untrained classifier of about 1 MB as a run. */
function makeRun(): string[] {
  const texts = syntheticData.sentiment.make(10_000, 1).map(({ text }) => text);
  const tokenizer = Tokenizer.train(texts, { unit: 'word' });
  manualSeed(1);
  const options = {
    vocabularySize: tokenizer.size,
    classes: 2,
    cell: 'gru',
    hiddenSize: 128,
    bidirectional: true,
  } as const;
  const model = new SequenceClassifier(options);
  const bytes = writeSafetensors(model.stateDict());
  const checkpoint = join(folder, 'checkpoints', '000001-step-1');
  mkdirSync(checkpoint, { recursive: true });
  writeFileSync(join(checkpoint, 'model.safetensors'), bytes);
  const save = (name: string, content: unknown) => writeFileSync(join(folder, `${name}.json`), JSON.stringify(content));
  save('tokenizer', tokenizer.toJSON());
  save('labels', ['negative', 'positive']);
  const data = { longest: 100 };
  const training = { maxLength: 400 };
  save('config', { format: 'unrolled run', version: 1, task: 'classify', model: model.config, training, data });
  console.log(`a run of ${(bytes.length / 2 ** 20).toFixed(2)} MB, ${texts.length} texts`);
  return texts;
}

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

async function throughput(texts: readonly string[]): Promise<void> {
  const run = await textClassification(folder);
  const { model, tokenizer } = run;
  /** The same forward passes in the same batches: texts of about one length together. */
  const loop = () => {
    const encoded = texts.map((text) => tokenizer.encode(text)).sort((a, b) => b.length - a.length);
    for (let from = 0; from < encoded.length; from += batch)
      scope(() =>
        noGrad(() => {
          const { ids, lengths, T, B } = padSequences(encoded.slice(from, from + batch));
          model
            .forward(indices(ids, [T, B]), { lengths })[0]
            .softmax()
            .dataSync();
        }),
      );
  };
  const [own, bare]: [number[], number[]] = [[], []];
  for (let n = 0; n < 7; n++) {
    let start = performance.now();
    loop();
    bare.push(performance.now() - start);
    start = performance.now();
    await run.predict(texts);
    own.push(performance.now() - start);
  }
  const [a, b] = [median(own), median(bare)];
  console.log(`predict: ${a.toFixed(0)} ms, the forward passes in a loop: ${b.toFixed(0)} ms, ${(a / b).toFixed(2)}×`);
}

function coldStart(): void {
  const program = join(folder, 'first.mjs');
  writeFileSync(
    program,
    `import { openRun } from ${JSON.stringify(`${packageFolder}dist/node.js`)};
const run = await openRun(${JSON.stringify(folder)});
const [answer] = await run.predict(['a lovely video']);
if (!answer.label) throw new Error('no answer');`,
  );
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return performance.now() - start;
  });
  console.log(`first answer of a fresh process: ${median(times).toFixed(0)} ms`);
}

async function sizes(): Promise<void> {
  const program = join(folder, 'page.js');
  const names = ['textClassification', 'textGeneration', 'tokenClassification', 'translation', 'imageToText'];
  for (const name of [...names, 'visualQuestionAnswering', 'videoClassification', 'timeSeriesForecasting', 'openRun']) {
    writeFileSync(
      program,
      `import { ${name} } from ${JSON.stringify(`${packageFolder}dist/index.js`)};\nconsole.log(${name});\n`,
    );
    const bundle = await rolldown({ input: program, platform: 'browser', logLevel: 'silent', treeshake: true });
    const { output } = await bundle.generate({ format: 'esm', minify: true });
    await bundle.close();
    const chunks = output.flatMap((file) => (file.type === 'chunk' ? [gzipSync(file.code).length] : []));
    const [first, ...others] = chunks;
    const rest =
      others.length > 0 ? `, and ${others.length} chunks of which one or more are loaded when a run is opened` : '';
    console.log(
      `${name}: ${(first / 1000).toFixed(0)} kB gzip${rest}${others.length > 0 ? ` (all: ${(chunks.reduce((a, b) => a + b) / 1000).toFixed(0)} kB)` : ''}`,
    );
  }
}

try {
  await throughput(makeRun());
  coldStart();
  await sizes();
} finally {
  rmSync(folder, { recursive: true });
}
