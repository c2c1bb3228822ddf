import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { ACCOUNT } from "../world.ts";
import { ec2Input, ec2Style } from "./ec2-wire.ts";
import type { FakeClassic } from "./fake-classic.ts";
import type { FakeEc2 } from "./fake-ec2.ts";
import { decodeQuery, encodeXml, type QueryValue, type XmlStyle } from "./query-protocol.ts";

/** Versions by which a call says which service is meant. */
const STS = "2011-06-15";
const CLASSIC = "2012-06-01";
const EC2 = "2016-11-15";

const LISTS_OF_MEMBERS: XmlStyle = { entry: "member", element: (field) => field };

/** What the server stands for. */
export interface FakeCloud {
  ec2: FakeEc2;
  classic: FakeClassic;
}

/**
 * Starts a server that speaks the Query protocol of STS, EC2 and classic Elastic Load Balancing over HTTP, at one
 * address as AWS-compatible clouds do. Its answers have the shape of those in the API references of AWS.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeLoadBalancers.html
 */
export async function startCloud({ ec2, classic }: FakeCloud) {
  const signed: string[] = [];
  const answer = (action: string, version: string, parameters: Record<string, QueryValue>): string => {
    switch (version) {
      case STS:
        return inResult("sts", action, { Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/operator` });
      case CLASSIC:
        return inResult("elasticloadbalancing", action, classic.call(action, parameters));
      case EC2:
        return `<${action}Response xmlns="http://ec2.amazonaws.com/doc/${EC2}/"><requestId>made-up</requestId>${encodeXml(ec2.call(action, ec2Input(parameters)), ec2Style)}</${action}Response>`;
      default:
        throw Object.assign(new Error(`no service has version ${version}`), { name: "InvalidAction" });
    }
  };
  const server = createServer(async (request, response) => {
    signed.push(request.headers.authorization ?? "");
    const { Action, Version, ...parameters } = decodeQuery(await bodyOf(request));
    const isEc2 = Version === EC2;
    response.setHeader("content-type", "text/xml;charset=UTF-8");
    try {
      response.end(answer(String(Action), String(Version), parameters));
    } catch (error) {
      response.statusCode = 400;
      response.end(errorXml(error as Error, isEc2));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The authorization of each call. */
    signed,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function inResult(service: string, action: string, result: object): string {
  const inner = `<${action}Result>${encodeXml(result, LISTS_OF_MEMBERS)}</${action}Result>`;
  const metadata = "<ResponseMetadata><RequestId>made-up</RequestId></ResponseMetadata>";
  return `<${action}Response xmlns="https://${service}.amazonaws.com/doc/">${inner}${metadata}</${action}Response>`;
}

function errorXml({ name, message }: Error, isEc2: boolean): string {
  const error = `<Code>${name}</Code><Message>${message}</Message>`;
  return isEc2
    ? `<Response><Errors><Error>${error}</Error></Errors><RequestID>made-up</RequestID></Response>`
    : `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>made-up</RequestId></ErrorResponse>`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
