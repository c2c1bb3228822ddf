/**
 * Regions that can be deployed to: those of partition `aws` for which `@sealed/db` has RDS's root certificates. The
 * app and the function that prepares the database trust no other, so a deployment would fail once the database stands.
 */
export const SUPPORTED_REGIONS: readonly string[] = [
  "af-south-1",
  "ap-east-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-south-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ca-central-1",
  "eu-central-1",
  "eu-central-2",
  "eu-north-1",
  "eu-south-1",
  "eu-south-2",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "me-central-1",
  "me-south-1",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
];

/** How names of Regions begin in AWS's other partitions: China, GovCloud, isolated ones, the European Sovereign Cloud. */
const OTHER_PARTITION = /^(cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)-/;

/**
 * Says why a Region cannot be deployed to; `undefined` when it can.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function regionProblem(region: string): string | undefined {
  if (SUPPORTED_REGIONS.includes(region)) return undefined;
  if (!/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region))
    return `region must be one such as eu-west-1, got "${region}"`;
  if (OTHER_PARTITION.test(region)) {
    return `region ${region} is not supported: this deploys to Regions of partition aws alone, such as eu-west-1`;
  }
  return `region ${region} is not supported: no root certificate of RDS is pinned for it, known are ${SUPPORTED_REGIONS.join(", ")}`;
}
