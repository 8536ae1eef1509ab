// The camera of this machine: a stream of frames, each as a network reads it, and nothing that is kept or sent.

import { squareOf } from '../data/picture.ts';

/** Why there is no camera, or none any more. */
export type CameraProblem = 'insecure' | 'denied' | 'missing' | 'busy' | 'ended' | 'hidden' | 'other';

const problems: Readonly<Record<string, CameraProblem>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** What an error of `Camera.open` means. */
export const cameraProblemOf = (error: unknown): CameraProblem => problems[(error as Error).name] ?? 'other';

/** Whether this page may ask for a camera at all: browsers have none for a page that came without encryption. */
export const mayHaveCamera = (): boolean => (navigator as Partial<Navigator>).mediaDevices?.getUserMedia !== undefined;

export class Camera {
  /** What shows it, to be put on the page. */
  readonly video: HTMLVideoElement;
  /** Whether it faces the user, who then expects a mirror; frames are as they are shown. */
  readonly mirrored: boolean;
  readonly #stream: MediaStream;
  readonly #canvas: OffscreenCanvas;

  private constructor(stream: MediaStream, video: HTMLVideoElement, size: number) {
    this.#stream = stream;
    this.#canvas = new OffscreenCanvas(size, size);
    this.video = video;
    this.mirrored = stream.getVideoTracks()[0]?.getSettings().facingMode !== 'environment';
    video.classList.toggle('mirrored', this.mirrored);
  }

  /**
   * Asks for a camera that gives frames of `size` × `size`. `onEnd` is told when it is taken away, also before its first frame. Rejects with what the
   * browser says, and once `signal` is aborted: then it is off.
   */
  static async open(size: number, signal: AbortSignal, onEnd: () => void): Promise<Camera> {
    const wanted = { width: { ideal: 320 }, height: { ideal: 240 }, facingMode: 'user' };
    const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    const off = () => {
      for (const track of stream.getTracks()) track.stop();
    };
    try {
      signal.throwIfAborted();
      const aborted = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
      for (const track of stream.getTracks()) track.addEventListener('ended', onEnd);
      const video = document.createElement('video');
      video.muted = true;
      video.playsInline = true;
      video.srcObject = stream;
      await Promise.race([video.play(), aborted]); // a device without frames never plays
      return new Camera(stream, video, size);
    } catch (error) {
      off();
      throw error;
    }
  }

  /** What it sees now: bytes [size, size, 3] of the middle. */
  frame(): Uint8Array {
    const { video } = this;
    const picture = squareOf(
      video,
      { width: video.videoWidth, height: video.videoHeight },
      this.#canvas,
      this.mirrored,
    );
    if (!picture) throw new Error('this browser gives no canvas to draw on');
    return picture.data;
  }

  /** Calls `take` with a frame `rate` times a second, by the clock: what comes too late is left out. Returns what ends it. */
  follow(rate: number, take: (frame: Uint8Array) => void): () => void {
    const begun = performance.now();
    let [timer, n]: [ReturnType<typeof setTimeout> | undefined, number] = [undefined, 0];
    const next = () => {
      const now = performance.now() - begun;
      n = Math.max(n, Math.floor((now * rate) / 1000)) + 1;
      timer = setTimeout(next, (n * 1000) / rate - now); // before `take`, which may end it
      take(this.frame());
    };
    timer = setTimeout(next, 0);
    return () => clearTimeout(timer);
  }

  /** Turns it off. */
  stop(): void {
    for (const track of this.#stream.getTracks()) track.stop();
    this.video.srcObject = null;
    this.video.remove();
  }
}
