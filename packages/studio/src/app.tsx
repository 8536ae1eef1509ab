// The frame: navigation, notices, and the view that the address names.

import { computed, effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { followAddress, navigate, parameters } from './state/address.ts';
import {
  current,
  currentId,
  currentName,
  followAway,
  notice,
  openedOf,
  type PageNotice,
  runs,
  select,
  start,
  tried,
  waiting,
} from './state/trainer.ts';
import { askedFor, open, opening, servedRuns } from './state/opening.ts';
import { isOpenable } from './opening/opened.ts';
import { language, languages } from './words/catalogue.ts';
import { common } from './words/common.ts';
import { duration, grouped, loss, percent } from './words/numbers.ts';
import { inspector } from './state/inspector.ts';
import { droppedFiles } from './own/dropped.ts';
import type { NamedFile } from './own/given.ts';
import { Link } from './views/link.tsx';
import { takeOwn } from './views/train/take-own.ts';
import { views } from './views/table.ts';

/** The name of what is shown. A hidden tab says how far its run is. */
const title = computed(() => {
  const now = current.value;
  const part = now?.status.phase === 'training' ? `${percent(now.status.step / now.spec.settings.steps)} · ` : '';
  const name = openedOf(parameters.value.get('run'))?.spec.name ?? currentName.value ?? viewOf().title();
  return `${part}${name} · ${common.value.brand}`;
});

const viewOf = () => views.find(({ name }) => name === parameters.value.get('view')) ?? views[0];

/** See the top of this file. */
export function App() {
  useEffect(follow, []);
  const { Content } = viewOf();
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => focusMain(event)}>
        {common.value.skip}
      </a>
      <Navigation />
      <main id="main" tabIndex={-1}>
        <Notices />
        {opening.value || (waiting.value === 'opening' && parameters.value.get('run') && !currentId.value) ? (
          <p class="say" role="status">
            {opening.value ? common.value.openingRun : common.value.trainingStarting}
          </p>
        ) : (
          <Content />
        )}
      </main>
    </>
  );
}

function focusMain(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** Follows the address, the language and what is dropped on the page. Returns what ends it. */
function follow(): () => void {
  const ends = [
    followAddress(),
    followAway(),
    effect(() => {
      const asked = parameters.value.get('lang');
      const known = languages.find((one) => one === asked);
      if (known) language.value = known;
    }),
    effect(() => {
      document.documentElement.lang = language.value;
    }),
    effect(() => {
      document.title = title.value;
    }),
    effect(() => openRun(parameters.value.get('run'))),
    effect(() => {
      const url = askedFor(parameters.value);
      if (url !== null && !opening.peek()) void open({ url });
    }),
  ];
  void tried(start);
  const over = (event: DragEvent) => event.preventDefault();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    if (!event.dataTransfer) return;
    void droppedFiles(event.dataTransfer).then((files) => {
      if (files.length === 0) return;
      navigate({ view: null, run: null });
      void takeDropped(files);
    });
  };
  addEventListener('dragover', over);
  addEventListener('drop', drop);
  return () => {
    for (const end of ends) end();
    removeEventListener('dragover', over);
    removeEventListener('drop', drop);
  };
}

/** A run or a model is opened; data are learned from. Only its paths tell what a zip is. */
async function takeDropped(files: readonly NamedFile[]): Promise<void> {
  const isData = !isOpenable(files) || (await inspector.call('isImageZip', files).catch(() => false)); // what cannot be read is told by `open`
  await (isData ? takeOwn(files) : open({ files }));
}

/** Opens the run that the address names, unless it is open. */
function openRun(id: string | undefined): void {
  if (id === undefined || currentId.peek() === id || waiting.peek() === 'opening') return;
  void select(id);
}

function Navigation() {
  const words = common.value;
  const run = parameters.value.get('run');
  const other = language.value === 'ko' ? 'en' : 'ko';
  return (
    <nav class="side" aria-label={words.studio}>
      <div class="brand">
        <svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
          <path d="M2 7h3m4 0h3m4 0h3" stroke="var(--muted)" stroke-width="1.5" />
          <circle cx="7" cy="7" r="2.4" fill="var(--neg)" />
          <circle cx="14" cy="7" r="2.4" fill="var(--pos)" />
        </svg>
        <span>{words.brand}</span>
      </div>
      <div>
        <h2>{words.make}</h2>
        <ul>
          {views.map(({ name, title }) => (
            <li key={name}>
              <Link
                to={{ view: name === views[0].name ? null : name }}
                current={viewOf().name === name ? 'page' : undefined}
              >
                <span>{title()}</span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h2>{words.runs}</h2>
        <ul>
          {runs.value.map(({ spec, loss: value }) => (
            <li key={spec.id}>
              <Link to={{ run: spec.id }} current={run === spec.id ? 'true' : undefined}>
                <span>{spec.name}</span>
                <small>{value === null ? '' : loss(value)}</small>
              </Link>
            </li>
          ))}
          <li>
            <Link to={{ run: null, view: null }}>
              <span>{words.newRun}</span>
            </Link>
          </li>
        </ul>
      </div>
      {servedRuns.length > 0 && (
        <div>
          <h2>{words.served}</h2>
          <ul>
            {servedRuns.map(({ name, href }) => (
              <li key={href}>
                <Link to={{ open: href, run: null, view: null }}>
                  <span>{name}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
      <button class="quiet language" type="button" lang={other} onClick={() => navigate({ lang: other })}>
        {words.language}
      </button>
    </nav>
  );
}

function Notices() {
  const words = common.value;
  const now = notice.value;
  if (!now) return null;
  return (
    <div class="notice" role="alert">
      <div>
        <p>{textOf(now)}</p>
        {now.kind === 'error' && (
          <p class="detail" lang="en">
            {now.message}
          </p>
        )}
      </div>
      {now.kind === 'other-tab' && (
        <button
          type="button"
          onClick={() => {
            notice.value = null;
            void select(now.id, true);
          }}
        >
          {words.watchHere}
        </button>
      )}
      <button
        class="quiet"
        type="button"
        onClick={() => {
          notice.value = null;
        }}
      >
        {words.dismiss}
      </button>
    </div>
  );
}

function textOf(notice: PageNotice): string {
  const words = common.value;
  switch (notice.kind) {
    case 'storage-full':
      return words.storageFull(grouped(notice.step));
    case 'out-of-memory':
      return words.outOfMemory;
    case 'restarted':
      return words.workerRestarted(grouped(notice.step));
    case 'lost':
      return words.workerLost;
    case 'other-tab':
      return words.otherTab;
    case 'inspector-lost':
      return words.inspectorLost;
    case 'slept':
      return words.slept(duration(notice.seconds), grouped(notice.step));
    case 'was-hidden':
      return words.wasHidden(grouped(notice.steps), grouped(notice.step));
    case 'elsewhere':
      return words.elsewhere(notice.address);
    case 'not-kept':
      return words.notKept;
    case 'error':
      return words.failed[notice.what];
    default:
      return notice satisfies never;
  }
}
