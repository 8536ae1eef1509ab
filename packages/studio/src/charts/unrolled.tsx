// A recurrent network drawn once for every step, from left to right: below, what it reads, above, what it writes.

import type { UnrolledFigure } from 'unrolled/lessons';

interface UnrolledProps {
  readonly figure: UnrolledFigure;
  readonly label: string;
}

const [line, gap, room, letter] = [16, 30, 2, 7.4];

const wide = (text: string) => Array.from(text).reduce((sum, c) => sum + (c > '\u1100' ? 12 : letter), 0);

/** See the top of this file. */
export function Unrolled({ figure, label }: UnrolledProps) {
  const { steps, weights, feedback = false, loop = false } = figure;
  const lines = steps.flatMap(({ input = [], state, output = [] }) => [...input, ...state, ...output]);
  const width = Math.max(44, ...lines.map((text) => wide(text) + 18));
  const tall = (of: 'input' | 'state' | 'output') => {
    const most = Math.max(0, ...steps.map((step) => step[of]?.length ?? 0));
    return most > 0 ? most * line + 12 : 0;
  };
  const [output, state, input] = [tall('output'), tall('state'), tall('input')];
  const stateTop = room + output + (output > 0 ? gap : 0);
  const inputTop = stateTop + state + (input > 0 ? gap : 0);
  const height = inputTop + input + room + (feedback ? 14 : 0);
  const first = room + (loop ? 1.7 * (width + gap) : 0);
  const left = (k: number) => first + k * (width + gap);
  const whole = left(steps.length - 1) + width + room;
  const middle = stateTop + state / 2;
  return (
    <div class="matrix-scroll" role="group" aria-label={label} tabIndex={0}>
      <svg class="chart unrolled" width={whole} height={height} role="img" aria-label={label}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        {loop && <Loop x={room} y={stateTop} width={width} height={state} lines={[]} />}
        {steps.map((step, k) => (
          <g key={k}>
            {step.input && <Box x={left(k)} y={inputTop} width={width} height={input} lines={step.input} />}
            {step.input && <Arrow d={`M${left(k) + width / 2} ${inputTop}V${stateTop + state + 2}`} />}
            <Box x={left(k)} y={stateTop} width={width} height={state} lines={step.state} strong />
            {step.output && <Arrow d={`M${left(k) + width / 2} ${stateTop}V${room + output + 2}`} />}
            {step.output && <Box x={left(k)} y={room} width={width} height={output} lines={step.output} />}
            {k > 0 && <Arrow d={`M${left(k) - gap} ${middle}H${left(k) - 2}`} />}
            {feedback && k > 0 && steps[k - 1].output && step.input && (
              <Arrow
                dashed
                d={`M${left(k) - gap} ${room + output / 2}H${left(k) - gap / 2}V${height - 6}H${left(k) + width / 2}V${inputTop + input + 2}`}
              />
            )}
          </g>
        ))}
        {weights && (
          <>
            {input > 0 && <Name x={left(0) + width / 2 + 6} y={stateTop + state + gap / 2 + 4} text={weights[0]} />}
            {steps.length > 1 && <Name x={left(1) - gap / 2} y={middle - 8} text={weights[1]} centered />}
            {output > 0 && <Name x={left(0) + width / 2 + 6} y={room + output + gap / 2 + 4} text={weights[2]} />}
          </>
        )}
      </svg>
    </div>
  );
}

interface BoxProps {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
  readonly strong?: boolean;
}

function Box({ x, y, width, height, lines, strong }: BoxProps) {
  const top = y + (height - lines.length * line) / 2 + 12;
  return (
    <g class={strong ? 'cell strong' : 'cell'}>
      <rect x={x} y={y} width={width} height={height} rx={6} />
      {lines.map((text, k) => (
        <text key={k} x={x + width / 2} y={top + k * line} text-anchor="middle">
          {text}
        </text>
      ))}
    </g>
  );
}

/** The cell with its loop, and the sign that it is the same as what follows. */
function Loop({ x, y, width, height, lines }: BoxProps) {
  const middle = y + height / 2;
  return (
    <g>
      <Box x={x} y={y} width={width} height={height} lines={lines} strong />
      <Arrow
        d={`M${x + width} ${middle}C${x + width + 34} ${middle - 44} ${x + width / 2} ${y - 44} ${x + width / 2} ${y - 2}`}
      />
      <text x={x + width + gap * 0.9} y={middle + 4} text-anchor="middle">
        =
      </text>
    </g>
  );
}

const Arrow = ({ d, dashed }: { readonly d: string; readonly dashed?: boolean }) => (
  <path class={dashed ? 'arrow dashed' : 'arrow'} d={d} marker-end="url(#arrow)" />
);

/** `W_hh`: what follows the underscore is set below. */
function Name({ x, y, text, centered }: { x: number; y: number; text: string; centered?: boolean }) {
  const [name, below = ''] = text.split('_');
  return (
    <text class="weight" x={x} y={y} text-anchor={centered ? 'middle' : 'start'}>
      {name}
      <tspan dy={3} font-size="9">
        {below}
      </tspan>
    </text>
  );
}
