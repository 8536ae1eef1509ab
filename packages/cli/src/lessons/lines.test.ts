import { expect, test } from 'vitest';
import { type LessonFigure, type LessonReport, lessons } from 'unrolled/lessons';
import { flagOf } from '../command-line/options.ts';
import { allCommands } from '../commands.ts';
import { languageOf } from '../language/index.ts';
import { stringWidth, styleFor } from '../terminal/index.ts';
import { findingLines, introductionLines } from './lines.ts';

const screen = { style: styleFor({ write: () => true }, {}), width: 80 };

const report = (...figures: readonly LessonFigure[]): LessonReport => ({
  name: 'made',
  language: 'en',
  title: 'Made',
  question: 'What is c_{t−1}?',
  prediction: 'Guess.',
  choices: ['Yes.', 'No.'],
  answer: 1,
  experiment: 'None.',
  figures,
  shows: ['It is `c`.'],
  limits: ['Nothing.'],
  commands: ['npx unrolled lesson made'],
});

const linesOf = (...figures: readonly LessonFigure[]) => findingLines(report(...figures), screen);

test.each(['unrolled', 'gradient', 'clip', 'explode'])(
  '%s fits a terminal of 80 columns, in both languages',
  async (name) => {
    const lesson = lessons.find((l) => l.name === name) as (typeof lessons)[number];
    const values = await lesson.measure({ effort: 0.02 });
    for (const language of ['en', 'ko'] as const) {
      const lines = [
        ...introductionLines(lesson.introduction(language), screen),
        ...findingLines(lesson.tell(values, language), screen),
      ];
      expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
      expect(lines.join('\n')).not.toMatch(/NaN|undefined|\[object/);
    }
  },
);

test('what is asked stands before what is measured, and braces are none of a reader’s business', () => {
  const lines = introductionLines(report(), screen);
  expect(lines.slice(0, 6)).toEqual(['Made', 'What is c_(t−1)?', '', 'Your guess: Guess.', 'a) Yes.', 'b) No.']);
  expect(linesOf().join('\n')).toContain('What it shows\nThe answer: b) No.\nIt is c.');
});

test('a chart has the ends of its axes, its scale, its marks, and a letter and the ends of each line', () => {
  const lines = linesOf({
    kind: 'chart',
    chart: {
      title: 'Gradients',
      xLabel: 'steps back',
      yScale: 'log',
      series: [
        {
          name: 'tanh',
          points: [
            [0, 1],
            [50, 1e-6],
          ],
        },
        {
          name: 'LSTM',
          points: [
            [0, 1],
            [50, 0.5],
          ],
        },
      ],
      marks: [{ axis: 'y', at: 0.01, label: 'a hundredth' }],
    },
  });
  const text = lines.join('\n');
  expect(text).toMatch(/^Gradients\nlog\n +1 ┤/);
  expect(text).toMatch(/1\.0×10⁻⁶ ┤.* a\n/);
  expect(text).toMatch(/\n +0 +steps back +50\n/);
  expect(text).toContain('a ━ tanh  1 → 1.0×10⁻⁶');
  expect(text).toContain('b ━ LSTM  1 → 0.5');
  expect(text).toContain('y = 0.01: a hundredth');
});

test('bars are as long as their values, and a table too wide for the terminal becomes a list', () => {
  const lines = linesOf(
    {
      kind: 'bars',
      rows: [
        { label: 'i', value: 1, text: '1.00' },
        { label: 'f', value: 0.5, text: '0.50' },
      ],
      most: 1,
    },
    { kind: 'table', header: ['name', 'long', 'a'.repeat(20)], rows: [['first', 'b'.repeat(52), 'c'.repeat(20)]] },
  );
  const lengths = lines.slice(0, 2).map((line) => line.split('█').length - 1);
  expect(lengths[0]).toBe(2 * lengths[1]);
  expect(lines.join('\n')).toContain(`\n  ${'a'.repeat(20)}  ${'c'.repeat(20)}`);
});

test('counts in a table are grouped, on the right of their column', () => {
  const rows = [
    ['LSTM', 12345],
    ['GRU', 970],
  ];
  const narrow = { kind: 'table', header: ['cell', 'parameters'], rows } as const;
  expect(linesOf(narrow).join('\n')).toContain('LSTM      12,345\nGRU          970');
  const wide = { ...narrow, header: ['cell', 'p'.repeat(80)] };
  expect(linesOf(wide).join('\n')).toContain('  12,345');
});

test('a tree shows what left the beam, and a map its shades and its largest weight', () => {
  const leaf = (label: string, kept: boolean) => ({ label, text: '−1.0', kept, children: [] });
  const text = linesOf(
    { kind: 'tree', roots: [{ label: 'a', text: '0.0', kept: true, children: [leaf('b', true), leaf('c', false)] }] },
    {
      kind: 'images',
      images: [
        {
          image: { width: 2, height: 2, data: new Uint8Array(12) },
          caption: 'a star',
          map: [
            [0.9, 0.4],
            [0.05, 0],
          ],
        },
      ],
    },
    { kind: 'text', title: 'τ = 1', lines: ['hello'] },
  ).join('\n');
  expect(text).toContain('a  0.0\n├─ b  −1.0\n└─ c  −1.0 ✗');
  expect(text).toContain('0.90 ▒▒▒▒\n···· ····');
  expect(text).toContain('τ = 1\n  hello');
});

test("the terminal's locale chooses the language", () => {
  expect(languageOf({ LANG: 'ko_KR.UTF-8' })).toBe('ko');
  expect(languageOf({ LANG: 'ko_KR.UTF-8', LC_ALL: 'en_US.UTF-8' })).toBe('en');
  expect(languageOf({})).toBe('en');
});

test('every command that a lesson names exists, with its options', async () => {
  const { train, others } = await allCommands();
  const known = new Set(lessons.map(({ name }) => name));
  const problems = lessons.flatMap((lesson) => {
    return lesson.introduction('en').commands.flatMap((line) => {
      const [npx, program, command, ...rest] = line.split(/\s+/);
      const spec =
        command === 'train' ? train.find(({ name }) => name === rest[0]) : others.find(({ name }) => name === command);
      if (npx !== 'npx' || program !== 'unrolled' || !spec) return [line];
      if (command === 'lesson' && !known.has(rest[0])) return [line];
      const flags = rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
      const has = new Set(Object.keys(spec.options).map(flagOf));
      return flags.filter((flag) => !has.has(flag)).map((flag) => `${line}: --${flag}`);
    });
  });
  expect(problems).toEqual([]);
});
