import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Made-up credentials, as environment variables. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: "made-up", AWS_SECRET_ACCESS_KEY: "made-up" };

/** What STS answers to GetCallerIdentity. */
export function identityXml(account: string): string {
  const identity = `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/a</Arn>`;
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${identity}</GetCallerIdentityResult></GetCallerIdentityResponse>`;
}

/** Answers GetCallerIdentity as STS does, after refusing the first calls. */
export async function startSts(account: string, refusals = 0) {
  let calls = 0;
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/xml");
    if (calls++ < refusals) {
      response.statusCode = 400;
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>`,
      );
      return;
    }
    response.end(identityXml(account));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    environment: {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    calls: () => calls,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
