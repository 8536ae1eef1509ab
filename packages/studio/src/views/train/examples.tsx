// Some of the data: rows, images or a curve, with what noise changed in them marked.

import type { Preview, PreviewRow, Stretch } from '../../training/preview-rows.ts';
import { Pixels } from '../../charts/pixels.tsx';
import { isText, type PresetName } from '../../settings/presets.ts';
import { lazy } from '../../ui/lazy.tsx';
import { dataWords } from './data-words.ts';

/** Loaded when there is a series to be seen. */
const SeriesExample = lazy(async () => (await import('./series-example.tsx')).SeriesExample, 'examples');

/** See the top of this file. */
export function Examples({ preview, preset }: { readonly preview: Preview; readonly preset: PresetName }) {
  const w = dataWords.value;
  const kind = isText(preset) ? 'text' : preview.kind;
  const marked =
    preview.kind === 'rows' && preview.rows.some(({ input, target }) => [...input, ...target].some(isNoise));
  return (
    <div class="examples">
      <p class="say">
        {w.preview[kind]} {marked && w.marked}
      </p>
      {preview.kind === 'rows' && <Rows rows={preview.rows} />}
      {preview.kind === 'images' && (
        <ul class="example-images">
          {preview.rows.map(({ image, text }, k) => (
            <li key={k} class={image.width > image.height ? 'wide' : undefined}>
              <Pixels picture={image} />
              <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
      {preview.kind === 'series' && <SeriesExample preview={preview} />}
    </div>
  );
}

const isNoise = ({ noise }: Stretch) => noise;

function Rows({ rows }: { readonly rows: readonly PreviewRow[] }) {
  const w = dataWords.value;
  const pairs = rows.some(({ target }) => target.length > 0);
  return (
    <div class="table-scroll" role="region" aria-label={w.previewTitle} tabIndex={0}>
      <table class="example-rows">
        {pairs && (
          <thead>
            <tr>
              <th scope="col">{w.input}</th>
              <th scope="col">{w.target}</th>
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map(({ input, target }, k) => (
            <tr key={k}>
              <td>
                <Marked parts={input} />
              </td>
              {pairs && (
                <td>
                  <Marked parts={target} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What noise changed is marked, for those who see and for those who listen. */
function Marked({ parts }: { readonly parts: readonly Stretch[] }) {
  return parts.map(({ text, noise }, k) => (noise ? <mark key={k}>{text}</mark> : text));
}
