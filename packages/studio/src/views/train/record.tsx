// The run as a thing: its name, its link, its end.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { hashOf, parameters } from '../../state/address.ts';
import { isOwn, presets } from '../../settings/presets.ts';
import { differences } from '../../settings/settings.ts';
import { remove, rename } from '../../state/trainer.ts';
import type { History } from '../../training/history.ts';
import { changesText, type RunSpec } from '../../training/spec.ts';
import { grouped } from '../../words/numbers.ts';
import type { Status } from '../../workers/protocol.ts';
import { words } from './words.ts';

interface RecordProps extends Pick<Status, 'sha' | 'saved'>, Pick<History, 'skipped'> {
  readonly spec: RunSpec;
}

/** The address that trains a run again: example, settings that differ from it, changes, and the SHA that it ended in. */
export function linkOf({ spec, sha }: Pick<RecordProps, 'spec' | 'sha'>): string | null {
  const { preset } = spec.data;
  if (isOwn(preset)) return null;
  const parts = new Map<string, string>([['preset', preset], ...differences(spec.settings, presets[preset])]);
  if (spec.changes.length > 0) parts.set('changes', changesText(spec.changes));
  if (sha) parts.set('sha', sha);
  return location.href.split('#')[0] + hashOf(parts);
}

/** See the top of this file. */
export function Record({ spec, sha, saved, skipped }: RecordProps) {
  const w = words.value;
  const copied = useSignal(false);
  const link = linkOf({ spec, sha });
  const copy = () =>
    void navigator.clipboard.writeText(link ?? '').then(() => {
      copied.value = true;
    });
  const wanted = parameters.value.get('sha');
  const verdict = sha && wanted ? (wanted === sha ? w.shaSame : w.shaOther) : null;
  return (
    <section class="card span-12 record">
      <h2>{w.record}</h2>
      <p class="say">
        {sha ? w.recordSay(sha) : link ? w.recordOpen : w.noLink} {verdict && <b>{verdict}</b>}{' '}
        {saved === null ? w.notSaved : w.saved(grouped(saved))}
      </p>
      {skipped.length > 0 && <p class="problem">{w.skippedSteps(skipped.length, skipped.at(-1)?.where ?? '')}</p>}
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
