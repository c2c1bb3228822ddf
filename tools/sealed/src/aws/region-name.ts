import { SUPPORTED_REGIONS } from "@sealed/infra/regions";
import { SealedError } from "../errors.ts";
import type { Environment } from "../system.ts";
import type { Place } from "./explain-error.ts";

/** AWS's own: the first part is that of a country or continent, or of a cloud apart, as in `eusc-de-east-1`. */
const OF_AWS = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;
/** Names of other clouds, such as `RegionOne`: it goes into the signature of each call, and into no address. */
const OF_ANY_CLOUD = /^[a-z\d]([a-z\d-]*[a-z\d])?$/i;

/**
 * Checks `--region`: a name as AWS has them, or any where the calls go to another cloud.
 *
 * @throws SealedError SEALED_ARGUMENTS_INVALID
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export function checkRegion({ region, endpointUrl }: Place, environment: Environment): void {
  if (region === undefined) return;
  const isElsewhere = Boolean(endpointUrl || environment.AWS_ENDPOINT_URL);
  if ((isElsewhere ? OF_ANY_CLOUD : OF_AWS).test(region)) return;
  throw new SealedError(
    "SEALED_ARGUMENTS_INVALID",
    isElsewhere
      ? `--region must be letters, digits and hyphens, such as RegionOne, got "${region}"`
      : `--region must be one such as eu-west-1, got "${region}": one of another cloud goes with --endpoint-url`,
  );
}

/** Tells whether infra/ may deploy there. In any other Region there is only something to look at. */
export function isForInfra(region: string): boolean {
  return SUPPORTED_REGIONS.includes(region);
}
