// How a series begins: its curve, and the table behind it.

import { useSignal } from '@preact/signals';
import { Plot } from '../../charts/plot.tsx';
import type { Preview } from '../../training/preview-rows.ts';
import type { TableData } from '../../ui/csv.ts';
import { DataTable } from '../../ui/figure.tsx';
import { common } from '../../words/common.ts';
import { dataWords } from './data-words.ts';

type SeriesPreview = Extract<Preview, { readonly kind: 'series' }>;

/** See the top of this file. */
export function SeriesExample({ preview }: { readonly preview: SeriesPreview }) {
  const w = dataWords.value;
  const { name, values, plain } = preview;
  const table = useSignal(false);
  const points = (list: readonly number[]) => list.map((y, t) => [t, y] as const);
  return (
    <>
      <Plot
        series={[
          { name, points: points(values), color: 0 },
          { name: w.plain, points: points(plain), kind: 'dashes', color: 1 },
        ]}
        label={`${name}. ${w.preview.series}`}
        xLabel={w.step}
        yLabel={w.value}
        height={240}
      />
      <button
        class="quiet"
        type="button"
        aria-expanded={table.value}
        onClick={() => {
          table.value = !table.value;
        }}
      >
        {common.value.table}
      </button>
      {table.value && <DataTable table={() => tableOf(preview)} label={w.previewTitle} />}
    </>
  );
}

function tableOf({ name, values, plain }: SeriesPreview): TableData {
  const w = dataWords.value;
  return { head: [w.step, name, w.plain], rows: values.map((value, t) => [t, value, plain[t]]) };
}
