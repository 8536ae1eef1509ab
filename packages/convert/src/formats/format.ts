// What a format is: how it is recognized, read and written. Each has a folder, loaded when a file of it comes: a page that reads .onnx loads no HDF5.

import type { ExportedNetwork } from '../export/network.ts';
import type { FormatName, ModelContents } from '../model/imported-model.ts';
import type { ConversionReport } from '../model/report.ts';
import type { ModelFiles } from '../source/contained.ts';

/** Options of `readModel` that every reader gets; each uses what it knows. */
export interface ReadOptions {
  /** The format; default: by the content. */
  readonly format?: FormatName;
  /** The file's name, for messages, where bytes are given. */
  readonly name?: string;
  /**
   * How the layers of a file with weights alone follow one another: names of its layers and of functions between them, `lstm last bn fc1 relu bn layer`.
   * See docs/convert.md.
   */
  readonly chain?: string;
  /**
   * The configuration of a network whose Keras file holds weights alone: what `model.to_json()` gives, as text or parsed. Default: `model.json` next to
   * `model.h5` or `model.weights.h5`, if it is there.
   */
  readonly architecture?: string | object;
  /** The key of the state dict in a checkpoint of PyTorch that holds several. Default: found by the usual names. */
  readonly state?: string;
  /** How a reset-before GRU of PyTorch's exporter is read: as the file says, or as it was trained (onnxscript 0.5.7 to 0.7.0 left out an attribute). */
  readonly gru?: 'as-written' | 'as-trained';
  /** Inputs of an ONNX model that are the same in every call, by name, each one number: `{ sr: 16000 }`. They become constants. */
  readonly fixed?: Readonly<Record<string, number>>;
}

/** How sure a format is that a file is its own: by its magic bytes, by its name or a part of its content, or not at all. */
export type Recognition = 'certain' | 'possible' | null;

/** A format that is read. */
export interface FormatReader {
  /** Reads without running or making anything; what does not convert goes into `report.problems`. Throws for a file that is damaged or too large. */
  read(files: ModelFiles, report: ConversionReport, options: ReadOptions): Promise<ModelContents>;
}

/** A format that is written. */
export interface FormatWriter {
  /** The files by their names. What the format cannot express goes into `report.problems`. */
  write(network: ExportedNetwork, report: ConversionReport): Promise<ReadonlyMap<string, Uint8Array>>;
  /** The network's test vectors by part, as the files have their values. Default: as the library has them. */
  vectors?(network: ExportedNetwork): ExportedNetwork['vectors'];
}

/** An entry of the registry. */
export interface Format {
  readonly name: FormatName;
  /** For messages: `PyTorch checkpoint`. */
  readonly title: string;
  readonly extensions: readonly string[];
  /** Looks at the paths and at the first 64 KiB of the main file; never throws. */
  recognize(paths: readonly string[], head: Uint8Array): Recognition;
  reader(): Promise<FormatReader>;
}
