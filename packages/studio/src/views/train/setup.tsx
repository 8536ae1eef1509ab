// Before a run: its text, its network, and a plan that says what it will take.

import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { parameters } from '../../state/address.ts';
import { inspector } from '../../state/inspector.ts';
import { isText, type PresetName, presetNames } from '../../state/presets.ts';
import type { Settings } from '../../state/settings.ts';
import { create, waiting } from '../../state/trainer.ts';
import { readChanges } from '../../training/spec.ts';
import { Setting } from '../../ui/fields.tsx';
import { common } from '../../words/common.ts';
import { bytes, duration, grouped } from '../../words/numbers.ts';
import type { Plan } from '../../workers/protocol.ts';
import { choose, clamped, preset, set, settings } from './settings-of.ts';
import { words } from './words.ts';

/** The user's own text: never in the address. */
export const ownText = signal('');
const ownName = signal<string | null>(null);
const fileProblem = signal<string | null>(null);

/** Takes a file as the user's own text. */
export async function takeFile(file: File): Promise<void> {
  const data = new Uint8Array(await file.arrayBuffer());
  const wide =
    data[0] === 0xff && data[1] === 0xfe ? 'utf-16le' : data[0] === 0xfe && data[1] === 0xff ? 'utf-16be' : null;
  try {
    ownText.value = new TextDecoder(wide ?? 'utf-8', { fatal: true }).decode(data);
    ownName.value = file.name.replace(/\.[^.]+$/, '');
    fileProblem.value = null;
    choose('own');
  } catch {
    fileProblem.value = file.name;
  }
}

const plan = signal<Plan | null>(null);

/** Plans again a moment after the last change. Returns what ends it. */
function followPlan(): () => void {
  let [timer, asked]: [ReturnType<typeof setTimeout> | undefined, number] = [undefined, 0];
  const end = effect(() => {
    const of = { preset: preset.value, text: preset.value === 'own' ? ownText.value : null, settings: settings.value };
    plan.value = null;
    clearTimeout(timer);
    const mine = ++asked;
    timer = setTimeout(() => {
      inspector.call('plan', of).then(
        (found) => mine === asked && (plan.value = found),
        (error: Error) => mine === asked && (plan.value = { ...noPlan, problem: error.message }),
      );
    }, 200);
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}

const noPlan = { parameters: 0, memory: 0, secondsPerStep: 0, seconds: 0, characters: 0, symbols: 0, problem: null };

const missing = computed(() => preset.value === 'own' && ownText.value.trim() === '');

function begin(): void {
  const name = preset.value === 'own' ? (ownName.value ?? words.value.presets.own) : words.value.presets[preset.value];
  const text = preset.value === 'own' ? ownText.value : null;
  const changes = readChanges(parameters.value.get('changes') ?? '');
  void create({ name, preset: preset.value, text, settings: settings.value, changes });
}

/** See the top of this file. */
export function Setup() {
  useEffect(followPlan, []);
  const w = words.value;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        begin();
      }}
    >
      <div class="top">
        <h1>{w.title}</h1>
        <p class="sub intro">{w.about}</p>
      </div>
      <Clamped />
      <div class="grid">
        <section class="card span-12">
          <fieldset class="presets">
            <legend>
              <h2>{w.data}</h2>
            </legend>
            {presetNames.map((name) => (
              <PresetCard key={name} name={name} />
            ))}
          </fieldset>
          {preset.value === 'own' && <OwnText />}
        </section>
        <section class="card span-8">
          <h2>{w.network}</h2>
          <p class="say">{w.networkSay}</p>
          <Fields names={['cell', 'hiddenSize', 'numLayers', ...(hasWindow() ? (['windowLength'] as const) : [])]} />
          <h2>{w.training}</h2>
          <Fields names={['optimizer', 'lr', 'clipNorm', 'steps']} />
          <details class="more">
            <summary class="quiet">{w.more}</summary>
            <Fields names={['batch', 'embeddingDim', 'dropout', 'validation', 'evaluateEvery', 'patience', 'seed']} />
          </details>
        </section>
        <PlanCard />
      </div>
    </form>
  );
}

/** Texts have a window; memory problems have sequences as long. */
const hasWindow = () => isText(preset.value) || preset.value === 'adding' || preset.value === 'temporal-order';

function Clamped() {
  const w = words.value;
  return clamped.value.map(({ name, value }) => (
    <div class="notice" role="status" key={name}>
      <p>{common.value.clamped(w.fields[name], value)}</p>
    </div>
  ));
}

function PresetCard({ name }: { readonly name: PresetName }) {
  const w = words.value;
  return (
    <label class="preset">
      <input type="radio" name="preset" value={name} checked={preset.value === name} onChange={() => choose(name)} />
      <b>{w.presets[name]}</b>
      <span>{w.presetSay[name]}</span>
    </label>
  );
}

function OwnText() {
  const w = words.value;
  return (
    <div class="own">
      <label for="own-text" class="visually-hidden">
        {w.ownLabel}
      </label>
      <textarea
        id="own-text"
        placeholder={w.ownPlaceholder}
        value={ownText.value}
        onInput={(event) => {
          ownText.value = event.currentTarget.value;
        }}
      />
      <div class="own-foot">
        <label class="button file">
          {w.chooseFile}
          <input
            type="file"
            accept="text/*,.txt,.md,.csv,.json,.jsonl,.ts,.js,.py,.html"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file) void takeFile(file);
            }}
          />
        </label>
        <span role="status">
          {fileProblem.value ? w.fileProblem(fileProblem.value) : w.ownLength(grouped(ownText.value.length))}
        </span>
      </div>
    </div>
  );
}

function Fields({ names }: { readonly names: readonly (keyof Settings)[] }) {
  const w = words.value;
  return (
    <div class="fields">
      {names.map((name) => (
        <Setting
          key={name}
          name={name}
          label={name === 'windowLength' && !isText(preset.value) ? w.sequenceLength : w.fields[name]}
          hint={
            name === 'windowLength' && !isText(preset.value)
              ? undefined
              : (w.hints as Partial<Record<keyof Settings, string>>)[name]
          }
          value={settings.value[name]}
          onChange={(value) => set(name, value as never)}
        />
      ))}
    </div>
  );
}

function PlanCard() {
  const w = words.value;
  const found = plan.value;
  const problem = missing.value ? w.ownShort : found?.problem;
  const say = () => {
    if (missing.value) return w.ownShort;
    if (!found) return w.planning;
    if (found.problem) return w.planProblem;
    return w.planSay(grouped(found.parameters), bytes(found.memory), duration(found.seconds));
  };
  return (
    <section class="card span-4 plan" aria-busy={found === null}>
      <h2>{w.plan}</h2>
      <p class="say" role="status">
        {say()}
      </p>
      {found?.problem && !missing.value && <p class="problem">{found.problem}</p>}
      <dl class="plan-rows">
        {Object.entries(rowsOf(found)).map(([name, value]) => (
          <div key={name}>
            <dt>{w.planRows[name as keyof typeof w.planRows]}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <button class="go" type="submit" disabled={Boolean(problem) || waiting.value === 'opening'}>
        {w.go}
      </button>
    </section>
  );
}

function rowsOf(plan: Plan | null) {
  if (!plan || plan.problem) return {};
  const { parameters, memory, secondsPerStep, seconds, characters, symbols } = plan;
  return {
    [isText(preset.value) ? 'characters' : 'examples']: grouped(characters),
    symbols: grouped(symbols),
    parameters: grouped(parameters),
    memory: bytes(memory),
    perStep: words.value.ms(grouped(Math.ceil(1000 * secondsPerStep))),
    total: duration(seconds),
  };
}
