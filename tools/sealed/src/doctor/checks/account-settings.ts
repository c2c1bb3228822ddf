import { GetEbsEncryptionByDefaultCommand } from "@aws-sdk/client-ec2";
import { GetPublicAccessBlockCommand } from "@aws-sdk/client-s3-control";
import { type Account, placeOptions } from "../account.ts";
import type { Check } from "../check.ts";
import { ok, problem, warning } from "../finding.ts";

/** Looks whether new volumes are encrypted by default: Elastic Beanstalk has no option for its own. */
export function ebsEncryptionCheck({ ec2, deployment, context }: Account): Check {
  const { region, config } = deployment;
  return {
    id: "ebs-encryption",
    subject: `default encryption of EBS volumes in ${region}`,
    async look() {
      const { EbsEncryptionByDefault: isOn } = await ec2.send(new GetEbsEncryptionByDefaultCommand({}), {
        abortSignal: context.signal,
      });
      if (isOn) return ok("on");
      if (config.ebsEncryption === "enforce") {
        return warning("off", "deploy turns it on, for every new volume of the account in this Region");
      }
      return problem("off", "the disks of the instances would be in the clear, and deploy refuses that", [
        `aws ec2 enable-ebs-encryption-by-default${placeOptions(deployment)}`,
      ]);
    },
  };
}

const SWITCHES = [
  "BlockPublicAcls",
  "IgnorePublicAcls",
  "BlockPublicPolicy",
  "RestrictPublicBuckets",
] as const;

/** Looks whether the account as a whole keeps its buckets from the public. Ours have a block of their own besides. */
export function publicAccessCheck({ s3Control, deployment, context }: Account): Check {
  const { account } = deployment.config;
  const mend = [
    `aws s3control put-public-access-block --account-id ${account} --public-access-block-configuration ${SWITCHES.map((name) => `${name}=true`).join(",")}${placeOptions(deployment)}`,
  ];
  const meaning =
    "the deployment's own buckets are closed each by itself; other buckets of the account may be public";
  return {
    id: "s3-public-access",
    subject: "public access block of the account's S3",
    async look() {
      try {
        const { PublicAccessBlockConfiguration: block = {} } = await s3Control.send(
          new GetPublicAccessBlockCommand({ AccountId: account }),
          { abortSignal: context.signal },
        );
        const off = SWITCHES.filter((name) => block[name] !== true);
        return off.length === 0 ? ok("on") : warning(`off: ${off.join(", ")}`, meaning, mend);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "NoSuchPublicAccessBlockConfiguration") throw error;
        return warning("none", meaning, mend);
      }
    },
  };
}
