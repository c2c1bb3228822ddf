import assert from "node:assert/strict";
import { test } from "node:test";
import type { Topology } from "@sealed/infra/topologies";
import {
  alsoOn80,
  databaseWith,
  groupWith,
  listenerWith,
  listens,
  parameter,
  pinned,
  policyGone,
  rule,
  set,
  target,
} from "../support/verify/changes.ts";
import type { Model } from "../support/verify/deployed-model.ts";
import { GROUPS } from "../support/verify/deployed-names.ts";
import { startDeployedPath } from "../support/verify/deployed-path.ts";

/** One thing that is not as it was deployed, and what must be found: hop, check, and what it is about. */
type Case = readonly [what: string, change: (model: Model) => void, wrong: readonly string[]];

const APPLICATION: readonly Case[] = [
  [
    "a listener with an older policy",
    listenerWith({ SslPolicy: "ELBSecurityPolicy-2016-08" }),
    ["client-lb tls-policy"],
  ],
  [
    "a listener in plain HTTP",
    listenerWith({ Protocol: "HTTP", SslPolicy: undefined }),
    ["client-lb listener", "client-lb tls-policy"],
  ],
  ["no listener on 443", (model) => (model.listeners = []), ["client-lb listener"]],
  ["a listener on 80 that forwards", alsoOn80(true), ["client-lb other-listener HTTP on 80"]],
  ["a redirect that was not asked for", alsoOn80(false), ["client-lb other-listener HTTP on 80"]],
  ["plain HTTP to the app", groupWith({ Protocol: "HTTP", Port: 80 }), ["lb-app target-group app"]],
  ["a health check in plain HTTP", groupWith({ HealthCheckProtocol: "HTTP" }), ["lb-app health-check app"]],
  ["a health check elsewhere", groupWith({ HealthCheckPath: "/" }), ["lb-app health-check app"]],
  ["no target group", (model) => (model.targetGroups = []), ["lb-app target-group"]],
  ["an unhealthy instance", target("unhealthy", 443), ["lb-app targets app"]],
  ["no instance", (model) => (model.targets = []), ["lb-app targets app"]],
  [
    "targets on another port",
    (model) =>
      (model.targets = [{ Target: { Id: "i-0aaa", Port: 8080 }, TargetHealth: { State: "healthy" } }]),
    ["lb-app targets app"],
  ],
  [
    "an environment that is not well",
    (model) => (model.environment = { ...model.environment, Health: "Red" }),
    ["lb-app environment-health sealed-sandbox-environment"],
  ],
  [
    "an environment in the middle of an update",
    (model) => (model.environment = { ...model.environment, Status: "Updating" }),
    ["lb-app environment-health sealed-sandbox-environment"],
  ],
  ["an app told of another topology", set("TOPOLOGY", "nlb-passthrough"), ["lb-app app-settings TOPOLOGY"]],
  [
    "an app that listens without TLS",
    set("UNSEALED_PLAIN_HTTP", "true"),
    ["lb-app app-settings UNSEALED_PLAIN_HTTP"],
  ],
  ["a hops page that was switched off", set("HOPS_PAGE", "off"), ["lb-app app-settings HOPS_PAGE"]],
  ["a login by password", set("DB_AUTH", "secret"), ["app-db app-settings DB_AUTH"]],
  ["other roots for the database", set("DB_CA_FILE", "/tmp/own.pem"), ["app-db app-settings DB_CA_FILE"]],
  ["a load balancer open on 80", rule("0.0.0.0/0", 80, GROUPS.balancer), ["client-lb security-group sg-lb"]],
  [
    "instances open to an address range",
    rule("10.0.0.0/8", 443, GROUPS.instances),
    ["lb-app security-group sg-app"],
  ],
  [
    "instances open to another group",
    rule("sg-other", 443, GROUPS.instances),
    ["lb-app security-group sg-app"],
  ],
  ["instances open on 22", rule("0.0.0.0/0", 22, GROUPS.instances), ["lb-app security-group sg-app"]],
  [
    "instances closed to the load balancer",
    (model) =>
      (model.rules = model.rules.filter(({ GroupId, IsEgress }) => GroupId !== GROUPS.instances || IsEgress)),
    ["lb-app security-group sg-app"],
  ],
  [
    "a database open to an address range",
    rule("10.0.0.0/8", 3307, GROUPS.database),
    ["app-db security-group sg-db"],
  ],
  [
    "a database open on another port",
    rule(GROUPS.instances, 3306, GROUPS.database),
    ["app-db security-group sg-db"],
  ],
  [
    "a database open to a stranger's group",
    rule("sg-other", 3307, GROUPS.database),
    ["app-db security-group sg-db"],
  ],
  [
    "a public database",
    databaseWith({ PubliclyAccessible: true }),
    ["app-db database-public sealed-sandbox"],
  ],
  [
    "storage that is not encrypted",
    databaseWith({ StorageEncrypted: false }),
    ["app-db database-encrypted sealed-sandbox"],
  ],
  [
    "a database without logins by token",
    databaseWith({ IAMDatabaseAuthenticationEnabled: false }),
    ["app-db database-iam sealed-sandbox"],
  ],
  [
    "a database with a retired authority",
    databaseWith({ CACertificateIdentifier: "rds-ca-2019" }),
    ["app-db database-authority sealed-sandbox"],
  ],
  [
    "a database that is being changed",
    databaseWith({ DBInstanceStatus: "modifying" }),
    ["app-db database-status sealed-sandbox"],
  ],
  [
    "a parameter that waits for a restart",
    databaseWith({
      DBParameterGroups: [
        { DBParameterGroupName: "sealed-parameters", ParameterApplyStatus: "pending-reboot" },
      ],
    }),
    ["app-db database-parameters sealed-parameters"],
  ],
  [
    "a database that takes plain connections",
    parameter("require_secure_transport", "0"),
    ["app-db database-enforces-tls sealed-parameters"],
  ],
  [
    "a database whose default decides",
    parameter("require_secure_transport", undefined),
    ["app-db database-enforces-tls sealed-parameters"],
  ],
  [
    "a database that speaks TLS 1.1",
    parameter("tls_version", "TLSv1.1,TLSv1.2"),
    ["app-db database-tls sealed-parameters"],
  ],
  ["no database", (model) => (model.databases = []), ["app-db database"]],
];

const CLASSIC: readonly Case[] = [
  ["a listener in plain HTTP", listens({ Protocol: "HTTP" }), ["client-lb listener"]],
  ["plain HTTP to the app", listens({ InstanceProtocol: "HTTP" }), ["client-lb listener"]],
  ["another TLS policy", policyGone("tls"), ["client-lb tls-policy"]],
  [
    "no policy on the instance port",
    pinned({ BackendServerDescriptions: [] }),
    ["lb-app backend-authentication"],
  ],
  [
    "the policy on another port",
    pinned({ BackendServerDescriptions: [{ InstancePort: 8443, PolicyNames: ["backendauth"] }] }),
    ["lb-app backend-authentication"],
  ],
  [
    "a policy of another kind",
    pinned({ BackendServerDescriptions: [{ InstancePort: 443, PolicyNames: ["backendkey1"] }] }),
    ["lb-app backend-authentication"],
  ],
  [
    "a health check that sees no key",
    pinned({
      HealthCheck: { Target: "TCP:443", Interval: 5, Timeout: 4, UnhealthyThreshold: 2, HealthyThreshold: 2 },
    }),
    ["lb-app health-check"],
  ],
  [
    "an instance out of service",
    (model) => model.instanceStates.push({ InstanceId: "i-0ccc", State: "OutOfService" }),
    ["lb-app targets"],
  ],
  [
    "no load balancer",
    (model) => (model.classic = undefined),
    ["client-lb listener", "client-lb security-group no group", "lb-app security-group sg-app"],
  ],
];

const NETWORK: readonly Case[] = [
  ["a listener that ends the client's TLS", listenerWith({ Protocol: "TLS" }), ["client-lb listener"]],
  ["a target group of another protocol", groupWith({ Protocol: "TLS" }), ["lb-app target-group app"]],
  ["instances open on 80", rule("0.0.0.0/0", 80, GROUPS.instances), ["client-lb security-group sg-app"]],
];

for (const [topology, cases] of [
  ["alb-reencrypt", APPLICATION],
  ["clb-backend-auth", CLASSIC],
  ["nlb-passthrough", NETWORK],
] as const satisfies [Topology, readonly Case[]][]) {
  for (const [what, change, wrong] of cases) {
    test(`a deployed ${topology} with ${what} is not as promised, and nothing else is named`, async () => {
      await using path = await startDeployedPath(topology);
      change(path.model);

      const found = await path.verify();

      assert.deepEqual(found.wrong, wrong);
      assert.equal(found.exitCode, 1);
    });
  }
}
