import { parseArgs } from "node:util";
import { BundleError } from "./errors.ts";
import { type Mode, TOPOLOGIES, type Topology } from "./topology.ts";

/** What was asked for on the command line. */
export interface BundleArguments {
  topology: Topology;
  mode: Mode;
  /** Configuration files of one's own. */
  ownFiles: readonly string[];
  /** Absent: apps/web/dist/source-bundle.zip. */
  out: string | undefined;
  json: boolean;
}

/** Shown with every wrong argument. */
export const USAGE = `usage: npm run bundle -- [--standalone] [--topology T] [--with FILE]... [--out FILE] [--json] [--lesson]
  --topology T   ${TOPOLOGIES.join(", ")}; default alb-reencrypt
  --standalone   for an environment made without CDK: .ebextensions then configure all of it
  --with FILE    adds a configuration file of your own, checked like the others
  --out FILE     where the bundle goes; default apps/web/dist/source-bundle.zip
  --json         prints one JSON document
  --lesson       allows alb-terminate, whose second hop is not encrypted`;

/**
 * Reads the command line.
 *
 * @throws BundleError BUNDLE_ARGUMENTS_INVALID
 */
export function parseArguments(argv: readonly string[]): BundleArguments {
  const values = parseOptions(argv);
  const topology = TOPOLOGIES.find((name) => name === values.topology);
  if (topology === undefined) {
    throw invalid(`--topology must be one of ${TOPOLOGIES.join(", ")}, got "${values.topology}"`);
  }
  if (topology === "alb-terminate" && !values.lesson) {
    throw invalid(
      "alb-terminate leaves the hop to the app unencrypted: add --lesson if that is what you want",
    );
  }
  return {
    topology,
    mode: values.standalone ? "standalone" : "cdk",
    ownFiles: values.with,
    out: values.out,
    json: values.json,
  };
}

function parseOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        topology: { type: "string", default: "alb-reencrypt" },
        standalone: { type: "boolean", default: false },
        with: { type: "string", multiple: true, default: [] },
        out: { type: "string" },
        json: { type: "boolean", default: false },
        lesson: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function invalid(message: string): BundleError {
  return new BundleError("BUNDLE_ARGUMENTS_INVALID", message);
}
