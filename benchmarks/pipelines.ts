// What asking costs: `npm run bench:pipelines` prints
//
//   the time of `predict` on 10,000 texts next to that of the same forward passes in a loop,
//   the time from the start of a process to the first answer of a run of 1 MB,
//   the size of one pipeline in a page, after Vite's tree shaking and gzip, without WASM.
//
// Times are the least of several: what else the machine does only adds to them.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { indices, manualSeed, noGrad, scope, SequenceClassifier } from 'unrolled';
import { writeSafetensors } from 'unrolled/io';
import { padSequences, syntheticData, Tokenizer } from 'unrolled/data';
import { textClassification } from 'unrolled/pipelines';
import { printPageSizes } from './page-sizes.ts';

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

async function throughput(texts: readonly string[]): Promise<void> {
  const run = await textClassification(folder);
  const { tokenizer } = run;
  const model = run.model as SequenceClassifier; // trained here
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
  const [a, b] = [Math.min(...own), Math.min(...bare)];
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
  writeFileSync(join(folder, 'empty.mjs'), '');
  /** Milliseconds of the clock and of the processor, the least of ten. */
  const least = (file: string) => {
    const runs = Array.from({ length: 10 }, () => {
      const start = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', join(folder, 'cpu.mjs'), file], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      return [performance.now() - start, Number(stdout)];
    });
    return [0, 1].map((k) => Math.min(...runs.map((times) => times[k])).toFixed(0));
  };
  writeFileSync(
    join(folder, 'cpu.mjs'),
    `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(String((user + system) / 1000));
});`,
  );
  const [first, cpu] = least(program);
  const [none, noneCpu] = least(join(folder, 'empty.mjs'));
  console.log(`first answer of a fresh process: ${first} ms (processor: ${cpu} ms)`);
  console.log(`a process that does nothing: ${none} ms (processor: ${noneCpu} ms)`);
}

try {
  await throughput(makeRun());
  coldStart();
  await printPageSizes();
} finally {
  rmSync(folder, { recursive: true });
}
