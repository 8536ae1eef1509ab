// `train classify` and `train tag` on numbers, and what asks their runs: the same sequences from every layout that is read.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { createServer } from '@unrolled/server';
import { openRun } from 'unrolled';
import { timeSeriesClassification } from 'unrolled/pipelines';
import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess as unrolled, workFolder } from './in-process.ts';
import { processorTime } from './processor-time.ts';

const at = workFolder('series');
const small = ['--hidden', '8', '--batch', '8', '--steps', '40', '--lr', '0.02', '--no-check', '--no-bidirectional'];

/** Twenty-four sequences of two features and 3 to 6 steps: up rises, down falls. */
const sequences = Array.from({ length: 24 }, (_, n) => {
  const label = n % 2 ? 'up' : 'down';
  const steps = 3 + (n % 4);
  const rows = Array.from({ length: steps }, (_step, t) => [
    (n % 2 ? t : -t) + Math.sin(n + t) / 4,
    100 + 10 * Math.cos(3 * n + t),
  ]);
  return { id: `s${n}`, label, rows, person: `p${n % 6}`, tags: rows.map((_row, t) => (t < 2 ? 'begin' : label)) };
});

/** As numpy writes an array. */
function npy(shape: readonly number[], data: Float32Array | Uint32Array, descr: string): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117) + '\n';
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0, ...Buffer.from(header), ...bytes]);
}

/** `texts` as <U5. */
function texts(shape: readonly number[], all: readonly string[]): Uint8Array {
  const codes = new Uint32Array(5 * all.length);
  for (const [n, text] of all.entries()) for (const [k, c] of Array.from(text).entries()) codes[5 * n + k] = c.charCodeAt(0); // biome-ignore format: a line
  return npy(shape, codes, '<U5');
}

function zip(files: Readonly<Record<string, Uint8Array>>, sizeOf = (bytes: Uint8Array) => bytes.length): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(sizeOf(bytes), 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), packed]);
    const central = Buffer.alloc(46);
    central.write('PK\x01\x02', 'latin1');
    central.writeUInt16LE(20, 4);
    common.copy(central, 6, 0, 26);
    central.writeUInt32LE(offset, 42);
    directory.push(central, Buffer.from(name));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

const longest = 6;
const csv = (rows: readonly (readonly unknown[])[]) => `${rows.map((row) => row.join(',')).join('\n')}\n`;
const long = (label: 'label' | 'tags') =>
  csv([
    ['series_id', 'person', 't', 'x', 'y', label],
    ...sequences.flatMap(({ id, person, rows, label: one, tags }) =>
      rows.map((row, t) => [id, person, t, ...row, label === 'label' ? one : tags[t]]),
    ),
  ]);
/** [N, 6, 2] with NaN behind the last step. */
const padded = Float32Array.from(
  sequences.flatMap(({ rows }) => Array.from({ length: longest }, (_, t) => rows[t] ?? [NaN, NaN]).flat()),
);

beforeAll(() => {
  writeFileSync(at('long.csv'), long('label'));
  writeFileSync(at('steps.csv'), long('tags'));
  writeFileSync(at('lists.jsonl'), sequences.map(({ label, rows, tags }) => JSON.stringify({ label, tags, x: rows.map(([x]) => x), y: rows.map(([, y]) => y) })).join('\n')); // biome-ignore format: a line
  const array = { 'x.npy': npy([24, longest, 2], padded, '<f4') };
  writeFileSync(at('arrays.npz'), zip({ ...array, 'y.npy': texts([24], sequences.map(({ label }) => label)) })); // biome-ignore format: a line
  const stepLabels = sequences.flatMap(({ tags }) => Array.from({ length: longest }, (_, t) => tags[t] ?? ''));
  writeFileSync(at('steps.npz'), zip({ ...array, 'y.npy': texts([24, longest], stepLabels) }));
  writeFileSync(at('X_train.npy'), array['x.npy']);
  writeFileSync(
    at('y_train.npy'),
    npy(
      [24],
      Float32Array.from(sequences, (_, n) => n % 2),
      '<f4',
    ),
  );
  for (const { id, label, rows } of sequences) {
    mkdirSync(at(`folder/${label}`), { recursive: true });
    writeFileSync(at(`folder/${label}/${id}.csv`), csv([['x', 'y'], ...rows]));
  }
  writeFileSync(at('wide.csv'), csv([['label', 1, 2, 3, 4, 5, 6], ...sequences.map(({ label, rows }) => [label, ...Array.from({ length: longest }, (_, t) => rows[t]?.[0] ?? '')])])); // biome-ignore format: a line
});

const config = (run: string) => JSON.parse(readFileSync(at(`${run}/config.json`), 'utf8'));
const features = (run: string) => JSON.parse(readFileSync(at(`${run}/features.json`), 'utf8'));

describe.each([
  ['a table with a step in a row', 'classify', 'long.csv', ['--group', 'series_id', '--features', 'x,y']],
  ['a table with lists', 'classify', 'lists.jsonl', ['--features', 'x,y']],
  ['arrays', 'classify', 'arrays.npz', []],
  ['an array and its labels next to it', 'classify', 'X_train.npy', []],
  ['a folder with a folder for each label', 'classify', 'folder', []],
  ['a table with a sequence in a row', 'classify', 'wide.csv', []],
  ['a table with a labeled step in a row', 'tag', 'steps.csv', ['--group', 'series_id', '--features', 'x,y']],
  ['a table with lists of labels', 'tag', 'lists.jsonl', ['--features', 'x,y']],
  ['arrays with a label for each step', 'tag', 'steps.npz', []],
] as const)('%s', (_name, task, path, flags) => {
  const run = `run-${task}-${path.replace('.', '-')}`;

  test('is trained on, learned, measured and predicted', async () => {
    const trained = await unrolled(
      'train',
      task,
      path,
      ...flags,
      '--out',
      run,
      '--json',
      '--val-frac',
      '0.25',
      ...small,
    );
    expect(trained.code, trained.err).toBe(0);
    const { task: kind, data, model } = config(run);
    expect([kind, data.rows]).toEqual([`${task}-series`, 24]);
    expect(model.input.kind).toBe('time-series-classification');
    expect(model.inputSize).toBe(path === 'wide.csv' ? 1 : 2);

    const measured = await unrolled('eval', run, '--json');
    expect(measured.code).toBe(0);
    const { accuracy, sequences: count } = JSON.parse(measured.out);
    expect(count).toBe(6);
    expect(accuracy).toBeGreaterThan(task === 'classify' ? 0.95 : 0.8);

    if (path === 'folder') return; // its files are asked one by one, below
    const asked = await unrolled('predict', run, '--file', path, '--json');
    expect(asked.code).toBe(0);
    const answers = asked.out.trim().split('\n').map((line) => JSON.parse(line)); // biome-ignore format: a line
    expect(answers).toHaveLength(24);
    if (task === 'tag')
      expect(answers.map(({ labels }) => labels.length)).toEqual(sequences.map(({ rows }) => rows.length));
    else {
      const right = answers.filter(
        ({ label }, n) => label === (path.startsWith('X') ? String(n % 2) : sequences[n].label),
      );
      expect(right.length).toBeGreaterThan(21);
    }
  });

  test('says what it read', async () => {
    const { err } = await unrolled('train', task, path, ...flags, '--out', `${run}-shown`, ...small, '--steps', '2');
    expect(err).toContain('sequences');
    expect(err).toMatch(/3 to 6 steps/);
    expect(err).toMatch(task === 'tag' ? /labels +begin, down, up, one a step/ : /labels +(down, up|0, 1)/);
  });
});

test('the same sequences from every layout are one run: the same scaling and the same validation loss', async () => {
  const losses: number[] = [];
  for (const [path, ...flags] of [
    ['long.csv', '--series', 'series_id', '--features', 'x,y'],
    ['lists.jsonl', '--features', 'x,y'],
  ]) {
    // biome-ignore format: a line
    const { out } = await unrolled('train', 'classify', path, ...flags, '--out', `same-${path}`, '--json', ...small);
    losses.push(JSON.parse(out).bestLoss ?? JSON.parse(out).validationLoss);
    expect(features(`same-${path}`).mean).toEqual(features('same-long.csv').mean);
  }
  expect(losses[0]).toBeTypeOf('number');
  expect(losses[1]).toBe(losses[0]);
});

test('scaling is measured on the training part alone', async () => {
  // The validation file is a thousand times larger; were it counted, the mean would be far off.
  writeFileSync(at('far.csv'), csv([['series_id', 'x', 'y', 'label'], ...sequences.slice(0, 4).flatMap(({ id, label, rows }) => rows.map(([x, y]) => [id, 1000 * x, 1000 * y, label]))])); // biome-ignore format: a line
  const { code } = await unrolled('train', 'classify', 'long.csv', '--series', 'series_id', '--features', 'x,y', '--validation', 'far.csv', '--out', 'far', ...small, '--quiet'); // biome-ignore format: a line
  expect(code).toBe(0);
  const all = sequences.flatMap(({ rows }) => rows.map(([x]) => x));
  expect(features('far').mean[0]).toBeCloseTo(all.reduce((a, b) => a + b, 0) / all.length, 10);
});

test('with --series, sequences of one --group are on one side', async () => {
  const args = ['train', 'classify', 'long.csv', '--series', 'series_id', '--group', 'person', '--features', 'x,y', '--val-frac', '0.34']; // biome-ignore format: a line
  const { code } = await unrolled(...args, '--out', 'grouped', ...small, '--quiet');
  expect(code).toBe(0);
  const { out } = await unrolled('eval', 'grouped', '--json');
  expect(JSON.parse(out).sequences % 4).toBe(0); // whole persons, of four sequences each
});

test('a time column puts the steps in order', async () => {
  const [header, ...rows] = long('label').trim().split('\n');
  writeFileSync(at('mixed.csv'), `${[header, ...rows.toReversed()].join('\n')}\n`);
  const ask = async (path: string) => {
    const { out } = await unrolled('predict', 'run-classify-long-csv', '--file', path, '--json');
    return new Map(out.trim().split('\n').map((line) => JSON.parse(line)).map(({ name, probability }) => [name, probability])); // biome-ignore format: a line
  };
  const [inOrder, mixed] = [await ask('long.csv'), await ask('mixed.csv')];
  for (const { id } of sequences) expect(mixed.get(id)).toBe(inOrder.get(id));
});

test('several files are asked as arguments, and one alone answers with bars', async () => {
  const files = sequences.slice(0, 2).map(({ label, id }) => `folder/${label}/${id}.csv`);
  const { out } = await unrolled('predict', 'run-classify-folder', ...files);
  expect(out.trim().split('\n').map((line) => line.split('\t')[0])).toEqual(['down', 'up']); // biome-ignore format: a line
  const alone = await unrolled('predict', 'run-classify-folder', files[0]);
  expect(alone.out).toMatch(/^down +█+.*\nup /);
});

test('missing values are counted and filled, their sequences skipped, or an error, as was asked', async () => {
  writeFileSync(
    at('holes.csv'),
    long('label')
      .replace(/(s3,p3,1,)[^,]*/, '$1')
      .replace(/(s4,p4,2,)[^,]*/, '$1NA'),
  );
  const args = [
    'train',
    'classify',
    'holes.csv',
    '--group',
    'series_id',
    '--features',
    'x,y',
    ...small,
    '--steps',
    '2',
  ];
  const filled = await unrolled(...args, '--out', 'filled');
  expect(filled.err).toContain('2 of 216 values (0.9 %) are missing, and were filled with the value before');
  const skipped = await unrolled(...args, '--missing', 'skip', '--out', 'skipped');
  expect(skipped.err).toContain('2 of 24 rows were left out: 2 with missing values');
  const stopped = await unrolled(...args, '--missing', 'stop', '--out', 'stopped');
  expect([stopped.code, stopped.err]).toEqual([1, expect.stringContaining('s3 has no value at step 2, x; --missing fill puts')]); // biome-ignore format: a line
});

test('a run is opened by the library, and answers as the command does', async () => {
  const pipeline = await timeSeriesClassification(at('run-classify-long-csv'));
  if (pipeline.per !== 'sequence') throw new Error('expected a label a sequence');
  const found = await pipeline.predict(sequences.map(({ rows }) => rows));
  const { out } = await unrolled('predict', 'run-classify-long-csv', '--file', 'long.csv', '--json');
  const answers = out.trim().split('\n').map((line) => JSON.parse(line)); // biome-ignore format: a line
  expect(found.map(({ label, score }) => [label, Number(score.toPrecision(6))])).toEqual(
    answers.map(({ label, probability }) => [label, probability]),
  );
  expect((await openRun(at('run-tag-steps-csv'))).task).toBe('time-series-classification');
});

interface Answer {
  readonly label: string;
  readonly notes: object;
  readonly steps: readonly object[];
}

test('a server answers at /v1/series, by features and by steps, and refuses what is no sequence', async () => {
  const runs = { gestures: at('run-classify-long-csv'), steps: at('run-tag-steps-csv') };
  const server = createServer({ runs, workers: 0 });
  const ask = async (body: object) => {
    const request = new Request('http://localhost/v1/series', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const response = await server.fetch(request);
    return [response.status, (await response.json()) as { data: Answer[] }] as const;
  };
  const [{ rows }, other] = sequences;
  const columns = { x: rows.map(([x]) => x), y: [null, ...rows.slice(1).map(([, y]) => y)] };
  const [status, { data }] = await ask({ model: 'gestures', columns, topK: 1 });
  expect([status, data[0].label, data[0].notes]).toEqual([
    200,
    'down',
    { steps: 3, missing: 1, longerThanTrained: false, truncated: false },
  ]);
  const [, many] = await ask({ model: 'gestures', input: [other.rows, columns] });
  expect(many.data.map(({ label }) => label)).toEqual(['up', 'down']);
  const [, labeled] = await ask({ model: 'steps', input: [other.rows] });
  expect(labeled.data[0].steps).toHaveLength(other.rows.length);
  expect((await ask({ model: 'gestures' }))[0]).toBe(400);
  expect((await ask({ model: 'gestures', input: [[[1, 2, 3]]] }))[0]).toBe(400);
  expect((await ask({ model: 'gestures', input: [[['1', 2]]] }))[0]).toBe(400);
  await server.close();
});

test('inspect looks into it', async () => {
  const { code, out } = await unrolled(
    'inspect',
    'run-tag-steps-csv',
    '--section',
    'gates,gradients',
    '--length',
    '64',
  );
  expect([code, out]).toEqual([0, expect.stringContaining('Gates')]);
});

describe('refuses', () => {
  test.each<[what: string, args: string[], message: string]>([
    ['options of texts for numbers', ['classify', 'arrays.npz', '--unit', 'word', '--features', 'x'], '--unit: means nothing to number sequences'], // biome-ignore format: a line
    ['options of numbers for texts', ['classify', '--demo', 'sentiment', '--differences'], '--differences: means nothing to texts'], // biome-ignore format: a line
    ['labels that change within a sequence', ['classify', 'steps.csv', '--group', 'series_id', '--features', 'x,y', '--label', 'tags'], 's0 is labeled "begin" and "down"; a sequence has one label'], // biome-ignore format: a line
    ['labels for each step, of whole sequences', ['classify', 'steps.npz'], 'has labels [24, 6], expected [24]; a label for every step is learned by train tag'], // biome-ignore format: a line
    ['one label for the sequence, of steps', ['tag', 'arrays.npz'], 'has labels [24], expected [24, 6]; a label for each sequence is learned by train classify'], // biome-ignore format: a line
    ['a feature that is not there', ['classify', 'long.csv', '--features', 'x,z'], '--features: there is no column z'],
    ['a feature of texts', ['classify', 'long.csv', '--group', 'series_id', '--features', 'person'], 'column person holds no number; its first cell is "p0"'], // biome-ignore format: a line
    ['a table without labels', ['classify', 'folder/up/s1.csv', '--features', 'x,y'], 'which column has the labels?'],
  ])('%s', async (_what, args, message) => {
    const { code, err } = await unrolled('train', ...args, '--out', 'refused', '--steps', '1', '--quiet');
    expect(code).not.toBe(0);
    expect(err).toContain(message);
  });

  test('to predict from data with other features', async () => {
    writeFileSync(at('other.npz'), zip({ 'x.npy': npy([2, 3, 3], new Float32Array(18), '<f4') }));
    const { code, err } = await unrolled('predict', 'run-classify-arrays-npz', '--file', 'other.npz');
    expect([code, err]).toEqual([1, expect.stringContaining('has 3 features, and the model reads 2')]);
  });
});

describe('a hostile file costs no more than its size', () => {
  const quick = async (path: string, bytes: Uint8Array, message: string) => {
    writeFileSync(at(path), bytes);
    const memory = process.memoryUsage().arrayBuffers;
    const took = await processorTime(async () => {
      const { code, err } = await unrolled('train', 'classify', path, '--out', 'hostile', '--quiet');
      expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    });
    expect(took).toBeLessThan(2000);
    expect(process.memoryUsage().arrayBuffers - memory).toBeLessThan(64 << 20);
  };

  test('an archive that unpacks to a thousand times its size', async () => {
    const zeros = npy([1, 30_000_000, 1], new Float32Array(1), '<f4');
    const bomb = new Uint8Array(120 << 20);
    bomb.set(zeros);
    await quick('bomb.npz', zip({ 'x.npy': bomb }), 'bomb.npz');
  });

  test('an archive that says less than it holds', async () => {
    const x = npy([24, longest, 2], padded, '<f4');
    await quick(
      'liar.npz',
      zip({ 'x.npy': x, 'y.npy': x }, (bytes) => bytes.length - 8),
      'liar.npz',
    );
  });

  test('an array that says it is of a shape that no array is', async () => {
    await quick('shape.npz', zip({ 'x.npy': npy([2 ** 40, 2 ** 40], new Float32Array(1), '<f4') }), 'which no array is'); // biome-ignore format: a line
  });

  test('an IDX file that unpacks to more than its size allows', async () => {
    await quick(
      't-images-idx3-ubyte.gz',
      gzipSync(new Uint8Array(64 << 20)),
      'unpacks to more than 200 times its size',
    );
  });
});
