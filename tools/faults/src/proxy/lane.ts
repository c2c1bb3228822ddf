import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { CutBy, LaneCut, LaneFaults } from "./faults.ts";
import { reset } from "./reset.ts";

/** What a source has sent, and when it arrives at the earliest. */
interface Parcel {
  content: Buffer | "end" | "reset";
  dueAtMs: number;
}

/** Who hears what one direction of a connection does. */
interface LaneObserver {
  passed(bytes: number): void;
  /** The byte that was not to pass has come. */
  cut(by: CutBy): void;
}

/** Bytes that wait in one direction before its source has to wait, as the buffers of a network would make it. */
const MOST_WAITING_BYTES = 1_048_576;
/** Pieces a second into which a limited stream is parted, so that it flows rather than bursts. */
const PIECES_PER_SECOND = 20;

/** One direction of one connection: hands on what `source` sends, under the faults that hold at that moment. */
export class Lane {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #faults: LaneFaults;
  readonly #observer: LaneObserver;
  readonly #waiting: Parcel[] = [];
  #waitingBytes = 0;
  #freeAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isForgotten = false;
  cut: LaneCut | undefined;

  constructor(source: Socket, sink: Socket, faults: LaneFaults, observer: LaneObserver) {
    this.#source = source;
    this.#sink = sink;
    this.#faults = faults;
    this.#observer = observer;
    let hasEnded = false;
    source.on("data", (bytes: Buffer) => this.#take(bytes));
    source.once("end", () => {
      hasEnded = true;
      this.#take("end");
    });
    source.once("close", (hadError) => {
      if (hadError || !hasEnded) this.#take("reset");
    });
    sink.on("drain", () => this.pump());
  }

  /** Loses for good what has not arrived yet and what is still to come. */
  forget(): void {
    this.#isForgotten = true;
  }

  /** Stops its timer. */
  close(): void {
    this.#isForgotten = true;
    clearTimeout(this.#timer);
  }

  /** Hands on what is due; called again when a fault ends. */
  pump(): void {
    clearTimeout(this.#timer);
    for (;;) {
      const [parcel] = this.#waiting;
      if (parcel === undefined || this.#faults.isHeld || this.#isForgotten) return;
      const waitMs = Math.max(parcel.dueAtMs, this.#freeAtMs) - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.pump(), waitMs);
        return;
      }
      if (this.#sink.writableNeedDrain) return;
      this.#deliver(parcel);
    }
  }

  #take(content: Parcel["content"]): void {
    this.#waiting.push({ content, dueAtMs: performance.now() + this.#faults.delayMs });
    if (typeof content !== "string") this.#waitingBytes += content.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#source.pause();
    this.pump();
  }

  #deliver(parcel: Parcel): void {
    const { content } = parcel;
    if (typeof content === "string") {
      this.#waiting.shift();
      if (content === "end") this.#sink.end();
      else reset(this.#sink);
      return;
    }
    const piece = content.subarray(0, this.#pieceBytes(content.length));
    if (piece.length === content.length) this.#waiting.shift();
    else parcel.content = content.subarray(piece.length);
    this.#waitingBytes -= piece.length;
    if (this.#waitingBytes <= MOST_WAITING_BYTES && this.#source.isPaused()) this.#source.resume();
    const passes = piece.subarray(0, this.cut?.bytesLeft);
    if (passes.length > 0) {
      this.#freeAtMs = performance.now() + (passes.length / this.#faults.bytesPerSecond) * 1_000;
      this.#sink.write(passes);
      this.#observer.passed(passes.length);
    }
    if (this.cut === undefined) return;
    this.cut.bytesLeft -= passes.length;
    if (passes.length < piece.length) this.#observer.cut(this.cut.by);
  }

  #pieceBytes(length: number): number {
    return Math.min(length, Math.max(1, Math.floor(this.#faults.bytesPerSecond / PIECES_PER_SECOND)));
  }
}
