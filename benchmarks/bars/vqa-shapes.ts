// SHAPES: yes or no to questions such as "is a square left of above a square" about a 3 × 3 grid, 704 images to learn from, and in the validation
// part no question that was seen in training: what has been learned of the words has to be put together anew. Always "false" has .634 (test part).
//
// The grid has symmetries, and they are the only means of seeing more words together: turned or mirrored, left becomes above; with the color
// channels exchanged, red becomes green. 704 questions become 33,792, all of them right. A shape drawn a pixel off, or mirrored, is the same shape:
// without that, the network memorizes images by such details.

import { type ImageQuestions, Random } from 'unrolled';
import { readNpy } from 'unrolled/io';
import { questionOnlyAnswers, questionOnlyBaseline } from 'unrolled/data';
import { type BarResult, type Bars, timed } from './bar.ts';
import { numberTokens } from './classify.ts';
import { dataFile, howToGetData } from './data.ts';
import { answerQuestions, wordsOf } from './images.ts';

const bar = 'yes or no about a grid of shapes (SHAPES)';
const settings =
  'VisualQA map, 8 maps, words 16, ConvNet 16-32-32 of 2×2 windows on 24×24 (8×8 of each cell, which are the 3×3 places of its map) trained jointly, a tenth of the words left out, every turn, mirroring and exchange of colors (48 forms), every shape moved by up to a pixel and mirrored by chance, 64 images a batch, AdamW 1e-2 cosine, 8 epochs, seed 1';
const [cell, kept, cells] = [10, 8, 3];
const [size, side] = [kept * cells, cell * cells];

interface Example {
  readonly pixels: Uint8Array; // [30, 30, 3], and [24, 24, 3] where cells are cut
  readonly question: string;
  readonly answer: number; // 0 false, 1 true
}

export const vqaShapes: Bars = async () => {
  const parts = ['train.tiny', 'train.small', 'val'].map(part);
  const [tiny, small, val] = parts;
  if (!tiny || !small || !val) return [missing(howToGetData('vqa-shapes'))];
  const train = [...tiny, ...small].flatMap(forms(new Random(5)));
  const words = numberTokens(
    train.map(({ question }) => question),
    wordsOf,
  );
  const data = (examples: readonly Example[], types?: readonly string[]): ImageQuestions => {
    const pixels = new Uint8Array(examples.length * size * size * 3);
    for (const [n, one] of examples.entries()) pixels.set(one.pixels, n * one.pixels.length);
    return {
      images: { shape: [examples.length, size, size, 3], data: pixels },
      questions: examples.map(({ question }) => words.encode(question)),
      which: examples.map((_, n) => n),
      answers: examples.map(({ answer }) => answer),
      types,
    };
  };
  const seen = new Set(train.map(({ question }) => question));
  const { value, seconds } = await timed(() =>
    answerQuestions({
      bar,
      train: data(train),
      validation: data(
        val.map((example) => ({ ...example, pixels: cut(example.pixels) })),
        val.map(({ question }) => (seen.has(question) ? 'question seen in another form' : 'question never seen')),
      ),
      model: {
        vocabularySize: words.size,
        answers: 2,
        form: 'map',
        embeddingDim: 16,
        mlp: [16],
        wordDropout: 0.1,
        convNet: { channels: [16, 32, 32], kernelSize: 2, inputSize: [size, size] },
      },
      batchSize: 64,
      epochs: 8,
      lr: 1e-2,
    }),
  );
  const guess = questionOnlyBaseline(
    train.map(({ question }) => question),
    train.map(({ answer }) => `${answer}`),
  );
  const languagePrior =
    val.filter(({ question, answer }) => questionOnlyAnswers(guess, question) === `${answer}`).length / val.length;
  const { accuracy, shuffled = Number.NaN } = value.metrics;
  const types = value.byType.map((t) => `${t.type} ${t.accuracy.toFixed(3)}`).join(', ');
  return [
    {
      bar: `${bar}: validation accuracy`,
      settings,
      measured: `${accuracy.toFixed(4)} (${types}); images exchanged ${shuffled.toFixed(3)}, the question alone ${languagePrior.toFixed(3)}`,
      required: '≥ .75',
      met: accuracy >= 0.75,
      seconds,
    },
  ];
};

function part(name: string): Example[] | null {
  const [pixels, text, predicted] = ['input.npy.gz', 'query_str.txt', 'output'].map((file) =>
    dataFile(`vqa-shapes/${name}.${file}`),
  );
  if (!pixels || !text || !predicted) return null;
  const { data } = readNpy(pixels, name);
  const lines = (file: Buffer) => file.toString('utf8').trim().split('\n');
  const answers = lines(predicted);
  const bytes = side * side * 3;
  return lines(text).map((question, n) => {
    const pixels = Uint8Array.from({ length: bytes }, (_, k) => data[n * bytes + k + 2 - 2 * (k % 3)]); // stored blue, green, red
    return { pixels, question, answer: answers[n].trim() === 'true' ? 1 : 0 };
  });
}

/** 8 × 8 pixels of every cell: the middle ones, or those at a random offset, mirrored or not. */
function cut(pixels: Uint8Array, random?: Random): Uint8Array {
  const out = new Uint8Array(size * size * 3);
  for (let k = 0; k < cells * cells; k++) {
    const [row, column] = [Math.floor(k / cells), k % cells];
    const [top, left] = random ? [random.integer(3), random.integer(3)] : [1, 1];
    const mirrored = random ? random.uniform() < 0.5 : false;
    for (let y = 0; y < kept; y++) {
      for (let x = 0; x < kept; x++) {
        const inside = mirrored ? cell - 1 - left - x : left + x;
        const from = ((row * cell + top + y) * side + column * cell + inside) * 3;
        out.set(pixels.subarray(from, from + 3), ((row * kept + y) * size + column * kept + x) * 3);
      }
    }
  }
  return out;
}

const colors = ['red', 'green', 'blue'];
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];
const directions: Readonly<Record<string, readonly [dy: number, dx: number]>> = {
  left: [0, -1],
  right: [0, 1],
  above: [-1, 0],
  below: [1, 0],
};

/** All 48 forms. Cells change places and keep what is in them as it is: a triangle stays upright. */
function forms(random: Random): (example: Example) => Example[] {
  return (example) => {
    const drawn = () => ({ ...example, pixels: cut(example.pixels, random) });
    return orders.flatMap((order) => Array.from({ length: 8 }, (_, turn) => form(drawn(), order, turn)));
  };
}

function form({ pixels, question, answer }: Example, order: readonly number[], turn: number): Example {
  // (y, x) about the middle: perhaps exchanged, perhaps mirrored either way.
  const moved = (y: number, x: number): [number, number] => {
    const [a, b] = turn & 4 ? [x, y] : [y, x];
    return [turn & 1 ? -a : a, turn & 2 ? -b : b];
  };
  const out = new Uint8Array(pixels.length);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [row, column] = moved(Math.floor(y / kept) - 1, Math.floor(x / kept) - 1);
      const to = ((row + 1) * kept + (y % kept)) * size + (column + 1) * kept + (x % kept);
      for (let c = 0; c < 3; c++) out[to * 3 + order[c]] = pixels[(y * size + x) * 3 + c];
    }
  }
  const words = question.replace(/\b(left|right) of\b/g, '$1').split(' ');
  const moving = words.map((word) => {
    if (colors.includes(word)) return colors[order[colors.indexOf(word)]];
    if (!Object.hasOwn(directions, word)) return word;
    const [dy, dx] = moved(...directions[word]);
    return Object.keys(directions).find((name) => directions[name][0] === dy && directions[name][1] === dx) as string;
  });
  return { pixels: out, question: moving.join(' ').replace(/\b(left|right)\b/g, '$1 of'), answer };
}

function missing(why: string): BarResult {
  return { bar: `${bar}: validation accuracy`, settings, measured: why, required: '≥ .75', met: null, seconds: 0 };
}
