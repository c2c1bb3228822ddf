/** Looks in a row that an address may be missing where the name is known to answer with a part of its addresses. */
const MOST_PATIENCE = 64;
/** Looks in a row after which an address that is missing has been left, even where it comes back some day. */
const LEFT_AFTER = 8;
/** Addresses remembered: more than the instances that one endpoint moves between. */
const MOST_REMEMBERED = 64;

/**
 * Tells which addresses a name has left.
 *
 * The name of an RDS instance has one address, and another one after a failover: there, an address that is missing
 * once has been left. Other names answer with a different part of their addresses each time. Such a name is known by
 * an address that soon comes back; each time one does, twice as many looks must miss it. One that comes back after
 * eight looks or more has failed over and back, and the next failover is followed at once, as the first was.
 */
export class AddressWatch {
  readonly #missed = new Map<string, number>();
  #patience = 1;

  /** Takes what the name answers now; returns those addresses of `inUse` that it has left. */
  look(current: readonly string[], inUse: ReadonlySet<string>): Set<string> {
    const left = new Set<string>();
    // An empty answer says nothing of where the server went.
    if (current.length === 0) return left;
    for (const address of current) {
      const missed = this.#missed.get(address) ?? LEFT_AFTER;
      this.#missed.delete(address);
      if (missed < LEFT_AFTER) this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2);
    }
    for (const address of new Set([...inUse, ...this.#missed.keys()])) {
      if (current.includes(address)) continue;
      const missed = (this.#missed.get(address) ?? 0) + 1;
      this.#remember(address, missed);
      if (inUse.has(address) && missed >= this.#patience) left.add(address);
    }
    return left;
  }

  #remember(address: string, missed: number): void {
    this.#missed.set(address, missed);
    const [oldest] = this.#missed.keys();
    if (this.#missed.size > MOST_REMEMBERED && oldest !== undefined) this.#missed.delete(oldest);
  }
}
