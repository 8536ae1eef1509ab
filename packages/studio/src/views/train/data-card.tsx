// The data: noise, amount, split and another draw, and below them some of the data as they are now.

import { effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Preview } from '../../training/preview-rows.ts';
import { formOf } from '../../settings/form.ts';
import { isOwn, made } from '../../settings/presets.ts';
import { inspector } from '../../state/inspector.ts';
import { ownData } from '../../state/own.ts';
import { lazy } from '../../ui/lazy.tsx';
import { dataWords } from './data-words.ts';
import { FormFields } from './form-fields.tsx';
import { isShown, preset, set, settings } from './settings-of.ts';

const Examples = lazy(async () => (await import('./examples.tsx')).Examples, 'examples');

const preview = signal<Preview | null>(null);
const pause = 60; // ms, while a slider moves

/** Asks for some of the data again when they are others. Returns what ends it. */
function followPreview(): () => void {
  let [timer, of, key]: [ReturnType<typeof setTimeout> | undefined, string, string] = [undefined, '', ''];
  const end = effect(() => {
    const [name, all, own] = [preset.value, settings.value, ownData.value];
    const { noise, dataSize, dataSeed, validation, windowLength, seed } = all;
    const next = [name, noise, dataSize, dataSeed, validation, windowLength, seed].join();
    if (next === key && !isOwn(name)) return;
    if (of !== name || isOwn(name)) preview.value = null;
    [of, key] = [name, next];
    clearTimeout(timer);
    const take = (found: Preview | null) => {
      if (key === next) preview.value = found;
    };
    // What cannot be made, the plan says. A table of the user's own shows its rows itself.
    if (!isOwn(name))
      timer = setTimeout(
        () => void inspector.call('preview', { preset: name, settings: all }).then(take, () => take(null)),
        pause,
      );
    else if (own && 'size' in own)
      void import('../../training/preview.ts').then(({ previewOf }) => take(previewOf(own)));
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}

/** See the top of this file. */
export function DataCard() {
  useEffect(followPreview, []);
  const w = dataWords.value;
  const name = preset.value;
  const of = made[name];
  const again = () => set('dataSeed', (settings.value.dataSeed + 1) % 2 ** 31);
  const shown = preview.value;
  return (
    <section class="card span-8 data">
      <h2>{w.title}</h2>
      <p class="say">{of ? (of.size ? w.says.made : w.says.needed) : w.says.fixed}</p>
      <FormFields names={formOf(name).data} />
      {(shown || !isOwn(name)) && (
        <header class="card-head">
          <h3>{w.previewTitle}</h3>
          {of && isShown('dataSeed') && (
            <button type="button" onClick={again}>
              {w.again}
            </button>
          )}
        </header>
      )}
      {shown ? <Examples preview={shown} preset={name} /> : !isOwn(name) && <div class="examples" />}
    </section>
  );
}
