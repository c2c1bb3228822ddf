/** What goes through a deployment in a month: nobody knows it beforehand, so it is assumed, and said. */
export interface Usage {
  /** GB that clients receive. */
  gbOut: number;
  /** Millions of requests. */
  requests: number;
  /** GB of the app's, the database's and the platform's logs. */
  logsGb: number;
  /** GB of flow logs, and of the web ACL's log. */
  flowLogsGb: number;
  /** GB between the instances and AWS's services, other than S3. */
  egressGb: number;
}

/** A small application: a few users, a page now and then. */
export const DEFAULT_USAGE: Usage = { gbOut: 10, requests: 1, logsGb: 2, flowLogsGb: 1, egressGb: 5 };

/** Returns the assumptions in words. */
export function usageWords({ gbOut, requests, logsGb, flowLogsGb, egressGb }: Usage): string {
  return [
    `${gbOut} GB to clients`,
    `${requests} million requests`,
    `${logsGb} GB of logs`,
    `${flowLogsGb} GB of flow logs`,
    `${egressGb} GB from instances to AWS's services`,
  ].join(", ");
}
