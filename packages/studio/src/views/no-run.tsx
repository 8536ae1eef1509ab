// A view that has no run to show: why, the runs that it could show, and the examples to train for it.

import type { DataKind } from '../data/dataset.ts';
import { parameters } from '../state/address.ts';
import type { PresetName } from '../settings/presets.ts';
import { runs } from '../state/trainer.ts';
import { presetWords } from './train/preset-words.ts';
import { addressOf } from './train/settings-of.ts';
import { common } from '../words/common.ts';
import { Link } from './link.tsx';

interface NoRunProps {
  readonly title: string;
  readonly say: string;
  /** What the runs that it could show have learned from. Default: anything. */
  readonly kinds?: readonly DataKind[];
  readonly examples: readonly Exclude<PresetName, `own-${string}`>[];
}

/** See the top of this file. */
export function NoRun({ title, say, kinds, examples }: NoRunProps) {
  const w = common.value;
  const others = runs.value.filter(
    ({ spec }) => (kinds?.includes(spec.data.kind) ?? true) && spec.id !== parameters.value.get('run'),
  );
  return (
    <>
      <div class="top">
        <h1>{title}</h1>
        <p class="sub intro" role="status">
          {say}
        </p>
      </div>
      <dl class="ways">
        {others.length > 0 && (
          <>
            <dt>{w.runs}</dt>
            <dd>
              {others.slice(0, 12).map(({ spec }) => (
                <Link key={spec.id} to={{ run: spec.id }}>
                  {spec.name}
                </Link>
              ))}
            </dd>
          </>
        )}
        <dt>{w.views.train}</dt>
        <dd class="presets">
          {examples.map((preset) => (
            <Link key={preset} class="preset" to={{ ...addressOf(preset), view: null, run: null }}>
              <b>{presetWords.value.names[preset]}</b>
              <span>{presetWords.value.says[preset]}</span>
            </Link>
          ))}
        </dd>
      </dl>
    </>
  );
}
