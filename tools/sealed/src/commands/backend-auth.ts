import type { Command } from "commander";
import type { BackendAuthOptions, ChangeOptions, RotateOptions } from "../backend-auth/run-backend-auth.ts";
import { exampleText, type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";

const EXAMPLES = {
  show: ["npx turbo backend-auth -- show", "npx sealed backend-auth show --json"],
  attach: [
    "npx sealed backend-auth attach app.pem",
    "npx sealed backend-auth attach app.pem --port 443 --apply",
  ],
  rotate: [
    "npx sealed backend-auth rotate --add new.pem --apply",
    "npx sealed backend-auth rotate --finish --apply",
  ],
  detach: [
    "npx sealed backend-auth detach",
    "npx sealed backend-auth detach --load-balancer my-balancer --apply",
  ],
};

/** Adds `sealed backend-auth` with its verbs. */
export function registerBackendAuth(program: Command, run: Run): void {
  const group = program
    .command("backend-auth")
    .description("pin the app's public key on a classic load balancer: show, attach, rotate, detach")
    .addHelpText("after", exampleText([...EXAMPLES.show, ...EXAMPLES.attach]));
  withBalancer(
    group.command("show").description("show what each instance port trusts"),
    EXAMPLES.show,
  ).action(
    run(async (options: BackendAuthOptions, context) => {
      const { runShow } = await import("../backend-auth/run-show.ts");
      return await runShow(options, context);
    }),
  );
  registerAttach(group, run);
  withApply(
    withBalancer(
      group.command("rotate").description("trust a new key besides the old, or end that"),
      EXAMPLES.rotate,
    )
      .option("--add <file>", "certificate or public key to trust besides those of now")
      .option("--finish", "trust the key that was added last, and no other"),
  ).action(
    run(async (options: RotateOptions, context) => {
      const { runRotate } = await import("../backend-auth/run-backend-auth.ts");
      return await runRotate(options, context);
    }),
  );
  withApply(
    withBalancer(group.command("detach").description("trust every key again"), EXAMPLES.detach),
  ).action(
    run(async (options: ChangeOptions, context) => {
      const { runDetach } = await import("../backend-auth/run-backend-auth.ts");
      return await runDetach(options, context);
    }),
  );
}

function registerAttach(group: Command, run: Run): void {
  const attach = group
    .command("attach")
    .alias("create")
    .argument("<file>", "certificate or public key of the app")
    .description("make the policies for a key, and set them on the instance port");
  withApply(withBalancer(attach, EXAMPLES.attach)).action(async (file: string, options: ChangeOptions) => {
    const action = run<ChangeOptions>(async (_options, context) => {
      const { runAttach } = await import("../backend-auth/run-backend-auth.ts");
      return await runAttach(file, options, context);
    });
    await action(options);
  });
}

function withBalancer(command: Command, examples: readonly string[]): Command {
  return withCommonOptions(withDeploymentOptions(command), examples)
    .option("--environment <name>", "Elastic Beanstalk environment (default: that of the deployment)")
    .option("--load-balancer <name>", "classic load balancer by name, in place of an environment's")
    .option("--port <number>", "instance port (default: the only one that is spoken to over TLS)");
}

function withApply(command: Command): Command {
  return command.option("--apply", "take the steps, and read each back", false);
}
