// The user's own data: a text to paste, files, or clips of the camera; of a table the columns to learn from, and what is wrong with its rows.

import type { NamedFile, Picked } from '../../own/given.ts';
import { tableKinds } from '../../own/given.ts';
import {
  given,
  leftOut,
  ownData,
  ownPreset,
  ownProblem,
  ownText,
  pick,
  picked,
  reading,
  showGathered,
  typeText,
} from '../../state/own.ts';
import { sizeOf } from '../../data/dataset.ts';
import { lazy } from '../../ui/lazy.tsx';
import { common } from '../../words/common.ts';
import { grouped } from '../../words/numbers.ts';
import { choose } from './settings-of.ts';
import { takeOwn } from './take-own.ts';
import { ownWords, problemText, rowText } from './own-words.ts';

/** Loaded when clips are gathered. */
const Gather = lazy(async () => (await import('./gather.tsx')).Gather);

let wantsCamera = false;

/** Whether the camera was asked for since this was asked; clips of a file are shown without it. */
function cameraAsked(): boolean {
  const asked = wantsCamera;
  wantsCamera = false;
  return asked;
}

/** See the top of this file. */
export function Own() {
  const w = ownWords.value;
  const now = given.value;
  return (
    <div class="own">
      {now?.kind === 'gathered' && <Gather cameraAsked={cameraAsked} />}
      {now === null || now.kind === 'text' ? (
        <>
          <label for="own-text" class="visually-hidden">
            {w.textLabel}
          </label>
          <textarea
            id="own-text"
            placeholder={w.placeholder}
            value={ownText.value}
            onInput={(event) => typeText(event.currentTarget.value)}
          />
        </>
      ) : (
        now.kind === 'table' && <Columns columns={now.columns} preview={now.preview} name={now.name} />
      )}
      <div class="own-foot">
        <Choose label={w.chooseFile} />
        <Choose label={w.chooseFolder} folder />
        <button
          type="button"
          aria-pressed={now?.kind === 'gathered'}
          onClick={() => {
            wantsCamera = now?.kind !== 'gathered';
            showGathered(wantsCamera);
            choose(ownPreset.value);
          }}
        >
          {w.camera}
        </button>
        <span role="status">{reading.value ? w.reading : amount()}</span>
      </div>
      <Problems />
    </div>
  );
}

function amount(): string {
  const w = ownWords.value;
  const data = ownData.value;
  if (!data || ownProblem.value) return w.formats;
  const kind = given.value?.kind === 'gathered' ? 'gathered' : data.kind;
  return data.kind === 'text'
    ? w.characters(grouped(sizeOf(data)))
    : w.amount(w.kinds[kind as 'labeled'], grouped(sizeOf(data)));
}

/** A button that opens files, or a folder. */
function Choose({ label, folder = false }: { readonly label: string; readonly folder?: boolean }) {
  const take = (list: FileList | null) => {
    const files = Array.from(list ?? [], (file): NamedFile => ({ path: file.webkitRelativePath || file.name, file }));
    if (files.length > 0) void takeOwn(files);
  };
  return (
    <label class="button file">
      {label}
      <input
        type="file"
        {...(folder ? { webkitdirectory: true } : {})}
        onChange={(event) => take(event.currentTarget.files)}
      />
    </label>
  );
}

/** What is learned from which columns, above the first rows. */
function Columns({
  columns,
  preview,
  name,
}: {
  readonly columns: readonly string[];
  readonly preview: readonly (readonly string[])[];
  readonly name: string;
}) {
  const w = ownWords.value;
  const now = picked.value;
  if (!now) return null;
  const change = (next: Picked) => void pick(next);
  const other = (kind: Picked['kind']) => {
    const [a, b] = now.columns;
    const pair = [a, b !== undefined && b !== a ? b : columns.findIndex((_, c) => c !== a)];
    change({ kind, columns: kind === 'series' ? now.columns : pair });
  };
  const roles = now.kind === 'series' ? null : w.roles[now.kind];
  return (
    <>
      <div class="fields">
        <div class="field">
          <label for="own-kind">{w.learn}</label>
          <select
            id="own-kind"
            value={now.kind}
            onChange={(event) => other(event.currentTarget.value as Picked['kind'])}
          >
            {tableKinds
              .filter((kind) => kind === 'series' || columns.length > 1)
              .map((kind) => (
                <option key={kind} value={kind}>
                  {w.tasks[kind]}
                </option>
              ))}
          </select>
        </div>
        {roles?.map((role, k) => (
          <div class="field" key={role}>
            <label for={`own-column-${k}`}>{role}</label>
            <select
              id={`own-column-${k}`}
              value={String(now.columns[k])}
              onChange={(event) => change({ ...now, columns: now.columns.with(k, Number(event.currentTarget.value)) })}
            >
              {columns.map((column, c) => (
                <option key={c} value={String(c)}>
                  {column}
                </option>
              ))}
            </select>
          </div>
        ))}
      </div>
      {!roles && (
        <fieldset class="compare">
          <legend>{w.seriesColumns}</legend>
          {columns.map((column, c) => {
            const on = now.columns.includes(c);
            return (
              <label class="toggle" key={c}>
                <input
                  type="checkbox"
                  checked={on}
                  disabled={on && now.columns.length === 1}
                  onChange={() => {
                    const next = on ? now.columns.filter((one) => one !== c) : [...now.columns, c];
                    change({ ...now, columns: next.sort((a, b) => a - b) });
                  }}
                />
                {column}
              </label>
            );
          })}
        </fieldset>
      )}
      <div class="table-scroll" role="region" aria-label={name} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column, c) => (
                <th scope="col" key={c} class={now.columns.includes(c) ? 'chosen' : undefined}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.map((row, r) => (
              <tr key={r}>
                {row.map((cell, c) => (
                  <td key={c}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Problems() {
  const w = ownWords.value;
  const problem = ownProblem.value;
  const { rows, count } = leftOut.value;
  const shown = typeof problem === 'object' && problem?.what === 'few' ? problem.leftOut : rows;
  return (
    <>
      {problem && (
        <div class="problem" role="alert">
          <p>{typeof problem === 'string' ? common.value.failed.file : problemText(problem)}</p>
          {typeof problem === 'string' && <p lang="en">{problem}</p>}
        </div>
      )}
      {!problem && count > 0 && (
        <p class="say">{(picked.value?.kind === 'series' ? w.filledIn : w.leftOut)(grouped(count))}</p>
      )}
      {shown.length > 0 && (
        <ul class="left-out">
          {shown.map((one) => (
            <li key={JSON.stringify(one)}>{rowText(one)}</li>
          ))}
        </ul>
      )}
    </>
  );
}
