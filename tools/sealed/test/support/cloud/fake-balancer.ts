import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import {
  CreateLoadBalancerPolicyCommand,
  DeleteLoadBalancerPolicyCommand,
  DescribeLoadBalancerPoliciesCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  SetLoadBalancerPoliciesForBackendServerCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { ACCOUNT } from "../world.ts";
import { FakeClassic } from "./fake-classic.ts";

const COMMANDS = [
  CreateLoadBalancerPolicyCommand,
  DeleteLoadBalancerPolicyCommand,
  DescribeLoadBalancerPoliciesCommand,
  DescribeLoadBalancersCommand,
  SetLoadBalancerPoliciesForBackendServerCommand,
];

/** Returns a fake classic load balancer behind a mocked client. */
export function fakeBalancer() {
  const balancer = new FakeClassic();
  const sts = mockClient(STSClient);
  sts.on(GetCallerIdentityCommand).resolves({ Account: ACCOUNT });
  const client = mockClient(ElasticLoadBalancingClient);
  for (const command of COMMANDS) {
    client
      .on(command as never)
      .callsFake((input) => balancer.call(command.name.replace(/Command$/, ""), input));
  }
  return { balancer, sts };
}

/** A folder that is gone after the tests. */
export const keyFolder = mkdtempSync(join(tmpdir(), "sealed-keys-"));
after(() => rmSync(keyFolder, { recursive: true }));

let files = 0;

/** Writes a file and returns its path. */
export function fileOf(content: string | Buffer): string {
  const file = join(keyFolder, `key-${++files}`);
  writeFileSync(file, content);
  return file;
}

/** Returns a new key pair: file with the public half, and the value that the service takes. */
export function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ format: "der", type: "spki" });
  return {
    file: fileOf(publicKey.export({ format: "pem", type: "spki" })),
    value: spki.toString("base64"),
    spki,
    publicKey,
    privateKey,
  };
}
