// The run as a thing: its name, its link, its end.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { parameters } from '../../state/address.ts';
import { hiddenText } from '../../settings/hidden.ts';
import { isOwn, presets } from '../../settings/presets.ts';
import { remove, rename } from '../../state/trainer.ts';
import type { History } from '../../training/history.ts';
import { changesText, type RunSpec } from '../../training/spec.ts';
import { grouped } from '../../words/numbers.ts';
import type { Status } from '../../workers/protocol.ts';
import { LeaveOut } from './leave-out.tsx';
import { linkOf } from './link-of.ts';
import { hidden } from './settings-of.ts';
import { words } from './words.ts';

interface RecordProps extends Pick<Status, 'sha' | 'saved'>, Pick<History, 'skipped'> {
  readonly spec: RunSpec;
}

/** The address that trains a run again; null for one on the user's own data. */
export function linkOfRun({ spec, sha }: Pick<RecordProps, 'spec' | 'sha'>, hide: string | null): string | null {
  const { settings, changes, data } = spec;
  if (isOwn(data.preset)) return null;
  return linkOf({
    preset: data.preset,
    settings,
    usual: presets[data.preset],
    changes: changesText(changes),
    sha,
    hide,
  });
}

/** See the top of this file. */
export function Record({ spec, sha, saved, skipped }: RecordProps) {
  const w = words.value;
  const copied = useSignal('');
  const left = useSignal(hidden.peek());
  const link = linkOfRun({ spec, sha }, hiddenText(left.value));
  const copy = () =>
    void navigator.clipboard.writeText(link ?? '').then(() => {
      copied.value = link ?? '';
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
            {copied.value === link ? w.copied : w.copyLink}
          </button>
        )}
      </NameForm>
      {link && <LeaveOut hidden={left} preset={spec.data.preset} />}
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
