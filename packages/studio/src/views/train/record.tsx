// The run as a thing: its name, its link, its end.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { hashOf, parameters } from '../../state/address.ts';
import { isOwn, presets } from '../../state/presets.ts';
import { differences } from '../../state/settings.ts';
import { type Current, remove, rename } from '../../state/trainer.ts';
import { changesText } from '../../training/spec.ts';
import { grouped } from '../../words/numbers.ts';
import { words } from './words.ts';

/** The address that trains a run again: example, settings that differ from it, changes, and the SHA that it ended in. */
export function linkOf({ spec, status }: Pick<Current, 'spec' | 'status'>): string | null {
  const { preset } = spec.data;
  if (isOwn(preset)) return null;
  const parts = new Map<string, string>([['preset', preset], ...differences(spec.settings, presets[preset])]);
  if (spec.changes.length > 0) parts.set('changes', changesText(spec.changes));
  if (status.sha) parts.set('sha', status.sha);
  return location.href.split('#')[0] + hashOf(parts);
}

/** See the top of this file. */
export function Record({ now }: { readonly now: Current }) {
  const w = words.value;
  const { spec, status, history } = now;
  const copied = useSignal(false);
  const link = linkOf(now);
  const copy = () =>
    void navigator.clipboard.writeText(link ?? '').then(() => {
      copied.value = true;
    });
  const wanted = parameters.value.get('sha');
  const verdict = status.sha && wanted ? (wanted === status.sha ? w.shaSame : w.shaOther) : null;
  return (
    <section class="card span-12 record">
      <h2>{w.record}</h2>
      <p class="say">
        {status.sha ? w.recordSay(status.sha) : link ? w.recordOpen : w.noLink} {verdict && <b>{verdict}</b>}{' '}
        {status.saved === null ? w.notSaved : w.saved(grouped(status.saved))}
      </p>
      {history.skipped.length > 0 && (
        <p class="problem">{w.skippedSteps(history.skipped.length, history.skipped.at(-1)?.where ?? '')}</p>
      )}
      <NameForm id={spec.id} name={spec.name}>
        {link && (
          <button type="button" onClick={copy}>
            {copied.value ? w.copied : w.copyLink}
          </button>
        )}
      </NameForm>
    </section>
  );
}

/** The name of a run, to be changed, and a button that deletes it. */
export function NameForm({
  id,
  name: now,
  children,
}: {
  readonly id: string;
  readonly name: string;
  readonly children?: ComponentChildren;
}) {
  const w = words.value;
  const name = useSignal(now);
  return (
    <form
      class="record-row"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.value.trim() !== '') void rename(id, name.value.trim());
      }}
    >
      <label for="run-name">{w.name}</label>
      <input
        id="run-name"
        value={name.value}
        maxLength={60}
        onInput={(event) => {
          name.value = event.currentTarget.value;
        }}
      />
      <button type="submit">{w.rename}</button>
      {children}
      <button type="button" class="remove" onClick={() => confirm(w.removeSure(now)) && void remove(id)}>
        {w.remove}
      </button>
    </form>
  );
}
