// How often each gate is shut and open, and for how long it keeps.

import type { Look } from '../../training/history.ts';
import { Figure } from '../../ui/figure.tsx';
import { percent, steps } from '../../words/numbers.ts';
import { layerText } from './layer-text.ts';
import { words } from './words.ts';

/** See the top of this file. */
export function GateCard({ look }: { readonly look: Look | undefined }) {
  const w = words.value;
  const gates = look?.gates ?? [];
  const keeping = gates
    .filter(({ holds }) => holds !== null)
    .sort((a, b) => b.long - a.long || (b.holds ?? 0) - (a.holds ?? 0));
  const most = keeping.at(0);
  const say = !look
    ? w.ridgeNone
    : most
      ? w.gatesSay(layerText(most.layer), most.long, steps(most.holds ?? 0))
      : w.gatesNo;
  const name = (gate: string) => (w.gateNames as Readonly<Record<string, string>>)[gate] ?? gate;
  const rows = gates.map(({ layer, gate, shut, open, holds }) => ({
    name: w.gateName(layerText(layer), name(gate)),
    shut,
    open,
    holds: holds === null ? '' : w.steps(steps(holds)),
  }));
  return (
    <Figure
      title={w.gates}
      say={say}
      span={5}
      explain={w.gatesExplain}
      tableShown
      table={
        rows.length > 0
          ? () => ({
              head: [w.gate, w.shut, w.open, w.holds],
              rows: rows.map((row) => [row.name, percent(row.shut), percent(row.open), row.holds]),
            })
          : null
      }
    >
      {rows.length > 0 && (
        <table class="gates">
          <thead>
            <tr>
              {[w.gate, w.shut, w.open, w.holds].map((head) => (
                <th scope="col" key={head}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <td>{row.name}</td>
                <td class="bar" style={{ '--part': `${100 * row.shut}%` }}>
                  {percent(row.shut)}
                </td>
                <td class="bar" style={{ '--part': `${100 * row.open}%` }}>
                  {percent(row.open)}
                </td>
                <td>{row.holds}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Figure>
  );
}
