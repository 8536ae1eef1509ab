// What is asked about a run that has read something, and the answers: plain data.

import type { RawImage } from 'unrolled/data';
import type { TreeNode } from 'unrolled/lessons';

/** One unit of one state or gate. */
export interface UnitKey {
  readonly layer: string;
  /** A state (h, c) or the letter of a gate. */
  readonly what: string;
  readonly unit: number;
}

export interface TrackInfo {
  readonly layer: string;
  readonly what: string;
  readonly kind: 'state' | 'gate' | 'candidate';
  readonly size: number;
}

/** What a network does with what it reads, as far as its inside is concerned. */
export type ReadingKind = 'text' | 'labels' | 'tags' | 'translation';

/** A stretch of what was read that stands for itself: one example, one text. */
export interface Passage {
  readonly from: number;
  readonly to: number;
  /** What it should be and what the network made of it; null where it is not known. */
  readonly target: string | null;
  readonly output: string | null;
}

/** What is measured of a run on request, as sentences in the language asked for. */
export type MeasureName = 'spectrum' | 'memory' | 'truncation' | 'flow' | 'checks';

export interface Opened {
  readonly kind: ReadingKind;
  readonly symbols: readonly string[];
  /** Passages of several examples; a running text is one. */
  readonly passages: readonly Passage[];
  /** Nats of each symbol given those before it, or of the label; NaN where none is predicted. */
  readonly losses: Float32Array;
  readonly loss: number;
  /** Part of the predictions that are right. */
  readonly accuracy: number;
  readonly tracks: readonly TrackInfo[];
  readonly measures: readonly MeasureName[];
  /** Whether a text of one's own can be read. */
  readonly readsOwn: boolean;
}

export interface NextSymbol {
  readonly symbol: string;
  readonly probability: number;
  /** Whether it is the one in the text, or the label that it has. */
  readonly came: boolean;
}

/** Probabilities of some labels along a passage. */
export interface Scores {
  readonly from: number;
  readonly lines: readonly { readonly label: string; readonly values: readonly number[] }[];
}

export interface UnitAt {
  readonly what: string;
  readonly kind: TrackInfo['kind'];
  readonly values: readonly number[];
}

export interface Step {
  readonly from: number;
  readonly tracks: readonly UnitAt[];
}

export interface Found extends UnitKey {
  /** The property of the text. */
  readonly name: string;
  readonly correlation: number;
  /** 95th percentile of the best correlations with the property turned round the text. */
  readonly control: number;
  readonly p: number;
}

export interface Brushed {
  readonly units: readonly (UnitKey & { readonly correlation: number })[];
  readonly control: number;
  readonly p: number;
  readonly elsewhere: readonly { readonly from: number; readonly to: number }[];
}

interface Losses {
  readonly count: number;
  readonly whole: number;
  readonly held: number;
}

export interface Ablated {
  readonly all: Losses;
  readonly focus: (Losses & { readonly name: string }) | null;
  readonly elsewhere: Losses | null;
}

/** A unit or gate that is held at a value: at one step, from one on, or at all of them. */
export interface Edit extends UnitKey {
  readonly value: number;
  readonly when: 'here' | 'onward' | 'always';
  /** The place. */
  readonly n: number;
}

/** What comes out as it is, and with the unit held: a text, or numbers by label. */
export interface Held {
  readonly texts: { readonly free: string; readonly held: string } | null;
  readonly rows: readonly { readonly label: string; readonly free: number; readonly held: number }[];
}

/** What a network attends to: an output for each row, a part of the source for each column. */
export interface Attended {
  readonly kind: 'translation' | 'caption' | 'question';
  /** Where there is an image: it, and how its regions lie. */
  readonly image: RawImage | null;
  readonly map: readonly [rows: number, columns: number] | null;
  /** Names of the columns: tokens of the source, or regions of the image. */
  readonly source: readonly string[];
  readonly steps: readonly {
    readonly token: string;
    readonly probability: number;
    readonly weights: readonly number[];
    /** Whether its weights were changed. */
    readonly edited: boolean;
  }[];
  /** The output as text: a translation, a caption, the most probable answer. */
  readonly text: string;
  readonly target: string | null;
  /** Answers of a question by probability; empty for others. */
  readonly answers: readonly { readonly label: string; readonly probability: number }[];
  /** Whether the weights may be changed, and the output follows. */
  readonly changes: boolean;
}

/** Weights of one step that are changed. */
export interface WeightEdit {
  readonly step: number;
  readonly weights: readonly number[];
}

export interface BeamFound {
  readonly root: TreeNode;
  readonly best: readonly { readonly text: string; readonly score: number; readonly logProbability: number }[];
}

/** The examples that attention can be looked at for. */
export interface AttentionExamples {
  readonly kind: Attended['kind'];
  readonly names: readonly string[];
  /** Whether a source of one's own can be read: a text, or a question about the image. */
  readonly readsOwn: boolean;
}
