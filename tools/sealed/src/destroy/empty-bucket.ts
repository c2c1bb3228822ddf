import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  type S3Client,
} from "@aws-sdk/client-s3";
import { SealedError } from "../errors.ts";

/**
 * Deletes every version and every delete marker of a bucket, a page at a time; returns how many there were. Once the
 * signal is aborted, no further page is begun.
 *
 * @param account - The bucket's owner: a bucket of that name in another account is left alone.
 * @throws SealedError SEALED_DESTROY_FAILED when an object cannot be deleted.
 */
export async function emptyBucket(
  s3: S3Client,
  bucket: string,
  account: string,
  signal: AbortSignal,
): Promise<number> {
  const target = { Bucket: bucket, ExpectedBucketOwner: account };
  let deleted = 0;
  let page: { keyMarker?: string | undefined; versionMarker?: string | undefined } | undefined = {};
  while (page !== undefined && !signal.aborted) {
    const list = await listPage(s3, target, page);
    if (list === undefined) return deleted;
    await deletePage(s3, target, list.objects);
    deleted += list.objects.length;
    page = list.next;
  }
  return deleted;
}

interface Target {
  Bucket: string;
  ExpectedBucketOwner: string;
}

async function listPage(
  s3: S3Client,
  target: Target,
  { keyMarker, versionMarker }: { keyMarker?: string | undefined; versionMarker?: string | undefined },
) {
  try {
    const answer = await s3.send(
      new ListObjectVersionsCommand({ ...target, KeyMarker: keyMarker, VersionIdMarker: versionMarker }),
    );
    const objects = [...(answer.Versions ?? []), ...(answer.DeleteMarkers ?? [])].map(
      ({ Key, VersionId }): ObjectIdentifier => ({ Key, VersionId }),
    );
    const next = { keyMarker: answer.NextKeyMarker, versionMarker: answer.NextVersionIdMarker };
    return { objects, next: answer.IsTruncated === true ? next : undefined };
  } catch (error) {
    // Removed by an earlier run.
    if (error instanceof Error && error.name === "NoSuchBucket") return undefined;
    throw error;
  }
}

async function deletePage(s3: S3Client, target: Target, objects: ObjectIdentifier[]): Promise<void> {
  // A page has at most 1000 entries, and a call takes as many.
  if (objects.length === 0) return;
  const { Errors: [first] = [] } = await s3.send(
    new DeleteObjectsCommand({ ...target, Delete: { Objects: objects, Quiet: true } }),
  );
  if (first === undefined) return;
  throw new SealedError(
    "SEALED_DESTROY_FAILED",
    `bucket ${target.Bucket} keeps ${first.Key}: ${first.Code} ${first.Message ?? ""}`.trimEnd(),
  );
}
