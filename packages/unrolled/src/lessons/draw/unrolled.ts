import { escapeXml, image, round, textWidth, titleOf } from '../../analysis/svg.ts';
import type { UnrolledFigure } from '../figures.ts';

const [line, gap, room] = [16, 34, 12];

type Step = UnrolledFigure['steps'][number];

const arrowHead =
  '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="w" d="M0 0 8 4 0 8z"/></marker></defs>';

const arrow = (d: string, dashed = false) =>
  `<path class="line s0${dashed ? ' dashes' : ''}" d="${d}" style="stroke-width:1.5" marker-end="url(#head)"/>`;

/** A column for every step: what it reads below, its state in the middle, what it writes above; the state's arrow goes on to the right. */
export function drawUnrolled(figure: UnrolledFigure): string {
  const { title = '', steps, weights, feedback = false, loop = false } = figure;
  const boxWidth = Math.max(34, ...steps.flatMap(linesOf).map((text) => textWidth(text) + 14));
  const columns = steps.length + (loop ? 1.6 : 0);
  const width = Math.max(440, Math.ceil(room * 2 + columns * (boxWidth + gap)));
  const heading = titleOf(title, width);
  const tall = (lines: readonly (readonly string[] | undefined)[]) =>
    Math.max(0, ...lines.map((l) => (l ? l.length * line + 12 : 0)));
  const heights = {
    output: tall(steps.map(({ output }) => output)),
    state: tall(steps.map(({ state }) => state)),
    input: tall(steps.map(({ input }) => input)),
  };
  const top = heading.bottom + 6;
  const stateTop = top + heights.output + (heights.output > 0 ? gap : 0);
  const inputTop = stateTop + heights.state + (heights.input > 0 ? gap : 0);
  const bottom = inputTop + heights.input + (feedback ? 12 : 0);
  const first = room + (loop ? 1.6 * (boxWidth + gap) : 0);
  const left = (k: number) => first + k * (boxWidth + gap);

  const box = (lines: readonly string[], x: number, y: number, height: number, filled: boolean) =>
    `<rect class="${filled ? 'area f0' : 'grid'}" x="${round(x)}" y="${y}" width="${round(boxWidth)}" height="${height}" rx="5"/>${lines
      .map(
        (text, k) =>
          `<text x="${round(x + boxWidth / 2)}" y="${y + 18 + k * line + (height - 12 - lines.length * line) / 2}" text-anchor="middle">${escapeXml(text)}</text>`,
      )
      .join('')}`;

  const column = ({ input, state, output }: Step, k: number) => {
    const x = left(k);
    const middle = round(x + boxWidth / 2);
    const stateMiddle = round(stateTop + heights.state / 2);
    return [
      input && box(input, x, inputTop, heights.input, false),
      input && arrow(`M${middle} ${inputTop - 2}V${stateTop + heights.state + 3}`),
      box(state, x, stateTop, heights.state, true),
      output && box(output, x, top, heights.output, false),
      output && arrow(`M${middle} ${stateTop - 2}V${top + heights.output + 3}`),
      k + 1 < steps.length && arrow(`M${round(x + boxWidth + 2)} ${stateMiddle}h${gap - 5}`),
      feedback &&
        output &&
        steps[k + 1]?.input &&
        arrow(
          `M${round(x + boxWidth)} ${round(top + heights.output / 2)}h${gap / 2}V${bottom - 4}H${round(left(k + 1) + boxWidth / 2)}V${inputTop + heights.input + 3}`,
          true,
        ),
    ].filter(Boolean);
  };

  const names = weights && [
    label(weights[1], left(0) + boxWidth + gap / 2, stateTop + heights.state / 2 - 8, 'middle'),
    heights.input > 0 && label(weights[0], left(0) + boxWidth / 2 + 6, inputTop - gap / 2 + 4),
    heights.output > 0 && label(weights[2], left(0) + boxWidth / 2 + 6, stateTop - gap / 2 + 4),
  ];
  return image({ width, height: bottom + 12, label: title || steps.map((step) => step.state.join(' ')).join(' → ') }, [
    arrowHead,
    heading.svg,
    loop && loopOf(steps[0], { boxWidth, top, stateTop, inputTop, heights, weights }),
    ...steps.flatMap(column),
    ...(names ?? []),
  ]);
}

interface LoopAt {
  readonly boxWidth: number;
  readonly top: number;
  readonly stateTop: number;
  readonly inputTop: number;
  readonly heights: { readonly output: number; readonly state: number; readonly input: number };
  readonly weights: UnrolledFigure['weights'];
}

/** The network as one cell whose state comes back to it. */
function loopOf({ input, output }: Step, at: LoopAt): string {
  const { boxWidth, top, stateTop, inputTop, heights, weights } = at;
  const [x, middle] = [room, round(room + boxWidth / 2)];
  const box = (text: string, y: number, height: number, kind: string) =>
    `<rect class="${kind}" x="${x}" y="${y}" width="${round(boxWidth)}" height="${height}" rx="5"/><text x="${middle}" y="${y + height / 2 + 5}" text-anchor="middle">${text}</text>`;
  const [right, center] = [round(x + boxWidth), stateTop + heights.state / 2];
  return [
    input && box('x', inputTop, heights.input, 'grid'),
    input && arrow(`M${middle} ${inputTop - 2}V${stateTop + heights.state + 3}`),
    box('h', stateTop, heights.state, 'area f0'),
    output && box('y', top, heights.output, 'grid'),
    output && arrow(`M${middle} ${stateTop - 2}V${top + heights.output + 3}`),
    arrow(`M${right + 2} ${center - 6}c30 -26 30 38 0 12`),
    weights && label(weights[1], right + 8, center - 22),
    `<text x="${round(right + gap * 0.95)}" y="${center + 5}" text-anchor="middle">=</text>`,
  ]
    .filter(Boolean)
    .join('');
}

function label(text: string, x: number, y: number, anchor = 'start'): string {
  return `<text class="small quiet" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}

const linesOf = ({ input = [], state, output = [] }: Step) => [...input, ...state, ...output];
