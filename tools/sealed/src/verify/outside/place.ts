import type { HopId } from "../check.ts";

/** What is asked: an address of a path, or of an instance. */
export interface Place {
  url: URL;
  /** Which of the name's addresses; default: whichever answers. */
  address?: string | undefined;
}

/** A place, and what its answer tells about. */
export interface HopPlace extends Place {
  hop: HopId;
  /** Name of the instance, behind the load balancer. */
  subject?: string;
}
