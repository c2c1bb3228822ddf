/** Marks the statement that is ours; Elastic Beanstalk's own begin with `eb-`. */
const OWN_SID = "SealedTlsOnly";

interface PolicyDocument {
  Version: string;
  Statement: { Sid?: string; [part: string]: unknown }[];
}

/**
 * Returns the bucket's policy with a statement that refuses plain HTTP and TLS below 1.2, all others kept.
 *
 * @param existing - The policy as it stands; Elastic Beanstalk writes statements of its own into it.
 */
export function withTlsOnly(existing: string | undefined, bucket: string): string {
  const policy: PolicyDocument =
    existing === undefined
      ? { Version: "2012-10-17", Statement: [] }
      : (JSON.parse(existing) as PolicyDocument);
  const resources = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: resources };
  const own = [
    { Sid: OWN_SID, ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: `${OWN_SID}12`, ...deny, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
  const others = policy.Statement.filter(({ Sid }) => !Sid?.startsWith(OWN_SID));
  return JSON.stringify({ ...policy, Statement: [...others, ...own] });
}
