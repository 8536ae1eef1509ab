// What a run attends to: the matrix of a translation, the maps of a caption or a question, the weights of one step, the answer, and the beam search.

import type { TreeNode } from 'unrolled/lessons';
import { Bars } from '../../charts/bars.tsx';
import { Picture, regionsOf } from '../../charts/picture.tsx';
import { Tree } from '../../charts/tree.tsx';
import type { Attended } from '../../reading/protocol.ts';
import { askBeam, beamFound, beams, chosen, edits, undoWeights } from '../../state/attention.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief, minus } from '../../words/numbers.ts';
import { WeightBars } from './weight-bars.tsx';
import { words } from './words.ts';

interface CardProps {
  readonly now: Attended;
}

const stepOf = (now: Attended) => Math.min(chosen.value, now.steps.length - 1);
const largest = (weights: readonly number[]) => weights.indexOf(Math.max(...weights));
/** Three digits after the point, so that numbers below each other line up. */
const three = (n: number) => minus(n.toFixed(3)).replace('−0.000', '0.000');
const shown = (token: string) => (token === ' ' ? '␣' : token);

function tableOf({ steps, source }: Attended) {
  const w = words.value;
  return {
    head: [w.output, w.probability, ...source.map((name, k) => `${k + 1} ${shown(name)}`)],
    rows: steps.map(({ token, probability, weights }) => [shown(token), probability, ...weights]),
  };
}

/** A row for each token that is written, a column for each token of the source. */
export function MatrixCard({ now }: CardProps) {
  const w = words.value;
  const at = stepOf(now);
  const { token, weights } = now.steps[at];
  const best = largest(weights);
  return (
    <Figure
      title={w.matrix}
      say={w.matrixSay(shown(token), shown(now.source[best]), brief(weights[best]))}
      span={12}
      explain={w.explain}
      image="svg"
      table={() => tableOf(now)}
    >
      <div class="matrix-scroll" role="group" aria-label={w.matrix} tabIndex={0}>
        <table class="matrix unsigned attention">
          <thead>
            <tr>
              <td />
              {now.source.map((name, k) => (
                <th scope="col" key={k}>
                  {shown(name)}
                </th>
              ))}
              <td class="p">{w.probability}</td>
            </tr>
          </thead>
          <tbody>
            {now.steps.map((step, r) => (
              <tr key={r} class={`${r === at ? 'here' : ''}${step.edited ? ' edited' : ''}`}>
                <th scope="row">
                  <button
                    type="button"
                    aria-pressed={r === at}
                    onClick={() => {
                      chosen.value = r;
                    }}
                  >
                    {shown(step.token)}
                  </button>
                </th>
                {step.weights.map((v, c) => (
                  <td
                    key={c}
                    title={`${shown(step.token)} · ${shown(now.source[c])}: ${v.toFixed(4)}`}
                    style={{ '--v': `${Math.round(70 * v)}%` }}
                    onPointerEnter={() => {
                      hovered(r, c, now);
                    }}
                  >
                    {v >= 0.005 ? v.toFixed(2).replace(/^0/, '') : ''}
                  </td>
                ))}
                <td class="p">{step.probability.toFixed(3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="legend exact" role="status" id="attention-exact" />
    </Figure>
  );
}

/** The exact value under the pointer: written by hand, so that hundreds of cells are not drawn again. */
function hovered(row: number, column: number, { steps, source }: Attended): void {
  const line = document.getElementById('attention-exact');
  const { token, weights } = steps[row];
  if (line) line.textContent = `${shown(token)} · ${shown(source[column])} ${weights[column].toFixed(4)}`;
}

/** The image once for every word, with what was attended to. */
export function MapsCard({ now }: CardProps) {
  const w = words.value;
  const at = stepOf(now);
  const { image, map } = now;
  if (!image || !map) return null;
  const { token, weights } = now.steps[at];
  const best = largest(weights);
  const isQuestion = now.kind === 'question';
  const say = (isQuestion ? w.questionSay : w.mapsSay)(shown(token), now.source[best], brief(weights[best]));
  return (
    <Figure
      title={isQuestion ? w.question : w.maps}
      say={say}
      span={12}
      explain={isQuestion ? undefined : w.explain}
      image="canvas"
      table={() => tableOf(now)}
    >
      <div class="pictures">
        {now.steps.map((step, k) => (
          <figure key={k} class={`${k === at ? 'here' : ''}${step.edited ? ' edited' : ''}`}>
            <Picture
              image={image}
              map={regionsOf(step.weights, map)}
              most={isQuestion ? 1 : undefined}
              label={`${step.token}: ${now.source[largest(step.weights)]} ${brief(Math.max(...step.weights))}`}
            />
            <figcaption>
              <button
                type="button"
                aria-pressed={k === at}
                onClick={() => {
                  chosen.value = k;
                }}
              >
                {step.token}
              </button>
              {Number.isFinite(step.probability) && <span>{step.probability.toFixed(3)}</span>}
            </figcaption>
          </figure>
        ))}
      </div>
    </Figure>
  );
}

/** The weights of the chosen step, to be changed. */
export function WeightsCard({ now }: CardProps) {
  const w = words.value;
  if (!now.changes) return null;
  const at = stepOf(now);
  const { token, weights } = now.steps[at];
  return (
    <Figure title={w.weights(shown(token))} say={w.weightsSay} span={12}>
      <WeightBars step={at} source={now.source.map(shown)} weights={weights} columns={now.map?.[1]} />
      <p class="run-row">
        <button type="button" disabled={edits.value.length === 0} onClick={undoWeights}>
          {w.undo}
        </button>
      </p>
    </Figure>
  );
}

/** Answers by probability. */
export function AnswersCard({ now }: CardProps) {
  const w = words.value;
  if (now.answers.length === 0) return null;
  const [first] = now.answers;
  return (
    <Figure
      title={w.answers}
      say={w.answersSay(first.label, brief(first.probability))}
      span={12}
      table={() => ({
        head: [w.answers, w.probability],
        rows: now.answers.map(({ label, probability }) => [label, probability]),
      })}
    >
      <Bars
        most={1}
        rows={now.answers.map(({ label, probability }) => ({
          label,
          value: probability,
          text: probability.toFixed(3),
          marked: label === now.target,
        }))}
      />
    </Figure>
  );
}

/** The tree of the beam search. */
export function BeamCard() {
  const w = words.value;
  const found = beamFound.value;
  if (!found) return null;
  const [best] = found.best;
  const rows = (node: TreeNode, depth: number): (string | number)[][] => [
    [depth, node.label, node.text, node.kept ? w.kept : w.dropped],
    ...node.children.flatMap((child) => rows(child, depth + 1)),
  ];
  return (
    <Figure
      title={w.beam}
      say={w.beamSay(best.text, brief(best.score))}
      span={12}
      image="svg"
      table={() => ({ head: [w.depth, w.output, w.logProbability, ''], rows: rows(found.root, 0) })}
    >
      <div class="inside-controls">
        <label>
          {w.beams}
          <input
            class="small"
            type="number"
            min={1}
            max={6}
            value={beams.value}
            onChange={(event) => {
              const n = Math.round(event.currentTarget.valueAsNumber);
              beams.value = n >= 1 && n <= 6 ? n : beams.value;
              event.currentTarget.value = String(beams.value);
              askBeam();
            }}
          />
        </label>
      </div>
      <Tree roots={[found.root]} label={w.beam} />
      <ol class="hypotheses">
        {found.best.map(({ text, score, logProbability }) => (
          <li key={text}>
            <code>{text}</code> {w.score} {three(score)}, {w.logProbability} {three(logProbability)}
          </li>
        ))}
      </ol>
    </Figure>
  );
}
