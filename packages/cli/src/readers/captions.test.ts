// Every layout of captions and questions, from files with real images beside them, and every way to be wrong.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSafetensors } from 'unrolled/io';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CaptionData, readCaptions } from './captions.ts';
import { readFeatures } from './features.ts';
import { readQuestions } from './questions.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-captions-'));
  mkdirSync(join(folder, 'data', 'images'), { recursive: true });
  for (const name of ['a.jpg', 'b.jpg', 'images/c.png', '7.png', '000000000009.jpg', 'COCO_val2014_000000000042.jpg'])
    writeFileSync(join(folder, 'data', name), 'an image');
  writeFileSync(join(folder, 'secret.jpg'), 'an image');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, 'data', name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const short = ({ examples }: CaptionData) =>
  Object.fromEntries(examples.map(({ image, captions }) => [image.slice(folder.length + 6), captions]));

const two = { 'a.jpg': ['a dog', 'a big dog'], 'b.jpg': ['a cat'] };

describe('readCaptions', () => {
  test.each([
    [
      'COCO',
      'coco.json',
      {
        info: {},
        images: [
          { id: 5, file_name: 'a.jpg' },
          { id: 6, file_name: 'b.jpg' },
        ],
        annotations: [
          { image_id: 5, caption: 'a dog' },
          { image_id: 6, caption: ' a  cat\n' },
          { image_id: 5, caption: 'a big dog' },
        ],
      },
    ],
    [
      'a list with lists of captions',
      'list.json',
      [
        { image: 'a.jpg', class: 'x', captions: ['a dog', 'a big dog'] },
        { image: 'b.jpg', captions: 'a cat' },
      ],
    ],
    ['an object of images', 'object.json', { 'a.jpg': ['a dog', 'a big dog'], 'b.jpg': 'a cat' }],
    ['CSV', 'c.csv', 'image,caption\na.jpg,a dog\nb.jpg,"a cat"\na.jpg,a big dog\n'],
    [
      'JSON lines',
      'c.jsonl',
      '{"file_name":"a.jpg","captions":["a dog","a big dog"]}\n{"file_name":"b.jpg","captions":["a cat"]}\n',
    ],
  ])('%s', async (_layout, name, content) => {
    const read = await readCaptions([file(name, content)]);
    expect(short(read)).toEqual(two);
    expect(read.captions).toBe(3);
    expect(read.skipped.count).toBe(0);
  });

  test('Karpathy’s splits: tokens as they were cut, and which part an image is in', async () => {
    const path = file('dataset_x.json', {
      images: [
        {
          filename: 'a.jpg',
          split: 'restval',
          sentences: [{ tokens: ['a', 'dog'], raw: 'A dog.' }, { raw: 'A big dog.' }],
        },
        { filename: 'c.png', filepath: 'images', split: 'val', sentences: [{ tokens: ['a', 'bird'] }] },
      ],
      dataset: 'x',
    });
    const { examples } = await readCaptions([path]);
    expect(examples.map(({ name, captions, part }) => [name, captions, part])).toEqual([
      ['a.jpg', ['a dog', 'A big dog.'], 'train'],
      [join('images', 'c.png'), ['a bird'], 'validation'],
    ]);
  });

  test('a folder of images with a .txt for each', async () => {
    const root = join(folder, 'pairs');
    mkdirSync(join(root, 'sub'), { recursive: true });
    for (const name of ['x.png', 'sub/y.jpeg', 'z.png', 'w.png']) writeFileSync(join(root, name), 'an image');
    writeFileSync(join(root, 'x.txt'), 'a dog\n\na big dog');
    writeFileSync(join(root, 'sub', 'y.txt'), 'a cat\n');
    writeFileSync(join(root, 'z.txt'), ' \n');
    writeFileSync(join(root, 'alone.txt'), 'nobody');
    const read = await readCaptions([root], { badRows: 'skip' });
    expect(read.examples.map(({ name, captions }) => [name, captions])).toEqual([
      [join('sub', 'y.jpeg'), ['a cat']],
      ['x.png', ['a dog', 'a big dog']],
    ]);
    expect(read.skipped.report('pairs', 6)).toEqual([
      `3 of 6 captions were left out: 1 whose image is not there (${join(root, 'alone.txt')}), ` +
        `1 missing: an image without a .txt of its name (${join(root, 'w.png')}), 1 with an empty caption (${join(root, 'z.txt')})`,
    ]);
  });

  test('a folder with captions.json in it, and images in its folder of images', async () => {
    file('captions.json', [{ image: 'c.png', caption: 'a bird' }]);
    const read = await readCaptions([join(folder, 'data')]);
    file('captions.csv', 'image,caption\n');
    await expect(readCaptions([join(folder, 'data')])).rejects.toThrow(
      'holds captions.csv and captions.json; name the one',
    );
    for (const name of ['captions.json', 'captions.csv']) rmSync(join(folder, 'data', name));
    expect(short(read)).toEqual({ [join('images', 'c.png')]: ['a bird'] });
  });

  test('what cannot be used is named and counted: no image, no words, a path that leaves the folder', async () => {
    const path = file('bad.json', [
      { image: 'a.jpg', caption: 'a dog' },
      { image: 'gone.jpg', caption: 'a ghost' },
      { image: 'b.jpg', caption: '  ' },
      { caption: 'of what?' },
      { image: '../secret.jpg', caption: 'a secret' },
      { image: join(folder, 'secret.jpg'), caption: 'a secret' },
      { image: 'gone.jpg', caption: 'a ghost again' },
    ]);
    const read = await readCaptions([path], { badRows: 'skip' });
    expect(short(read)).toEqual({ 'a.jpg': ['a dog'] });
    const [report] = read.skipped.report(path, 7);
    expect(report).toContain('6 of 7 captions were left out');
    expect(report).toContain(`2 whose image is not there (${path}, row 2: gone.jpg; ${path}, row 7: gone.jpg)`);
    expect(report).toContain(`1 with an empty caption (${path}, row 3)`);
    expect(report).toContain(`1 without the name of an image (${path}, row 4)`);
    expect(report).toContain(`2 whose image is outside of the data folder (${path}, row 5: ../secret.jpg; `);
    await expect(readCaptions([path], { badRows: 'stop' })).rejects.toThrow(
      `${path}, row 2: gone.jpg: whose image is not there`,
    );
    const few = await readCaptions([path]);
    expect(() => few.skipped.report(path, 7)).toThrow('6 of 7 captions cannot be used');
  });

  test('an annotation of an image that COCO’s file does not list', async () => {
    const path = file('orphan.json', {
      images: [{ id: 1, file_name: 'a.jpg' }],
      annotations: [
        { image_id: 1, caption: 'a dog' },
        { image_id: 2, caption: 'a ghost' },
      ],
    });
    const read = await readCaptions([path], { badRows: 'skip' });
    expect(read.skipped.report('x', 2)[0]).toContain(`1 of an image that the file does not list (${path}, row 2)`);
  });

  test('says where to look when no image is there at all', async () => {
    const path = file('elsewhere.csv', 'image,caption\nx/1.jpg,a dog\nx/2.jpg,a cat\n');
    await expect(readCaptions([path])).rejects.toThrow(
      `${path}: none of its images is in ${join(folder, 'data')} (the first is called x/1.jpg); say where they are: --images folder`,
    );
    await expect(readCaptions([path], { images: join(folder, 'nowhere') })).rejects.toThrow('there is no such folder');
  });

  test('says what was expected where the layout is not known', async () => {
    const expected = /is not a layout of captions that is known: expected \{ images, annotations \} as COCO/;
    await expect(readCaptions([file('strange.json', { data: 1, version: 2 })])).rejects.toThrow(expected);
    await expect(readCaptions([file('strange.json', { data: 1, version: 2 })])).rejects.toThrow(
      'got an object with data, version',
    );
    await expect(readCaptions([file('numbers.json', [1, 2])])).rejects.toThrow('got a list whose first is a number');
    await expect(readCaptions([file('broken.json', '[{"image": "a.jpg", ')])).rejects.toThrow('is not JSON');
    await expect(readCaptions([file('columns.csv', 'foo,bar,baz\n1,2,3\n')])).rejects.toThrow(
      'which column is the image? There are foo, bar, baz; name it: --image foo',
    );
    await expect(readCaptions([join(folder, 'data', 'none.json')])).rejects.toThrow('there is no such file');
    mkdirSync(join(folder, 'empty'), { recursive: true });
    await expect(readCaptions([join(folder, 'empty')])).rejects.toThrow('holds no images');
  });

  test('columns by name', async () => {
    const path = file('named.csv', 'bild,satz,nr\na.jpg,ein Hund,1\n');
    const read = await readCaptions([path], { columns: { image: 'bild', caption: 'satz' } });
    expect(short(read)).toEqual({ 'a.jpg': ['ein Hund'] });
  });
});

describe('readQuestions', () => {
  const wanted = [
    ['a.jpg', 'is it a dog?', 'yes'],
    ['7.png', 'how many?', '2'],
  ];

  test.each([
    [
      'a list',
      'q.json',
      [
        { image: 'a.jpg', question: 'is it a dog?', answer: 'yes', type: 'yes/no' },
        { image: 7, question: 'how many?', answer: 2, type: 'number' },
      ],
      ['yes/no', 'number'],
    ],
    [
      'easy-VQA',
      'easy.json',
      [
        ['is it a dog?', 'yes', 'a.jpg'],
        ['how many?', '2', 7],
      ],
      [null, null],
    ],
    [
      'CSV',
      'q.csv',
      'image,question,answer,type\na.jpg,is it a dog?,yes,yes/no\n7,how many?,2,number\n',
      ['yes/no', 'number'],
    ],
    [
      'JSON lines',
      'q.jsonl',
      '{"image":"a.jpg","question":"is it a dog?","answer":"yes"}\n{"image":"7","question":"how many?","answer":"2"}\n',
      [null, null],
    ],
    [
      'CLEVR',
      'clevr.json',
      {
        info: {},
        questions: [
          { image_filename: 'a.jpg', question: 'is it a dog?', answer: 'yes', question_family_index: 1 },
          { image_filename: '7.png', question: 'how many?', answer: '2' },
        ],
      },
      [null, null],
    ],
  ])('%s', async (_layout, name, content, types) => {
    const { questions, skipped } = await readQuestions([file(name, content)]);
    expect(questions.map((q) => [q.image.slice(folder.length + 6), q.question, q.answer])).toEqual(wanted);
    expect(questions.map(({ type }) => type)).toEqual(types);
    expect(skipped.count).toBe(0);
  });

  test('VQA v2: two files, ten answers, images by number', async () => {
    const asked = file('v2_questions.json', {
      data_subtype: 'val2014',
      questions: [
        { question_id: 1, image_id: 42, question: 'is it a dog?' },
        { question_id: 2, image_id: 9, question: 'how many?' },
        { question_id: 3, image_id: 9, question: 'answered by nobody?' },
      ],
    });
    const answered = file('v2_annotations.json', {
      annotations: [
        {
          question_id: 2,
          multiple_choice_answer: '2',
          answer_type: 'number',
          answers: [{ answer: '2' }, { answer: '3' }],
        },
        { question_id: 1, multiple_choice_answer: 'yes', answer_type: 'yes/no', answers: [] },
      ],
    });
    for (const paths of [
      [asked, answered],
      [answered, asked],
    ]) {
      const { questions, skipped } = await readQuestions(paths, { badRows: 'skip' });
      expect(questions.map((q) => [q.image.slice(folder.length + 6), q.answer, q.answers, q.type])).toEqual([
        ['COCO_val2014_000000000042.jpg', 'yes', null, 'yes/no'],
        ['000000000009.jpg', '2', ['2', '3'], 'number'],
      ]);
      expect(skipped.report('v2', 3)).toEqual([
        `1 of 3 questions were left out: 1 without an answer (${asked}, row 3)`,
      ]);
    }
    await expect(readQuestions([asked])).rejects.toThrow(
      `${asked}: has questions of VQA v2; name the file with the annotations too`,
    );
    await expect(readQuestions([answered])).rejects.toThrow('name the file with the questions too');
  });

  test('what cannot be used is named and counted', async () => {
    const path = file('bad-q.json', [
      { image: 'a.jpg', question: 'what?', answer: 'a dog' },
      { image: 'a.jpg', question: '', answer: 'a dog' },
      { image: 'a.jpg', question: 'what?' },
      { question: 'what?', answer: 'a dog' },
      { image: '../secret.jpg', question: 'what?', answer: 'a dog' },
      { image: 'gone.jpg', question: 'what?', answer: 'a dog' },
    ]);
    const { skipped, questions } = await readQuestions([path], { badRows: 'skip' });
    expect(questions.length).toBe(1);
    const [report] = skipped.report(path, 6);
    for (const why of [
      'empty (',
      'without an answer (',
      'without the name of an image (',
      'outside of the data folder (',
      'is not there (',
    ])
      expect(report).toContain(why);
    await expect(readQuestions([file('strange-q.json', { a: 1 })])).rejects.toThrow(
      /is not a layout of questions that is known: .*; got an object with a/,
    );
    await expect(readQuestions([file('none-q.json', [])])).rejects.toThrow('got an empty list');
  });
});

describe('readFeatures', () => {
  const npy = (shape: string, numbers: number[]) => {
    const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117) + '\n';
    const start = Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0, ...Buffer.from(text)]);
    return Buffer.concat([start, new Uint8Array(Float32Array.from(numbers).buffer)]);
  };

  test('row n of a .npy is of the n-th image; a safetensors file has one array, or one for each name', () => {
    const path = join(folder, 'f.npy');
    writeFileSync(path, npy('2, 3', [1, 2, 3, 4, 5, 6]));
    const features = readFeatures(path, ['a.jpg', 'b.jpg']);
    expect([features.count, features.shape]).toEqual([2, [3]]);
    expect(Array.from(features.read([1, 1, 0]))).toEqual([4, 5, 6, 4, 5, 6, 1, 2, 3]);

    const one = join(folder, 'one.safetensors');
    const data = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    writeFileSync(one, writeSafetensors(new Map([['features', { shape: [2, 2, 2], data }]])));
    const regions = readFeatures(one, ['a.jpg', 'b.jpg']);
    expect([regions.shape, Array.from(regions.read([1]))]).toEqual([
      [2, 2],
      [5, 6, 7, 8],
    ]);

    const named = join(folder, 'named.safetensors');
    const tensors = new Map([
      ['b', { shape: [2], data: Float32Array.of(3, 4) }],
      ['a.jpg', { shape: [2], data: Float32Array.of(1, 2) }],
    ]);
    writeFileSync(named, writeSafetensors(tensors));
    expect(Array.from(readFeatures(named, ['a.jpg', 'x/b.png']).read([0, 1]))).toEqual([1, 2, 3, 4]);
    const single = join(folder, 'single.safetensors'); // of one image, by its name: not a row of a table
    writeFileSync(single, writeSafetensors(new Map([['a.jpg', { shape: [1], data: Float32Array.of(5) }]])));
    const alone = readFeatures(single, ['a.jpg']);
    expect([alone.count, alone.shape, Array.from(alone.read([0]))]).toEqual([1, [1], [5]]);
    expect(() => readFeatures(named, ['a.jpg', 'c.jpg'])).toThrow(
      'has no features of c.jpg; it has 2 tensors (a.jpg, b)',
    );
  });

  test('refuses features of more or fewer images, of another shape, and numbers that are none', () => {
    const path = join(folder, 'g.npy');
    writeFileSync(path, npy('2, 2', [1, 2, Number.NaN, 4]));
    expect(() => readFeatures(path, ['a', 'b'])).toThrow(`${path}: row 1: has a feature that is NaN`);
    expect(() => readFeatures(path, ['a', 'b', 'c'])).toThrow('has features of 2 images, and there are 3');
    writeFileSync(path, npy('4,', [1, 2, 3, 4]));
    expect(() => readFeatures(path, ['a'])).toThrow('[images, features] or [images, regions, features], got [4]');
    writeFileSync(join(folder, 'f.pt'), 'x');
    expect(() => readFeatures(join(folder, 'f.pt'), ['a'])).toThrow('features are read from .npy and .safetensors');
  });
});

describe('what is in a folder is read, or named and counted', () => {
  const inFolder = async (files: Record<string, string>) => {
    const root = mkdtempSync(join(folder, 'named-'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
    const data = await readCaptions([root], { badRows: 'skip' });
    const report = data.skipped
      .report(root, data.captions + data.skipped.count)
      .join()
      .replaceAll(`${root}/`, '');
    return { images: data.examples.map(({ name }) => name), report };
  };

  test('.jfif and .jpe are JPEG', async () => {
    const found = await inFolder({ 'a.jfif': 'x', 'a.txt': 'a dog', 'b.JPE': 'x', 'b.txt': 'a cat' });
    expect(found).toEqual({ images: ['a.jfif', 'b.JPE'], report: '' });
  });

  test('HEIC and BMP are left out, once each', async () => {
    const found = await inFolder({ 'a.jpg': 'x', 'a.txt': 'a dog', 'b.HEIC': 'x', 'b.txt': 'a cat', 'c.bmp': 'x' });
    expect(found).toEqual({
      images: ['a.jpg'],
      report:
        '2 of 3 captions were left out: 2 of a format that is not read; convert it to PNG or JPEG (b.HEIC; c.bmp)',
    });
    await expect(inFolder({ 'b.heic': 'x', 'b.txt': 'a cat' })).rejects.toThrow(
      /holds 1 images, the first is .*b\.heic, of a format that is not read/,
    );
  });
});

describe('ids are the same as texts and as numbers', () => {
  test('of COCO', async () => {
    const path = file('ids.json', {
      images: [
        { id: '5', file_name: 'a.jpg' },
        { id: 6, file_name: 'b.jpg' },
      ],
      annotations: [
        { image_id: 5, caption: 'a dog' },
        { image_id: '6', caption: 'a cat' },
        { image_id: 7, caption: 'none' },
      ],
    });
    const data = await readCaptions([path], { badRows: 'skip' });
    expect(short(data)).toEqual({ 'a.jpg': ['a dog'], 'b.jpg': ['a cat'] });
    expect(data.skipped.all).toMatchObject([{ row: 3, why: 'of an image that the file does not list' }]);
  });

  test('of VQA v2', async () => {
    const questions = [
      { question_id: '1', image_id: '7', question: 'what?' },
      { question_id: 2, image_id: 7, question: 'who is at  the cafe\u0301?' },
    ];
    const annotations = [
      { question_id: 1, multiple_choice_answer: ' cafe\u0301 ' },
      { question_id: '2', multiple_choice_answer: 'b', answers: [{ answer: 'cafe\u0301 ' }, { answer: 'b' }] },
    ];
    const paths = [file('idq.json', { questions }), file('ida.json', { annotations })];
    const data = await readQuestions(paths);
    expect(data.questions.map(({ question, answer, answers }) => [question, answer, answers])).toEqual([
      ['what?', 'caf\u00e9', null],
      ['who is at the caf\u00e9?', 'b', ['caf\u00e9', 'b']],
    ]);
  });
});

test('lists of captions as Python writes them', async () => {
  const path = file('python.csv', `image,captions\na.jpg,"['a dog', ""a dog's ball""]"\nb.jpg,[so it is\n`);
  expect(short(await readCaptions([path]))).toEqual({ 'a.jpg': ['a dog', "a dog's ball"], 'b.jpg': ['[so it is'] });
});
