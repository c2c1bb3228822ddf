import type { Socket } from "node:net";
import type { CutBy, Direction, LaneCut, LaneFaults } from "./faults.ts";
import { BOTH } from "./faults.ts";
import { Lane } from "./lane.ts";
import { reset } from "./reset.ts";

/** Who hears what one connection does. */
interface ConnectionObserver {
  passed(direction: Direction, bytes: number): void;
  closed(): void;
}

/** One client, the server behind it, and what flows between them. */
export class Connection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #lanes: Record<Direction, Lane>;

  constructor(
    client: Socket,
    server: Socket,
    faults: Record<Direction, LaneFaults>,
    observer: ConnectionObserver,
  ) {
    this.#client = client;
    this.#server = server;
    let open = 2;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      // A reset is told to the other side by the lane; without a listener it would end the process.
      socket.on("error", () => undefined);
      socket.once("close", () => {
        open -= 1;
        if (open > 0) return;
        this.#close();
        observer.closed();
      });
    }
    const lane = (direction: Direction, source: Socket, sink: Socket): Lane =>
      new Lane(source, sink, faults[direction], {
        passed: (bytes) => observer.passed(direction, bytes),
        cut: (by) => this.#end(by),
      });
    this.#lanes = {
      toServer: lane("toServer", client, server),
      toClient: lane("toClient", server, client),
    };
  }

  pump(): void {
    for (const direction of BOTH) this.#lanes[direction].pump();
  }

  cut(direction: Direction, cut: LaneCut | undefined): void {
    this.#lanes[direction].cut = cut;
  }

  /** Loses it without a word to either side. */
  forget(): void {
    for (const direction of BOTH) this.#lanes[direction].forget();
  }

  /** Ends it with FIN on both sides, behind what has already passed. */
  destroy(): void {
    this.#close();
    for (const socket of [this.#client, this.#server]) socket.destroySoon();
  }

  /** Ends it with RST on both sides. */
  reset(): void {
    this.#close();
    for (const socket of [this.#client, this.#server]) reset(socket);
  }

  #end(by: CutBy): void {
    if (by === "silence") this.forget();
    else if (by === "reset") this.reset();
    else this.destroy();
  }

  #close(): void {
    for (const direction of BOTH) this.#lanes[direction].close();
  }
}
