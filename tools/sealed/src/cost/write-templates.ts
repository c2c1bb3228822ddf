import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "../context.ts";
import type { Template } from "../deployment/assembly.ts";
import { SealedError } from "../errors.ts";
import { REPOSITORY } from "../repository.ts";
import { completed, type Variant } from "./variants.ts";

/** Lines of a failed program that are shown. */
const SHOWN_LINES = 30;

/**
 * Returns the templates of each deployment, as a deployment would have them. Calls nothing in AWS.
 *
 * @throws SealedError SEALED_SYNTH_FAILED
 */
export async function writeTemplates(
  variants: readonly Variant[],
  context: Pick<CommandContext, "system" | "environment" | "signal">,
): Promise<Template[][]> {
  const folder = await mkdtemp(join(tmpdir(), "sealed-cost-"));
  const file = join(folder, "templates.json");
  const complete = variants.map((variant) => ({ ...variant, settings: completed(variant.settings) }));
  try {
    const { exitCode, tail } = await context.system.runNode({
      file: join(REPOSITORY, "infra/bin/templates.ts"),
      args: [`--variants=${JSON.stringify(complete)}`, `--out=${file}`],
      // Validation of what is not deployed would take ten times as long.
      environment: { ...context.environment, CDK_VALIDATION: "false" },
      signal: context.signal,
    });
    if (context.signal.aborted) throw new SealedError("SEALED_INTERRUPTED", "stopped: nothing was changed");
    if (exitCode !== 0) {
      throw new SealedError(
        "SEALED_SYNTH_FAILED",
        `could not write the templates:\n${tail.slice(-SHOWN_LINES).join("\n")}`,
      );
    }
    return JSON.parse(await readFile(file, "utf8")) as Template[][];
  } finally {
    await rm(folder, { recursive: true });
  }
}
