// What is asked about a run that has read something, and the answers: plain data.

import type { GradientFlow, LayerSpectrum, MemoryLength, TruncationReport } from 'unrolled/analysis';
import type { RawImage } from 'unrolled/data';
import type { TreeNode } from 'unrolled/lessons';
import type { Language } from '../words/catalogue.ts';

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

/**
 * What a network does with what it reads, as far as its inside is concerned: a running text, texts with a label or with a tag for each token, translations,
 * captions, questions about an image, clips with a label or with one for each frame, sequences of numbers with a label or with one for each step,
 * forecasts; and tensors, of a graph of another system.
 */
export type ReadingKind =
  | 'text'
  | 'labels'
  | 'tags'
  | 'translation'
  | 'caption'
  | 'question'
  | 'clips'
  | 'frames'
  | 'sequences'
  | 'steps'
  | 'forecast'
  | 'graph';

/** What cannot be seen of a graph: a gradient, layers whose steps are not those that are shown, nodes that nobody can watch. */
export interface Lack {
  readonly what: 'gradient' | 'steps' | 'nodes';
  readonly names: readonly string[];
}

/** A stretch of what was read that stands for itself: one example, one text. */
export interface Passage {
  readonly from: number;
  readonly to: number;
  /** What it should be and what the network made of it; null where it is not known. */
  readonly target: string | null;
  readonly output: string | null;
  /** The image that it is about. */
  readonly image?: RawImage;
}

/** Numbers of a series at every step, where series are read. */
export interface SeriesRead {
  readonly names: readonly string[];
  /** A column for each name; NaN where nothing is known. */
  readonly columns: readonly (readonly number[])[];
  /** How many columns, the last ones, are known in advance. */
  readonly known: number;
  /** What is forecast of the first column, at the steps that are forecast, between its outermost quantiles; NaN elsewhere. */
  readonly forecast: { readonly [K in 'values' | 'low' | 'high']: readonly number[] } | null;
}

/** What of one's own can be read: a text, a question or rows of numbers; and images of some size, one or the frames of a clip. */
export interface OwnForm {
  readonly text: 'text' | 'question' | 'numbers' | null;
  /** Numbers of a row, by their names. */
  readonly columns?: readonly string[];
  /** How many rows, the last ones, are those to come: of their numbers only the `known` last ones are there, and `?` for the others. */
  readonly ahead?: { readonly rows: number; readonly known: readonly string[] };
  readonly images: { readonly size: number; readonly most: number } | null;
}

export interface OwnInput {
  readonly text: string;
  readonly images: readonly RawImage[];
}

/** What is measured of a run on request. */
export type Measured =
  | { readonly what: 'spectrum'; readonly layers: readonly LayerSpectrum[] }
  | { readonly what: 'memory'; readonly length: MemoryLength }
  | { readonly what: 'truncation'; readonly report: TruncationReport }
  | { readonly what: 'flow'; readonly flow: GradientFlow }
  | { readonly what: 'checks'; readonly sentences: Readonly<Record<Language, readonly string[]>> };
export type MeasureName = Measured['what'];

/**
 * An opened run: what of one's own it reads, null for one that has no steps to be looked into; and what it has read, null where nothing validates and
 * nothing was given.
 */
export interface OpenAnswer {
  readonly own: OwnForm | null;
  readonly opened: Opened | null;
}

export interface Opened {
  readonly kind: ReadingKind;
  /** What is read at every step: a token, or the number of a frame or of a step. */
  readonly symbols: readonly string[];
  /** Passages of several examples; a running text is one. */
  readonly passages: readonly Passage[];
  /** The frames of clips, a step each. */
  readonly frames: readonly RawImage[] | null;
  readonly series: SeriesRead | null;
  /** Whether there are scores along a passage. */
  readonly scored: boolean;
  /** Whether each passage is read from its end. */
  readonly backward: boolean;
  /** Nats of each symbol given those before it, or of the label; NaN where none is predicted. */
  readonly losses: Float32Array;
  readonly loss: number;
  /** Part of the predictions that are right. */
  readonly accuracy: number;
  readonly tracks: readonly TrackInfo[];
  readonly measures: readonly MeasureName[];
  readonly lacks: readonly Lack[];
}

/** How much what was read changes what is given at a place: the norm of the derivative by each step, and by parts of an image. */
export interface Gradient {
  readonly from: number;
  readonly norms: readonly number[];
  /** By the regions of the image's map, and by its pixels. */
  readonly images: readonly { readonly of: 'regions' | 'pixels'; readonly map: readonly (readonly number[])[] }[];
}

export interface NextSymbol {
  readonly symbol: string;
  /** Of a graph, the number that it gives. */
  readonly probability: number;
  /** Whether it is the one in the text, or the label that it has. */
  readonly came: boolean;
}

/** Probabilities of some labels along a passage, or numbers that a graph gives. */
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
  readonly from: number;
  readonly to: number;
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

/** What comes out as it is, and with the unit held: a text, numbers by label, or a forecast after what was read, next to what came. */
export interface Held {
  readonly texts: { readonly free: string; readonly held: string } | null;
  readonly rows: readonly { readonly label: string; readonly free: number; readonly held: number }[];
  readonly series?: { readonly [K in 'history' | 'actual' | 'free' | 'held']: readonly number[] };
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

/** Which example attention is looked at for, or a source of one's own: a text, or a question about the example's image. */
export interface Asked {
  readonly index: number;
  readonly own: string | null;
}

interface Place {
  readonly n: number;
}

/** A tensor of weights in numbers. */
export interface WeightNumbers {
  /** Its name in the weights' file. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly norm: number;
  readonly mean: number;
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
  /** How many weights lie in each of equal parts from `low` to `high`. */
  readonly counts: readonly number[];
}

export interface WeightStatistics extends WeightNumbers {
  /** Letters of the gates whose rows stand below each other, as many rows of each; none where rows are no gates'. */
  readonly gates: readonly string[];
}

/** A corner of a part of a tensor of weights as a matrix, whose rows are along its first axis. */
interface Corner {
  readonly tensor: string;
  readonly row: number;
  readonly column: number;
}

/** The part that is asked for. */
export interface BlockAsked extends Corner {
  readonly rows: number;
  readonly columns: number;
}

/** As much of it as there is. */
export interface WeightBlock extends Corner {
  /** Row by row. */
  readonly values: readonly (readonly number[])[];
}

/** Weights that others take the place of: one by its row and column, a whole row or column where the other is null. */
export interface WeightChange {
  readonly tensor: string;
  readonly row: number | null;
  readonly column: number | null;
  /** The value that takes its place, or the factor that it is scaled by. */
  readonly how: 'set' | 'scale';
  readonly value: number;
}

/** What a change made of a weight; of a row or column its norms. */
export interface ChangedWeight extends WeightChange {
  readonly before: number;
  readonly after: number;
}

/** What was read with changed weights. Units are those that there were. */
export interface Reread {
  readonly opened: Omit<Opened, 'tracks'>;
  /** One for each change, in their order: each begins where the one before it has ended. */
  readonly changed: readonly ChangedWeight[];
  /** Tensors that are others than before. */
  readonly weights: readonly WeightNumbers[];
}

/** Which run was opened, after which step: what is meant for another is not done. */
export interface OpenedAt {
  readonly id: string;
  readonly step: number;
}

export interface NextCompared {
  readonly free: readonly NextSymbol[];
  readonly held: readonly NextSymbol[];
}

/** What is asked about what was read. */
export interface ReadingCalls {
  scores(at: Place): Scores | null;
  unit(key: UnitKey): Float32Array;
  next(at: Place): readonly NextSymbol[];
  around(at: Place & { readonly key: UnitKey; readonly reach: number }): Step;
  gradient(at: Place): Gradient;
  find(): readonly Found[];
  brush(stretch: { readonly from: number; readonly to: number }): Brushed;
  ablate(of: { readonly key: UnitKey; readonly name: string | null }): Ablated;
  hold(edit: Edit): Held;
  measure(of: { readonly what: MeasureName }): Measured;
  weights(): readonly WeightStatistics[];
  weightBlock(of: BlockAsked): WeightBlock;
  /** Reads the same with these changes and no others. */
  changeWeights(of: { readonly of: OpenedAt; readonly changes: readonly WeightChange[] }): Reread;
  /** What is given at a place with no weight changed, and with the changes that there are. */
  nextCompared(at: Place): NextCompared;
}

/** What is asked about what a network attends to. */
export interface AttentionCalls {
  attend(of: { readonly asked: Asked; readonly edits: readonly WeightEdit[] }): Attended;
  beam(of: { readonly asked: Asked; readonly beams: number }): BeamFound;
}
