// A card with a figure: its title, a sentence that says what the figure shows, the figure, and behind it a table. In its corner: the table, an image,
// the numbers, and an explanation.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { common } from '../words/common.ts';
import type { TableData } from './csv.ts';
import { brief, grouped } from '../words/numbers.ts';
import { takeCsv, takePng, takeSvg } from './take.ts';

interface FigureProps {
  readonly title: string;
  /** The title as it is set, where it is more than text. */
  readonly heading?: ComponentChildren;
  /** What the figure shows, computed from the data; empty where the text around it says it. */
  readonly say: string;
  readonly span: 4 | 5 | 6 | 7 | 8 | 12;
  readonly children?: ComponentChildren;
  /** The numbers of the figure. */
  readonly table?: (() => TableData) | null;
  /** Whether the figure is that table, so that it needs no button to show it. */
  readonly tableShown?: boolean;
  /** How to read it. */
  readonly explain?: string;
  /** Whether it can be taken as an image: as an SVG too, or, since some of it is made of pixels, as a PNG alone. */
  readonly image?: 'svg' | 'canvas' | null;
}

/** See the top of this file. */
export function Figure({
  title,
  heading,
  say,
  span,
  children,
  table = null,
  tableShown = false,
  explain,
  image = null,
}: FigureProps) {
  const shown = useSignal<'table' | 'explain' | null>(null);
  const at = useRef<HTMLElement>(null);
  const id = useId();
  const words = common.value;
  const toggle = (what: 'table' | 'explain') => () => {
    shown.value = shown.value === what ? null : what;
  };
  return (
    <section class={`card span-${span}`} aria-labelledby={id} ref={at}>
      <header class="card-head">
        <h2 id={id}>{heading ?? title}</h2>
        <div class="corner">
          {explain && (
            <button class="quiet" type="button" aria-expanded={shown.value === 'explain'} onClick={toggle('explain')}>
              {words.explain}
            </button>
          )}
          {table && !tableShown && (
            <button class="quiet" type="button" aria-expanded={shown.value === 'table'} onClick={toggle('table')}>
              {words.table}
            </button>
          )}
          {(table || image) && (
            <details class="menu" onKeyDown={closeByEscape} onFocusOut={closeBehind}>
              <summary class="quiet">{words.take}</summary>
              <div class="menu-items">
                {image && (
                  <button type="button" onClick={() => void takePng(at.current, title)}>
                    {words.asPng}
                  </button>
                )}
                {image === 'svg' && (
                  <button type="button" onClick={() => takeSvg(at.current, title)}>
                    {words.asSvg}
                  </button>
                )}
                {table && (
                  <button type="button" onClick={() => takeCsv(table(), title)}>
                    {words.asCsv}
                  </button>
                )}
              </div>
            </details>
          )}
        </div>
      </header>
      {say !== '' && <p class="say">{say}</p>}
      {shown.value === 'explain' && <p class="explain">{explain}</p>}
      {children}
      {shown.value === 'table' && table && <DataTable table={table} label={title} />}
    </section>
  );
}

function closeByEscape(event: KeyboardEvent & { readonly currentTarget: HTMLDetailsElement }): void {
  if (event.key !== 'Escape' || !event.currentTarget.open) return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector('summary')?.focus();
}

/** A menu that the focus has left. */
function closeBehind(event: FocusEvent & { readonly currentTarget: HTMLDetailsElement }): void {
  if (!event.currentTarget.contains(event.relatedTarget as Node | null)) event.currentTarget.open = false;
}

const figureOf = (cell: number) => (Number.isInteger(cell) ? grouped(cell) : brief(cell));

interface DataTableProps {
  readonly table: () => TableData;
  readonly label: string;
}

/** Numbers in rows, the newest last, at most 200 of them. */
function DataTable({ table, label }: DataTableProps) {
  const { head, rows } = table();
  return (
    <div class="table-scroll" role="region" aria-label={`${label}, ${common.value.table}`} tabIndex={0}>
      <table class="data">
        <thead>
          <tr>
            {head.map((cell, c) =>
              cell === '' ? (
                <td key={c} />
              ) : (
                <th scope="col" key={cell} class={typeof rows[0]?.[c] === 'number' ? 'number' : undefined}>
                  {cell}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.slice(-200).map((row, r) => (
            <tr key={r}>
              {row.map((cell, c) => (
                <td key={c} class={typeof cell === 'number' ? 'number' : undefined}>
                  {typeof cell === 'number' ? figureOf(cell) : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
