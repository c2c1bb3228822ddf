import type { Clock } from "../clock.ts";
import type { Session } from "../session/session.ts";
import type { Roster } from "./roster.ts";
import type { Wait } from "./wait-queue.ts";
import { WaitQueue } from "./wait-queue.ts";

/** Looks whether sessions that were idle for long still answer. */
export class Looks {
  readonly #roster: Roster;
  readonly #clock: Clock;
  readonly #giveBack: (session: Session) => void;

  /** @param giveBack - Takes a session that has answered, and whose caller has left. */
  constructor(roster: Roster, clock: Clock, giveBack: (session: Session) => void) {
    this.#roster = roster;
    this.#clock = clock;
    this.#giveBack = giveBack;
  }

  /**
   * Returns whether the session answers and may be lent.
   *
   * The caller waits as long as `caller` says; the ping has its own time, so that a caller in a hurry costs no
   * connection.
   */
  answers(session: Session, caller: Wait): Promise<boolean> {
    const waiting = new WaitQueue<boolean>(this.#clock);
    const answers = waiting.wait(caller);
    this.#look(session, (outcome) => waiting.serve(outcome));
    return answers;
  }

  #look(session: Session, tell: (answers: boolean) => boolean): void {
    // Never rejects.
    void this.#roster.answers(session).then((answers) => {
      const isTaken = tell(answers);
      if (answers) {
        if (!isTaken) this.#giveBack(session);
        return;
      }
      // What has silenced one has most likely silenced the others; one after the other they would cost a ping each.
      for (const other of this.#roster.takeStale()) this.#look(other, () => false);
    });
  }
}
