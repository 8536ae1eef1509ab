// A lesson in the terminal: first what is asked, then, when it has been measured, its figures and what they say.

import {
  fixedNumber,
  groupedNumber,
  type LessonFigure,
  type LessonIntroduction,
  type LessonLanguage,
  type LessonReport,
  lessonTerms,
  proseText,
  shortNumber,
  type TableFigure,
  type TreeNode,
} from 'unrolled/lessons';
import { padEnd, padStart, type Style, stringWidth, table, terminalChart, wrap } from '../terminal/index.ts';
import { imageLines } from './images.ts';
import { unrolledLines } from './unrolled.ts';

export interface LinesOptions {
  readonly style: Style;
  readonly width: number;
}

interface FigureOptions extends LinesOptions {
  readonly language: LessonLanguage;
}

type FigureOf<K extends LessonFigure['kind']> = Extract<LessonFigure, { kind: K }>;

const letters = 'abcdef';

/** Title, question, guess and experiment. */
export function introductionLines(lesson: LessonIntroduction, { style, width }: LinesOptions): string[] {
  const t = lessonTerms[lesson.language];
  return [
    style.bold(lesson.title),
    ...wrap(proseText(lesson.question), width),
    '',
    ...wrap(`${t.prediction} ${proseText(lesson.prediction)}`, width).map(style.cyan),
    ...lesson.choices.flatMap((choice, k) => wrap(`${letters[k]}) ${proseText(choice)}`, width)).map(style.cyan),
    '',
    style.bold(t.experiment),
    ...wrap(proseText(lesson.experiment), width),
    '',
  ];
}

/** Figures, conclusions, limits, commands. */
export function findingLines(report: LessonReport, { style, width }: LinesOptions): string[] {
  const t = lessonTerms[report.language];
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [style.bold(title), ...lines.flatMap((line) => wrap(proseText(line), width)), ''];
  const options = { style, width, language: report.language };
  return [
    ...report.figures.flatMap((figure) => [...figureLines(figure, options), '']),
    ...part(t.shows, [`${t.answer} ${letters[report.answer]}) ${report.choices[report.answer]}`, ...report.shows]),
    ...part(t.limits, report.limits),
    ...(report.commands.length > 0 ? [style.bold(t.commands), ...report.commands.map((c) => `  ${c}`), ''] : []),
  ];
}

function figureLines(figure: LessonFigure, options: FigureOptions): string[] {
  switch (figure.kind) {
    case 'table':
      return tableLines(figure, options);
    case 'text':
      return [...heading(figure.title, options), ...figure.lines.map((line) => options.style.dim(`  ${line}`))];
    case 'chart':
      return terminalChart(figure.chart, { ...options, number: shortNumber });
    case 'bars':
      return barLines(figure, options);
    case 'grids':
      return gridLines(figure, options);
    case 'unrolled':
      return [...heading(figure.title, options), ...unrolledLines(figure, options)];
    case 'tree':
      return [...heading(figure.title, options), ...figure.roots.flatMap((root) => treeLines(root, options.style))];
    case 'images':
      return [...heading(figure.title, options), ...imageLines(figure, options)];
    default:
      return figure satisfies never;
  }
}

const heading = (title: string | undefined, { style, width }: LinesOptions) =>
  title ? wrap(proseText(title), width).map(style.bold) : [];

/** A table that is wider than the terminal becomes a list, an entry a row. */
function tableLines({ title, header, rows }: TableFigure, options: LinesOptions): string[] {
  const text = (cell: string | number) => (typeof cell === 'number' ? cell : proseText(cell));
  const head = header.map(proseText);
  const body = rows.map((row) => row.map(text));
  const lines = table(body, { header: head, style: options.style, number: groupedNumber });
  if (Math.max(...lines.map(stringWidth)) <= options.width) return [...heading(title, options), ...lines];
  const names = Math.max(...head.map(stringWidth));
  const entries = body.flatMap((row) => [
    options.style.bold(String(row[0])),
    ...row.slice(1).map((cell, k) => {
      const shown = typeof cell === 'number' ? groupedNumber(cell) : cell;
      return `  ${padEnd(head[k + 1], names)}  ${shown}`;
    }),
  ]);
  return [...heading(title, options), ...entries];
}

function barLines({ title, rows, most }: FigureOf<'bars'>, options: LinesOptions): string[] {
  const labels = Math.max(...rows.map(({ label }) => stringWidth(proseText(label))));
  const texts = Math.max(...rows.map(({ text }) => stringWidth(text)));
  const room = Math.max(8, Math.min(48, options.width - labels - texts - 4));
  const longest = most ?? Math.max(1e-12, ...rows.map(({ value }) => Math.abs(value)));
  return [
    ...heading(title, options),
    ...rows.map(({ label, value, text, marked = false }) => {
      const bar = '█'.repeat(Math.round(Math.min(1, Math.abs(value) / longest) * room));
      const paint = value < 0 || marked ? options.style.yellow : options.style.cyan;
      return `${padStart(proseText(label), labels)}  ${paint(padEnd(bar, room))}  ${text}`;
    }),
  ];
}

/** Matrices side by side as long as there is room. */
function gridLines({ title, grids, digits = 2 }: FigureOf<'grids'>, options: LinesOptions): string[] {
  const blocks = grids.map(({ name, rows, columns, values }) => {
    const cells = values.map((row) => row.map((v) => fixedNumber(v, digits)));
    const width = Math.max(...cells.flat().map(stringWidth), ...columns.map(stringWidth)) + 1;
    const margin = Math.max(0, ...rows.map(stringWidth));
    const lines = [
      `${' '.repeat(margin)}${columns.map((c) => padStart(c, width)).join('')}`,
      ...cells.map((row, r) => {
        const numbers = row.map((cell, c) =>
          (values[r][c] < 0 ? options.style.yellow : options.style.cyan)(padStart(cell, width)),
        );
        return `${padStart(rows[r], margin)}${numbers.join('')}`;
      }),
    ];
    const wide = Math.max(stringWidth(name), ...lines.map(stringWidth));
    return [options.style.dim(padEnd(name, wide)), ...lines.map((line) => padEnd(line, wide))];
  });
  const lines: string[] = [];
  for (let from = 0; from < blocks.length; ) {
    let to = from + 1;
    const widthOf = (end: number) => blocks.slice(from, end).reduce((sum, [top]) => sum + stringWidth(top) + 4, -4);
    while (to < blocks.length && widthOf(to + 1) <= options.width) to++;
    const row = blocks.slice(from, to);
    const height = Math.max(...row.map((block) => block.length));
    for (let k = 0; k < height; k++)
      lines.push(
        row
          .map((block) => block[k] ?? ' '.repeat(stringWidth(block[0])))
          .join('    ')
          .trimEnd(),
      );
    from = to;
  }
  return [...heading(title, options), ...lines];
}

function treeLines(node: TreeNode, style: Style, lead = '', branch = ''): string[] {
  const text = `${node.label}  ${node.text}`;
  const below = branch === '' ? '' : branch.startsWith('└') ? '   ' : '│  ';
  return [
    `${lead}${branch}${node.kept ? text : style.dim(`${text} ✗`)}`,
    ...node.children.flatMap((child, k) =>
      treeLines(child, style, lead + below, k + 1 < node.children.length ? '├─ ' : '└─ '),
    ),
  ];
}
