import { writeFileSync } from "node:fs";
import { presets } from "@sealed/infra/presets";
import type { Variant } from "../../src/cost/variants.ts";
import type { Template } from "../../src/deployment/assembly.ts";
import type { ChildProgram, ChildResult } from "../../src/system.ts";
import type { World } from "./world.ts";

/** Answers in the place of `infra/bin/templates.ts`. */
export function writeVariants({ args }: ChildProgram, world: World): Partial<ChildResult> {
  const argument = (name: string) =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? "";
  const variants = JSON.parse(argument("variants")) as Variant[];
  writeFileSync(argument("out"), JSON.stringify(variants.map(world.templatesOf ?? templatesOf)));
  return {};
}

/** Returns a database and NAT gateways, as far as settings and preset ask for them: enough to tell them apart. */
export function templatesOf({ settings, preset }: Variant): Template[] {
  const { multiAz, databaseClass, egress } = { ...presets[settings.preset], ...preset, ...settings };
  const gateway = { Type: "AWS::EC2::NatGateway" };
  return [
    {
      Resources: {
        Database: {
          Type: "AWS::RDS::DBInstance",
          Properties: {
            DBInstanceClass: `db.${databaseClass}`,
            MultiAZ: multiAz,
            AllocatedStorage: "20",
            ManageMasterUserPassword: true,
          },
        },
        ...(egress === "nat-gateways" && { Gateway1: gateway, Gateway2: gateway }),
      },
    },
  ];
}
