// Answers of a network, each with what explains it.

import { useSignal } from '@preact/signals';
import type { RawImage } from 'unrolled/data';
import { ForecastChart } from '../charts/forecast-chart.tsx';
import { Picture, regionsOf } from '../charts/picture.tsx';
import { brief, percent } from '../words/numbers.ts';
import { askWords } from './ask-words.ts';
import { firstFrame } from '../data/picture.ts';
import type { Question, Answer, Scored } from './protocol.ts';

type Of<K extends Answer['kind']> = Extract<Answer, { readonly kind: K }>;

/** See the top of this file. */
export function AnswerView({ question, answer }: { readonly question: Question; readonly answer: Answer }) {
  switch (answer.kind) {
    case 'text':
      return <Written prompt={question.text ?? ''} pieces={answer.pieces} />;
    case 'labels':
      return <Labels {...answer} />;
    case 'tags':
      return <Tags tokens={answer.tokens} />;
    case 'translation':
      return <Translated {...answer} />;
    case 'caption':
      return <Captioned {...answer} picture={question.picture} />;
    case 'forecast':
      return <ForecastChart chart={answer.chart} say={askWords.value.says['time-series-forecasting']} />;
    default:
      return answer satisfies never;
  }
}

/** The prompt in full ink, what follows as strong as it was probable: never paler than can be read. */
function Written({ prompt, pieces }: { readonly prompt: string; readonly pieces: Of<'text'>['pieces'] }) {
  const w = askWords.value;
  return (
    <p class="written long" tabIndex={0}>
      <b>{prompt}</b>
      {pieces.map(({ text, probability }, k) => (
        <span
          key={k}
          title={w.probability(percent(probability))}
          style={{ '--p': `${Math.round(100 * probability)}%` }}
        >
          {text}
        </span>
      ))}
    </p>
  );
}

function Labels({ scores, words }: Of<'labels'>) {
  const w = askWords.value;
  const most = words.reduce((high, { effect }) => Math.max(high, Math.abs(effect)), 1e-6);
  return (
    <div class="answer-labels">
      <Scores scores={scores} />
      {words.length > 1 && (
        <div>
          <p class="written">
            {words.map(({ text, effect }, k) => (
              <span
                key={k}
                class={effect < 0 ? 'below' : 'above'}
                title={w.effect(percent(-effect))}
                style={{ '--v': `${Math.round((60 * Math.abs(effect)) / most)}%` }}
              >
                {text}
              </span>
            ))}
          </p>
          <p class="say">{w.effectLegend}</p>
        </div>
      )}
    </div>
  );
}

/** A bar for every label. `best`: the one that stands out. */
export function Scores({ scores, best }: { readonly scores: readonly Scored[]; readonly best?: string }) {
  const w = askWords.value;
  return (
    <table class="scores">
      <thead>
        <tr>
          <th scope="col">{w.label}</th>
          <th scope="col">{w.score}</th>
        </tr>
      </thead>
      <tbody>
        {scores.map(({ label, score }) => (
          <tr key={label} class={label === best ? 'best' : undefined}>
            <td>{label}</td>
            <td class="bar" style={{ '--part': `${100 * score}%` }}>
              {percent(score)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Tags({ tokens }: { readonly tokens: Of<'tags'>['tokens'] }) {
  const w = askWords.value;
  return (
    <ul class="tags">
      {tokens.map(({ token, label, score }, k) => (
        <li key={k} title={w.probability(percent(score))}>
          <span>{seen(token)}</span>
          <small>{label}</small>
          <small>{percent(score)}</small>
        </li>
      ))}
    </ul>
  );
}

/** White space as a sign that can be seen. */
const seen = (token: string): string => token.replaceAll(' ', '␣').replaceAll('\n', '↵').replaceAll('\t', '⇥');

/** A row for each written token, a column for each that was read: the darker, the more it looked there. */
function Translated({ text, tokens, source, attention }: Of<'translation'>) {
  const w = askWords.value;
  return (
    <>
      <p class="written">
        <b>{text}</b>
      </p>
      {attention && (
        <div class="table-scroll" role="region" aria-label={w.title} tabIndex={0}>
          <table class="attention">
            <thead>
              <tr>
                <th scope="col">
                  <span class="visually-hidden">{`${w.to} \\ ${w.from}`}</span>
                </th>
                {source.map((token, c) => (
                  <th scope="col" key={c}>
                    {seen(token)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {tokens.map((token, r) => (
                <tr key={r}>
                  <th scope="row">{seen(token)}</th>
                  {source.map((from, c) => {
                    const weight = attention[r]?.[c] ?? 0;
                    return (
                      <td
                        key={c}
                        title={w.looked(token, from, brief(weight))}
                        style={{ '--v': `${Math.round(100 * weight)}%` }}
                      >
                        <span class="visually-hidden">{brief(weight)}</span>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** A word is chosen, and the picture shows where it looked. */
function Captioned({ tokens, map, attention, picture }: Of<'caption'> & { readonly picture?: RawImage }) {
  const w = askWords.value;
  const chosen = useSignal(0);
  const weights = attention?.[chosen.value] ?? [];
  return (
    <div class="captioned">
      {picture && (
        <Picture
          image={firstFrame(picture)}
          map={map && weights.length > 0 ? regionsOf(weights, map) : undefined}
          label={map ? w.lookedAt(tokens[chosen.value] ?? '') : tokens.join(' ')}
          size={168}
        />
      )}
      <p class="written">
        {tokens.map((token, k) => (
          <button
            key={k}
            type="button"
            class="word"
            aria-pressed={chosen.value === k}
            onClick={() => (chosen.value = k)}
            onMouseEnter={() => (chosen.value = k)}
            onFocus={() => (chosen.value = k)}
          >
            {token}
          </button>
        ))}
      </p>
    </div>
  );
}
