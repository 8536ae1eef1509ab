// The unrolled network in the terminal: a column for every step, outputs above, inputs below.

import { type LessonLanguage, lessonTerms, type UnrolledFigure } from 'unrolled/lessons';
import { padEnd, type Style, stringWidth } from '../terminal/index.ts';

interface Options {
  readonly style: Style;
  readonly width: number;
  readonly language: LessonLanguage;
}

const arrow = ' → ';

export function unrolledLines(
  { steps, weights, feedback = false, loop = false }: UnrolledFigure,
  { style, width, language }: Options,
): string[] {
  const cell = Math.max(
    3,
    ...steps.flatMap(({ input = [], state, output = [] }) => [...input, ...state, ...output]).map(stringWidth),
  );
  const fits = Math.max(1, Math.floor((width - (loop ? 12 : 0) + arrow.length) / (cell + arrow.length)));
  const lines: string[] = [];
  for (let from = 0; from < steps.length; from += fits) {
    const row = steps.slice(from, from + fits);
    const lead = loop && from === 0 ? 12 : loop ? 12 : 0;
    const front = (text: string) => padEnd(text, lead);
    const all = (of: (step: (typeof steps)[number]) => readonly string[] | undefined) => {
      const height = Math.max(0, ...row.map((step) => of(step)?.length ?? 0));
      return Array.from({ length: height }, (_, l) => row.map((step) => center(of(step)?.[l] ?? '', cell)));
    };
    const up = (of: 'input' | 'output') => row.map((step) => center(step[of] ? '↑' : '', cell)).join('   ');
    const outputs = all(({ output }) => output);
    const states = all(({ state }) => state);
    const inputs = all(({ input }) => input);
    const middle = Math.floor((states.length - 1) / 2);
    const first = loop && from === 0;
    if (lines.length > 0) lines.push('');
    lines.push(
      ...outputs.map((cells, l) => front(first && l === outputs.length - 1 ? '  y' : '') + cells.join('   ')),
      ...(outputs.length > 0
        ? [front(first ? '  ↑' : '') + style.dim(up('output') + (weights ? `  ${weights[2]}` : ''))]
        : []),
      ...states.map(
        (cells, l) =>
          front(first && l === middle ? '  h ↺   =' : '') +
          style.cyan(cells.join(l === middle ? arrow : '   ')) +
          (l === middle && weights ? style.dim(`  ${weights[1]} →`) : ''),
      ),
      ...(inputs.length > 0
        ? [front(first ? '  ↑' : '') + style.dim(up('input') + (weights ? `  ${weights[0]}` : ''))]
        : []),
      ...inputs.map((cells, l) => front(first && l === 0 ? '  x' : '') + cells.join('   ')),
    );
  }
  if (feedback) lines.push(style.dim(lessonTerms[language].feedback));
  return lines.map((line) => line.trimEnd());
}

function center(text: string, width: number): string {
  const free = Math.max(0, width - stringWidth(text));
  return padEnd(' '.repeat(Math.floor(free / 2)) + text, width);
}
