// Train: a run, or what a run is made of.

import { current, machine, openedOf } from '../../state/trainer.ts';
import { parameters } from '../../state/address.ts';
import { lazy } from '../../ui/lazy.tsx';
import { common } from '../../words/common.ts';
import { Setup } from './setup.tsx';
import './train.css';

/** Loaded when there is a run to be seen. */
const Live = lazy(async () => (await import('./live.tsx')).Live);
const Opened = lazy(async () => (await import('./opened.tsx')).Opened);

export function Train() {
  const now = current.value;
  const opened = openedOf(parameters.value.get('run'));
  if (opened?.opened) return <Opened key={opened.spec.id} run={opened} about={opened.opened} />;
  return (
    <>
      {machine.value?.keeps === false && (
        <div class="notice" role="status">
          <p>{common.value.noStorage}</p>
        </div>
      )}
      {now && parameters.value.get('run') === now.spec.id ? <Live key={now.spec.id} now={now} /> : <Setup />}
    </>
  );
}
