// The link of what is set up, and what it leaves out of the form.

import { useSignal } from '@preact/signals';
import { hiddenText } from '../../settings/hidden.ts';
import { isOwn } from '../../settings/presets.ts';
import { parameters } from '../../state/address.ts';
import { dataWords } from './data-words.ts';
import { LeaveOut } from './leave-out.tsx';
import { linkOf } from './link-of.ts';
import { hidden, preset, settings, usual } from './settings-of.ts';
import { words } from './words.ts';

/** See the top of this file. */
export function LinkCard() {
  const [w, t] = [dataWords.value, words.value];
  const left = useSignal(hidden.peek());
  const copied = useSignal('');
  const link = linkOf({
    preset: preset.value,
    settings: settings.value,
    usual: usual.value,
    changes: parameters.value.get('changes'),
    sha: parameters.value.get('sha'),
    hide: hiddenText(left.value),
  });
  const copy = () =>
    void navigator.clipboard.writeText(link).then(() => {
      copied.value = link;
    });
  return (
    <section class="card span-12 record">
      <h2>{w.link}</h2>
      <p class="say">
        {w.linkSay} {isOwn(preset.value) && w.linkOwn}
      </p>
      <LeaveOut hidden={left} preset={preset.value} />
      <div class="link-row">
        <code>{link}</code>
        <button type="button" onClick={copy}>
          {copied.value === link ? t.copied : t.copyLink}
        </button>
      </div>
    </section>
  );
}
