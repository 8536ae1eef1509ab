// Reads videos with FFmpeg: any format it supports, as raw frames over a pipe, already resized. It has to be installed;
// without it folders of frames and animated images can still be read.
//
// Videos are untrusted. FFmpeg goes by a file's content, not by its name: a playlist (HLS, DASH, concat) that is called clip.mp4 would open what it
// lists, other files of this machine or addresses. So one is opened as a file and nothing else, by formats that hold their own frames and no others;
// frames of more pixels than allowed are not decoded, and a damaged one is refused: what FFmpeg reconstructs from half a stream is not what was recorded.

import { spawn, spawnSync } from 'node:child_process';
import { OptionError } from 'unrolled';
import { ImageError, type ImageSettings } from '../images/index.ts';

export interface Ffmpeg {
  readonly path: string;
  /** Version: `5.1.9`. */
  readonly version: string;
}

let found: Ffmpeg | null = null;

/**
 * FFmpeg's names of the containers and streams that hold their own frames. None of them refers to other files: QuickTime's references are off by
 * FFmpeg's default, and playlists, scripts (concat, avisynth), image sequences and devices are not among them.
 */
const formats = [
  'mov,mp4,m4a,3gp,3g2,mj2',
  'matroska,webm',
  'avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,gif,apng,ivf,nut,mxf,dv,rm,swf',
  'wav,mp3,flac,aac,h264,hevc,m4v,av1,obu,mjpeg,yuv4mpegpipe,webp_pipe',
].join(',');

/** The program at `FFMPEG`, or the one in the path. Throws an OptionError that says how to install it. */
export function findFfmpeg(): Ffmpeg {
  const path = process.env.FFMPEG || 'ffmpeg';
  if (found?.path === path) return found;
  const { status, stdout } = spawnSync(path, ['-version'], { encoding: 'utf8', windowsHide: true });
  if (status !== 0) {
    throw new OptionError(
      'videos',
      'ffmpeg',
      `${process.env.FFMPEG ? `FFMPEG says ${path}, which cannot be run` : 'it is not installed'}, and reads videos. ` +
        'Install it (apt-get install ffmpeg, brew install ffmpeg, winget install ffmpeg) or set FFMPEG to its path. ' +
        'Folders of frames, animated GIF and WebP are read without it.',
    );
  }
  found = { path, version: /version (\S+)/.exec(stdout)?.[1] ?? 'unknown' };
  return found;
}

/** Yields every frame [h, w, 3], resized. `rate`: frames per second; null for the video's own. */
export async function readVideo(
  file: string,
  settings: ImageSettings,
  rate: number | null,
  onFrame: (frame: Uint8Array) => void,
): Promise<void> {
  const { path, version } = findFfmpeg();
  const filters = [...(rate === null ? [] : [`fps=${rate}`]), ...resize(settings)].join(',');
  const old = /^n?([0-4]\.|5\.0)/.test(version);
  const guards = [
    '-max_pixels',
    String(settings.maxPixels),
    '-protocol_whitelist',
    'file',
    '-format_whitelist',
    formats,
  ];
  const input = ['-nostdin', '-v', 'error', '-xerror', '-threads', '1', ...guards, '-i', `file:${file}`];
  const output = ['-map', '0:V:0', '-vf', filters, old ? '-vsync' : '-fps_mode', 'passthrough'];
  const child = spawn(path, [...input, ...output, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let predicted = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (predicted = (predicted + text).slice(-4000)));
  const size = settings.height * settings.width * 3;
  let frame = new Uint8Array(size);
  let filled = 0;
  let frames = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) {
      for (let at = 0; at < chunk.length; ) {
        const take = Math.min(size - filled, chunk.length - at);
        frame.set(chunk.subarray(at, at + take), filled);
        at += take;
        filled += take;
        if (filled < size) continue;
        onFrame(frame);
        frames++;
        frame = new Uint8Array(size);
        filled = 0;
      }
    }
    const status = await ended;
    const problem = complaint(predicted, file);
    if (/not on whitelist/i.test(predicted)) throw new ImageError(file, 'no video', refusal);
    if (/matches no streams|does not contain any stream/.test(predicted)) throw new ImageError(file, 'without frames');
    if (/exceeds|RawImage size|Invalid frame dimensions/i.test(predicted))
      throw new ImageError(file, 'too large', `at most ${settings.maxPixels.toLocaleString('en-US')} pixels a frame`);
    if (status !== 0 || filled > 0 || problem) throw new ImageError(file, 'damaged', problem);
    if (frames === 0) throw new ImageError(file, 'without frames');
  } finally {
    child.kill('SIGKILL'); // it has ended, unless something was thrown
  }
}

const refusal =
  'its format holds no frames of its own: a playlist, or something else that FFmpeg reads and no camera writes';

/** The last line of its output that is about the video. */
function complaint(predicted: string, file: string): string {
  const lines = predicted
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '' && !/^Conversion failed|^Error while decoding/.test(line));
  const line = lines.at(-1) ?? '';
  return line
    .replace(/^\[[^\]]*\]\s*/, '')
    .replaceAll(`file:${file}`, '')
    .replace(/^[:\s]+/, '')
    .slice(0, 200);
}

function resize({ height, width, fit, background }: ImageSettings): string[] {
  const hex = `0x${background.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  const upright = 'scale=iw*sar:ih,setsar=1'; // pixels that are not square
  switch (fit) {
    case 'cover':
      return [upright, `scale=${width}:${height}:force_original_aspect_ratio=increase`, `crop=${width}:${height}`];
    case 'contain':
      return [
        upright,
        `scale=${width}:${height}:force_original_aspect_ratio=decrease`,
        `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:${hex}`,
      ];
    case 'squash':
      return [`scale=${width}:${height}`];
    default:
      return fit satisfies never;
  }
}
