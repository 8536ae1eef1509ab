// The runs of this browser: specification, data, and the last two checkpoints with the history up to them.

import type { Checkpoint, TrainingState } from 'unrolled';
import { readSafetensors, stateDictOf, writeSafetensors } from 'unrolled/io';
import type { OpenedAbout } from '../opening/opened.ts';
import type { History } from '../training/history.ts';
import { presets } from '../settings/presets.ts';
import type { RunSpec } from '../training/spec.ts';
import { type Folder, sealed, unsealed } from './store.ts';

/** What a list of runs shows. */
export interface RunSummary {
  readonly spec: RunSpec;
  readonly step: number;
  readonly loss: number | null;
  /** SHA-256 of the weights of a finished run. */
  readonly sha: string | null;
  /** Of a run that was opened and not trained here. */
  readonly opened?: OpenedAbout;
  /** Whether it was training when this was written: it goes on when it is opened again. */
  readonly playing: boolean;
}

/** A run at the moment it was saved. */
export interface Saved {
  readonly checkpoint: Checkpoint;
  readonly history: History;
}

/** A run as it was kept, with the settings that there were not yet when it was: as its example has them. */
function complete(summary: RunSummary): RunSummary {
  const { spec } = summary;
  return { ...summary, spec: { ...spec, settings: { ...presets[spec.data.preset], ...spec.settings } } };
}

const slots = ['checkpoint-0', 'checkpoint-1'] as const;

export class RunStore {
  readonly #folder: Folder;
  /** The slot that was written last, by run. */
  readonly #last = new Map<string, 0 | 1>();
  readonly #serials = new Map<string, number>();

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** All runs, newest first. A folder whose summary cannot be read is left out and left alone. */
  async list(): Promise<RunSummary[]> {
    const found: RunSummary[] = [];
    for (const id of await this.#folder.folders()) {
      const summary = await this.#summary(id);
      if (summary) found.push(summary);
    }
    return found.sort((a, b) => b.spec.created - a.spec.created);
  }

  async #summary(id: string): Promise<RunSummary | null> {
    const bytes = await unsealed(await this.#folder.read(id, 'run'));
    const other = bytes ?? (await unsealed(await this.#folder.read(id, 'run-before')));
    return other && complete(JSON.parse(new TextDecoder().decode(other)) as RunSummary);
  }

  /** Saves what the list shows. The one before is kept until this one is whole. */
  async describe(summary: RunSummary): Promise<void> {
    const { id } = summary.spec;
    const before = await this.#folder.read(id, 'run');
    if (await unsealed(before)) await this.#folder.write(id, 'run-before', before as Uint8Array);
    await this.#folder.write(id, 'run', await sealed(new TextEncoder().encode(JSON.stringify(summary))));
  }

  /** The user's own data, or an opened run's files: they are written once. */
  async saveData(id: string, bytes: Uint8Array): Promise<void> {
    await this.#folder.write(id, 'data', await sealed(bytes));
  }

  async data(id: string): Promise<Uint8Array | null> {
    return unsealed(await this.#folder.read(id, 'data'));
  }

  /** Writes a checkpoint over the older of the two. */
  async save(id: string, { checkpoint, history }: Saved): Promise<void> {
    const slot = this.#last.get(id) === 0 ? 1 : 0;
    const serial = (this.#serials.get(id) ?? 0) + 1;
    const tensors = new Map([
      ...Array.from(checkpoint.model, ([name, t]) => [`model.${name}`, t] as const),
      ...Array.from(checkpoint.training, ([name, t]) => [`training.${name}`, t] as const),
    ]);
    const meta = { serial: String(serial), state: JSON.stringify(checkpoint.state), history: JSON.stringify(history) };
    await this.#folder.write(id, slots[slot], await sealed(writeSafetensors(tensors, meta)));
    this.#last.set(id, slot);
    this.#serials.set(id, serial);
  }

  /** The newest checkpoint that is whole; null where there is none. */
  async load(id: string): Promise<Saved | null> {
    const read = async (slot: 0 | 1) => {
      const bytes = await unsealed(await this.#folder.read(id, slots[slot]));
      if (!bytes) return null;
      const file = readSafetensors(bytes, slots[slot]);
      return { slot, serial: Number(file.metadata.serial), state: stateDictOf(file), metadata: file.metadata };
    };
    const found = (await Promise.all([read(0), read(1)])).filter((one) => one !== null);
    const newest = found.sort((a, b) => b.serial - a.serial).at(0);
    if (!newest) return null;
    this.#last.set(id, newest.slot);
    this.#serials.set(id, newest.serial);
    const part = (prefix: string) =>
      new Map(
        Array.from(newest.state).flatMap(([name, t]) =>
          name.startsWith(prefix) ? [[name.slice(prefix.length), t] as const] : [],
        ),
      );
    const state = JSON.parse(newest.metadata.state) as TrainingState;
    const history = JSON.parse(newest.metadata.history) as History;
    return { checkpoint: { step: state.step, model: part('model.'), training: part('training.'), state }, history };
  }

  async remove(id: string): Promise<void> {
    this.#last.delete(id);
    this.#serials.delete(id);
    await this.#folder.remove(id);
  }
}
