// What became of the examples: how often each label was given where another one was correct.

import { Matrix } from '../../charts/matrix.tsx';
import type { OpenReading } from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { confusionOf } from './outcomes.ts';
import { words } from './words.ts';

/** See the top of this file. */
export function OutcomeCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const found = confusionOf(open);
  if (!found) return null;
  const { labels, counts, all } = found;
  const mistakes = labels.flatMap((target, r) =>
    labels.flatMap((output, c) => (r === c ? [] : [{ target, output, count: counts[r][c] }])),
  );
  const [worst] = mistakes.sort((a, b) => b.count - a.count);
  const say = worst.count === 0 ? w.noMistakes(all) : w.mistakes(worst.count, all, worst.target, worst.output);
  return (
    <Figure
      title={w.confusion}
      say={say}
      image="svg"
      span={12}
      table={() => ({ head: [w.correctLabel, ...labels], rows: labels.map((label, r) => [label, ...counts[r]]) })}
    >
      <Matrix
        label={say}
        rows={labels}
        columns={labels}
        values={counts}
        most={Math.max(1, ...counts.flat())}
        digits={0}
        signed={false}
      />
    </Figure>
  );
}
