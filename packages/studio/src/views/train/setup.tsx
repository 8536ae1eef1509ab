// Before a run: its text, its network, and a plan that says what it will take.

import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { navigate, parameters } from '../../state/address.ts';
import { inspector } from '../../state/inspector.ts';
import { formOf, settingsIn } from '../../settings/form.ts';
import type { Hideable } from '../../settings/hidden.ts';
import { isOwn, isText, type PresetName, presetNames } from '../../settings/presets.ts';
import { gathered, kept } from '../../state/gathered-data.ts';
import { given, ownData, ownName, ownPreset } from '../../state/own.ts';
import { create, waiting } from '../../state/trainer.ts';
import { readChanges } from '../../training/spec.ts';
import { lazy } from '../../ui/lazy.tsx';
import { common } from '../../words/common.ts';
import { brief, bytes, duration, grouped } from '../../words/numbers.ts';
import type { Plan } from '../../training/plan.ts';
import { DataCard } from './data-card.tsx';
import { dataWords } from './data-words.ts';
import { FormFields } from './form-fields.tsx';
import { labelOf } from './labels.ts';
import { Own } from './own.tsx';
import { presetWords } from './preset-words.ts';
import { choose, clamped, isShown, preset, settings } from './settings-of.ts';
import { words } from './words.ts';

/** Loaded behind what is seen first. */
const LinkCard = lazy(async () => (await import('./link-card.tsx')).LinkCard, 'card span-12');

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
  const learned = given.value?.kind === 'gathered' ? gathered.value : null;
  void create({ name, preset: preset.value, own, settings: settings.value, changes }).then(() => {
    if (learned && gathered.value === learned) kept.value = true; // the run has them now
  });
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
        <HiddenNote />
      </div>
      <Clamped />
      <div class="grid">
        <section class="card span-12">
          <Example />
          {isOwn(preset.value) && <Own />}
        </section>
        <DataCard />
        <TrainingCard />
        <PlanCard />
        <LinkCard />
      </div>
    </form>
  );
}

/** How many settings are set by the link and have no control here. */
function HiddenNote() {
  const w = dataWords.value;
  const names: readonly Hideable[] = ['preset', ...settingsIn(preset.value)];
  const count = names.filter((name) => !isShown(name)).length;
  if (count === 0) return null;
  return (
    <p class="say">
      {w.hidden(count)}{' '}
      <button type="button" class="link" onClick={() => navigate({ hide: null })}>
        {w.show}
      </button>
    </p>
  );
}

/** The examples to choose from, or the one that the link has chosen. */
function Example() {
  const [w, p] = [words.value, presetWords.value];
  const name = cardOf(preset.value);
  if (!isShown('preset'))
    return (
      <>
        <h2>{p.names[name]}</h2>
        <p class="say">{p.says[name]}</p>
      </>
    );
  return (
    <fieldset class="presets">
      <legend>
        <h2>{w.data}</h2>
      </legend>
      {cards.map((one) => (
        <PresetCard key={one} name={one} />
      ))}
    </fieldset>
  );
}

function TrainingCard() {
  const w = words.value;
  const { network, training, more } = formOf(preset.value);
  if (![...network, ...training, ...more].some(isShown)) return null;
  return (
    <section class="card span-8">
      <FormFields
        heading={
          <>
            <h2>{w.network}</h2>
            <p class="say">{w.networkSay}</p>
          </>
        }
        names={network}
      />
      <FormFields heading={<h2>{w.training}</h2>} names={training} />
      {more.some(isShown) && (
        <details class="more">
          <summary class="quiet">{w.more}</summary>
          <FormFields names={more} />
        </details>
      )}
    </section>
  );
}

function Clamped() {
  return clamped.value.map(({ name, value }) => (
    <div class="notice" role="status" key={name}>
      <p>
        {common.value.clamped(
          labelOf(name, preset.value),
          Number.isFinite(Number(value)) ? brief(Number(value)) : value,
        )}
      </p>
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
