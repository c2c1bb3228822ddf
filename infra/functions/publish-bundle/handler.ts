import { S3Client } from "@aws-sdk/client-s3";
import type { DeploymentEvent } from "../deployment-event.ts";
import { type BundleProperties, publishBundle } from "./publish.ts";

/** Entry of the Lambda function. */
export const handler = (event: DeploymentEvent<BundleProperties>) => publishBundle(event, new S3Client({}));
