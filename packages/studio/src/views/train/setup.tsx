// Before a run: its text, its network, and a plan that says what it will take.

import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { parameters } from '../../state/address.ts';
import { inspector } from '../../state/inspector.ts';
import { isOwn, isText, isWindowed, type PresetName, presetNames } from '../../settings/presets.ts';
import { given, ownData, ownName, ownPreset } from '../../state/own.ts';
import type { Settings } from '../../settings/settings.ts';
import { create, waiting } from '../../state/trainer.ts';
import { readChanges } from '../../training/spec.ts';
import { Setting } from '../../ui/fields.tsx';
import { common } from '../../words/common.ts';
import { brief, bytes, duration, grouped } from '../../words/numbers.ts';
import type { Plan } from '../../training/plan.ts';
import { Own } from './own.tsx';
import { presetWords } from './preset-words.ts';
import { choose, clamped, preset, set, settings } from './settings-of.ts';
import { words } from './words.ts';

/** A card for every example, and one for all own data. */
type Card = Exclude<PresetName, `own-${string}`>;
const cards = presetNames.filter((name): name is Card => !name.startsWith('own-'));
const cardOf = (name: PresetName): Card => (isOwn(name) ? 'own' : (name as Card));

const plan = signal<Plan | null>(null);

/** Plans again a moment after the last change. Returns what ends it. */
function followPlan(): () => void {
  let [timer, asked]: [ReturnType<typeof setTimeout> | undefined, number] = [undefined, 0];
  const end = effect(() => {
    const own = isOwn(preset.value) ? ownData.value : null;
    const of = { preset: preset.value, own, settings: settings.value };
    plan.value = null;
    clearTimeout(timer);
    const mine = ++asked;
    if (missing.value) return;
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

/** Own data that are not there yet, or are of another task than the address says. */
const missing = computed(() => isOwn(preset.value) && (ownData.value === null || ownPreset.value !== preset.value));

function begin(): void {
  const own = isOwn(preset.value) ? ownData.value : null;
  const name = (own && ownName.value) || presetWords.value.names[cardOf(preset.value)];
  const changes = readChanges(parameters.value.get('changes') ?? '');
  void create({ name, preset: preset.value, own, settings: settings.value, changes });
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
            {cards.map((name) => (
              <PresetCard key={name} name={name} />
            ))}
          </fieldset>
          {isOwn(preset.value) && <Own />}
        </section>
        <section class="card span-8">
          <h2>{w.network}</h2>
          <p class="say">{w.networkSay}</p>
          <Fields
            names={[
              'cell',
              'hiddenSize',
              'numLayers',
              ...(isWindowed(preset.value) ? (['windowLength'] as const) : []),
            ]}
          />
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

function Clamped() {
  const w = words.value;
  return clamped.value.map(({ name, value }) => (
    <div class="notice" role="status" key={name}>
      <p>{common.value.clamped(w.fields[name], Number.isFinite(Number(value)) ? brief(Number(value)) : value)}</p>
    </div>
  ));
}

function PresetCard({ name }: { readonly name: Card }) {
  const w = presetWords.value;
  return (
    <label class="preset">
      <input
        type="radio"
        name="preset"
        value={name}
        checked={cardOf(preset.value) === name}
        onChange={() => choose(name === 'own' ? ownPreset.value : name)}
      />
      <b>{w.names[name]}</b>
      <span>{w.says[name]}</span>
    </label>
  );
}

function Fields({ names }: { readonly names: readonly (keyof Settings)[] }) {
  return (
    <div class="fields">
      {names.map((name) => (
        <Setting
          key={name}
          name={name}
          label={labelOf(name)}
          hint={hintOf(name)}
          value={settings.value[name]}
          onChange={(value) => set(name, value as never)}
        />
      ))}
    </div>
  );
}

/** A window of a text, the history of a forecast, the length of a memory problem: one setting, called by what it is. */
const isSeries = () => preset.value === 'seasons' || preset.value === 'own-series';

function labelOf(name: keyof Settings): string {
  const w = words.value;
  if (name !== 'windowLength' || isText(preset.value)) return w.fields[name];
  return isSeries() ? w.historyLength : w.sequenceLength;
}

function hintOf(name: keyof Settings): string | undefined {
  const w = words.value;
  if (name !== 'windowLength' || isText(preset.value))
    return (w.hints as Partial<Record<keyof Settings, string>>)[name];
  return isSeries() ? w.historyHint : undefined;
}

const lacking = () => (given.value?.kind === 'gathered' ? presetWords.value.gatheredShort : presetWords.value.ownShort);

function PlanCard() {
  const w = words.value;
  const found = plan.value;
  const problem = missing.value ? lacking() : found?.problem;
  const say = () => {
    if (missing.value) return lacking();
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
      {found?.problem && !missing.value && (
        <p class="problem" lang="en">
          {found.problem}
        </p>
      )}
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
