// A lesson's figures by the studio's charts, each with its table.

import type { ComponentChildren } from 'preact';
import type { LessonFigure, TableFigure, TreeNode } from 'unrolled/lessons';
import { Bars } from '../../charts/bars.tsx';
import { Matrix } from '../../charts/matrix.tsx';
import { Picture } from '../../charts/picture.tsx';
import { Plot } from '../../charts/plot.tsx';
import { Tree } from '../../charts/tree.tsx';
import { Unrolled } from '../../charts/unrolled.tsx';
import type { TableData } from '../../ui/csv.ts';
import { Figure } from '../../ui/figure.tsx';
import { Prose } from '../../ui/prose.tsx';
import { brief, grouped } from '../../words/numbers.ts';
import { words } from './words.ts';

interface LessonCardProps {
  readonly figure: LessonFigure;
  /** Its number among figures without a title. */
  readonly n: number;
  readonly part?: string;
}

const titleOf = (figure: LessonFigure) => (figure.kind === 'chart' ? figure.chart.title : figure.title);

/** The number of a figure among those without a title; 0 where it is the only one. */
export function numberOf(figures: readonly LessonFigure[], at: number): number {
  const untitled = figures.filter((one) => !titleOf(one));
  return untitled.length > 1 ? untitled.indexOf(figures[at]) + 1 : 0;
}

/** One figure as a card. `part` is the part of the lesson that it belongs to, where that has another like it. */
export function LessonCard({ figure, n, part }: LessonCardProps) {
  const title = titleOf(figure) ?? words.value.measured(n);
  const drawn = isSvg(figure);
  return (
    <Figure
      title={plain(title)}
      heading={
        <>
          {part && <span class="visually-hidden">{`${part}: `}</span>}
          <Prose text={title} />
        </>
      }
      say=""
      span={12}
      table={figure.kind === 'text' ? null : () => tableOf(figure)}
      tableShown={figure.kind === 'table'}
      image={drawn ? 'svg' : null}
    >
      {content(figure, plain(title))}
    </Figure>
  );
}

const isSvg = ({ kind }: LessonFigure) => kind === 'chart' || kind === 'tree' || kind === 'unrolled';

/** A title is a name: without the marks of subscripts. */
const plain = (text: string) => text.replaceAll(/([_^])\{([^}]+)\}/g, '$1($2)').replaceAll('`', '');

function content(figure: LessonFigure, label: string): ComponentChildren {
  switch (figure.kind) {
    case 'table':
      return <Rows figure={figure} label={label} />;
    case 'chart': {
      const { series, xLabel, yLabel, xScale, yScale, marks, include, height } = figure.chart;
      return (
        <Plot
          {...{ series, label, xLabel, yLabel, xScale, yScale, marks, include }}
          height={Math.min(height ?? 280, 340)}
        />
      );
    }
    case 'text':
      return (
        <pre class="lesson-text" tabIndex={0}>
          {figure.lines.join('\n')}
        </pre>
      );
    case 'bars':
      return (
        <Bars rows={figure.rows.map((row) => ({ ...row, heading: <Prose text={row.label} /> }))} most={figure.most} />
      );
    case 'grids': {
      const all = figure.grids.flatMap(({ values }) => values.flat());
      const most = Math.max(1e-12, ...all.map(Math.abs));
      const signed = all.some((v) => v < 0);
      return (
        <div class="lesson-grids">
          {figure.grids.map(({ name, rows, columns, values }) => (
            <div key={name}>
              {figure.grids.length > 1 && (
                <b>
                  <Prose text={name} />
                </b>
              )}
              <Matrix
                label={`${label}: ${name}`}
                {...{ rows, columns, values, most, signed }}
                digits={figure.digits ?? 2}
              />
            </div>
          ))}
        </div>
      );
    }
    case 'unrolled':
      return <Unrolled figure={figure} label={label} />;
    case 'tree':
      return <Tree roots={figure.roots} label={label} />;
    case 'images':
      return (
        <div class="pictures">
          {figure.images.map(({ image, caption, map }, k) => (
            <figure key={k}>
              <Picture image={image} map={map} label={caption} />
              <figcaption>
                {caption} {map && <b>{brief(Math.max(...map.flat()))}</b>}
              </figcaption>
            </figure>
          ))}
        </div>
      );
    default:
      return figure satisfies never;
  }
}

/** A number with its unit, or none. */
const numeric = /^([−-]?[\d.,]+(×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(×|\s(%|ms|s|µs|B|[KMG]iB))?|–|)$/;

function Rows({ figure: { header, rows }, label }: { readonly figure: TableFigure; readonly label: string }) {
  const textOf = (cell: string | number) => (typeof cell === 'number' ? grouped(cell) : cell);
  const isNumber = (column: number) => rows.every((row) => numeric.test(textOf(row[column])));
  const kind = (column: number) => (column > 0 && isNumber(column) ? 'number' : '');
  return (
    <div class="matrix-scroll" role="group" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map((text, k) =>
              text === '' ? (
                <td key={k} />
              ) : (
                <th scope="col" key={k} class={kind(k)}>
                  <Prose text={text} />
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, c) => (
                <td key={c} class={kind(c)}>
                  <Prose text={textOf(cell)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The numbers behind a figure. */
function tableOf(figure: Exclude<LessonFigure, { kind: 'text' }>): TableData {
  const { head, image, depth, kept, dropped, weight } = words.value;
  switch (figure.kind) {
    case 'table':
      return { head: figure.header, rows: figure.rows };
    case 'chart': {
      const { series, xLabel } = figure.chart;
      const xs = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
      const at = series.map(({ points }) => new Map(points));
      return {
        head: [xLabel ?? head.step, ...series.map(({ name }) => name)],
        rows: xs.map((x) => [x, ...at.map((of) => of.get(x) ?? '')]),
      };
    }
    case 'bars':
      return { head: [head.name, head.value], rows: figure.rows.map(({ label, text }) => [label, text]) };
    case 'grids':
      return {
        head: [head.name, '', ...figure.grids[0].columns],
        rows: figure.grids.flatMap(({ name, rows, values }) => values.map((row, r) => [name, rows[r], ...row])),
      };
    case 'unrolled':
      return {
        head: [head.step, head.reads, head.state, head.writes],
        rows: figure.steps.map(({ input = [], state, output = [] }, k) => [
          k + 1,
          input.join(' '),
          state.join(' '),
          output.join(' '),
        ]),
      };
    case 'tree': {
      const walk = (node: TreeNode, at: number): (string | number)[][] => [
        [at, node.label, node.text, node.kept ? kept : dropped],
        ...node.children.flatMap((child) => walk(child, at + 1)),
      ];
      return { head: [depth, head.name, head.value, ''], rows: figure.roots.flatMap((root) => walk(root, 0)) };
    }
    case 'images':
      return {
        head: [image, head.name, weight],
        rows: figure.images.map(({ caption, map }, k) => [k + 1, caption, map ? Math.max(...map.flat()) : '']),
      };
    default:
      return figure satisfies never;
  }
}
