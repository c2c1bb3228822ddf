/** One thing that happened during a deployment, in plain words. */
export interface DeploymentEvent {
  at: Date;
  /** Stack or environment. */
  origin: string;
  /** `started` will be followed by one of the others. */
  kind: "started" | "done" | "failed" | "note";
  text: string;
  /** Begins what takes minutes, so that its beginning is worth a line. */
  isSlow?: boolean;
  /** Set on `failed`. */
  failure?: Failure;
  /** Resource that CloudFormation kept on purpose when it deleted a stack. */
  kept?: { type: string; name: string };
}

/** What failed. */
interface Failure {
  resourceType: string;
  logicalId: string;
  reason: string;
  /** Given up because something else had failed. */
  isConsequence: boolean;
}

/** Returns the event as one line: time, where, what. */
export function eventLine({ at, origin, kind, text }: DeploymentEvent): string {
  const mark = kind === "failed" ? "FAILED  " : "";
  return `  ${at.toISOString().slice(11, 19)}  ${origin}  ${mark}${text}`;
}
