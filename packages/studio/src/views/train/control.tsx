// What may change while the run trains: the learning rate and the clipping. A change is part of the run, so that it can be trained again.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { change, type Current } from '../../state/trainer.ts';
import { changeAt } from '../../training/spec.ts';
import { brief, percent } from '../../words/numbers.ts';
import { isShown } from './settings-of.ts';
import { words } from './words.ts';

/** Steps of a slider over powers of ten. */
const [least, most, perPower] = [-5, 0, 20];
const toSlider = (lr: number) => Math.round((Math.log10(lr) - least) * perPower);
const fromSlider = (k: number) => Number((10 ** (least + k / perPower)).toPrecision(2));

/** See the top of this file. */
export function Control({ now, span }: { readonly now: Current; readonly span: 5 | 12 }) {
  const w = words.value;
  const { spec, status, history } = now;
  const at = changeAt(spec, status.step);
  const [lr, clip] = [useSignal(at.lr), useSignal(at.clipNorm)];
  useEffect(() => {
    lr.value = at.lr;
    clip.value = at.clipNorm;
  }, [spec.id, at.lr, at.clipNorm]);
  const recent = history.clipped.slice(-50);
  const clipped = recent.reduce((a, b) => a + b, 0) / Math.max(1, recent.length);
  const said = at.clipNorm > 0 ? w.clipAt(brief(at.clipNorm), percent(clipped)) : w.clipNone;
  const norm = history.open.at(-1)?.norm ?? history.norm.at(-1);
  const off = status.phase !== 'paused' && status.phase !== 'training';
  const before =
    spec.changes.length > 1 ? spec.changes.at(-2) : { lr: spec.settings.lr, clipNorm: spec.settings.clipNorm };
  const changed = spec.changes.length > 0 && before && (before.lr !== at.lr || before.clipNorm !== at.clipNorm);
  return (
    <section class={`card span-${span}`}>
      <h2>{w.control}</h2>
      <p class="say">{w.controlSay(brief(at.lr), said)}</p>
      <div class="sliders">
        {isShown('lr') && (
          <div class="slider">
            <label for="live-lr">{w.fields.lr}</label>
            <output for="live-lr">{brief(lr.value)}</output>
            <input
              id="live-lr"
              type="range"
              min={0}
              max={(most - least) * perPower}
              value={toSlider(lr.value)}
              disabled={off}
              aria-valuetext={brief(lr.value)}
              onInput={(event) => {
                lr.value = fromSlider(event.currentTarget.valueAsNumber);
              }}
              onChange={() => void change(lr.value, clip.value)}
            />
          </div>
        )}
        {isShown('clipNorm') && (
          <div class="slider">
            <label for="live-clip">{w.fields.clipNorm}</label>
            <output for="live-clip">{clip.value > 0 ? brief(clip.value) : w.clipNone}</output>
            <input
              id="live-clip"
              type="range"
              min={0}
              max={40}
              value={clip.value === 0 ? 0 : Math.min(40, Math.max(1, Math.round(20 + 10 * Math.log10(clip.value))))}
              disabled={off}
              aria-valuetext={clip.value > 0 ? brief(clip.value) : w.clipNone}
              onInput={(event) => {
                const k = event.currentTarget.valueAsNumber;
                clip.value = k === 0 ? 0 : Number((10 ** ((k - 20) / 10)).toPrecision(2));
              }}
              onChange={() => void change(lr.value, clip.value)}
            />
          </div>
        )}
      </div>
      <p class="say">
        {norm !== undefined && w.normNow(brief(norm))}{' '}
        {changed && before && (
          <button type="button" class="link" disabled={off} onClick={() => void change(before.lr, before.clipNorm)}>
            {w.controlUndo}
          </button>
        )}
      </p>
    </section>
  );
}
