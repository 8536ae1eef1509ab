// Train: a run, or what a run is made of.

import { current } from '../../state/trainer.ts';
import { parameters } from '../../state/address.ts';
import { Live } from './live.tsx';
import { Setup } from './setup.tsx';
import './train.css';

export function Train() {
  const now = current.value;
  return now && parameters.value.get('run') === now.spec.id ? <Live key={now.spec.id} now={now} /> : <Setup />;
}
