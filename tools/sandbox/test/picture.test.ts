import assert from "node:assert/strict";
import { test } from "node:test";
import type { Topology } from "@sealed/servers";
import { drawPicture } from "../src/picture.ts";

function picture(topology: Topology, instances = 1): string {
  return drawPicture({
    topology,
    instances,
    url: "https://localhost:8443",
    database: "MySQL 9.7.4",
    caFile: "/clone/.sandbox/ca/ca.pem",
    workingDirectory: "/clone",
  });
}

test("the picture shows the path, the address, how to trust it and how to stop it", () => {
  const text = picture("alb-reencrypt", 3);

  assert.match(text, /\[browser\] ==hop 1==> \[ALB\] ==hop 2==> \[app x 3\] ==hop 3==> \[MySQL 9\.7\.4\]/);
  assert.match(text, /open {3}https:\/\/localhost:8443\n/);
  assert.match(text, /trust {2}\.sandbox\/ca\/ca\.pem\n/);
  assert.match(text, /curl --cacert \.sandbox\/ca\/ca\.pem https:\/\/localhost:8443\/hops\.json/);
  assert.match(text, /stop {3}Ctrl-C, or npm run stop/);
});

test("only the lesson's picture has an open hop", () => {
  const closed = ["alb-reencrypt", "clb-backend-auth", "nlb-passthrough", "single-instance"] as const;

  for (const topology of closed) assert.doesNotMatch(picture(topology), /OPEN|--hop/);
  assert.match(picture("alb-terminate"), /--hop 2--> .*\n[\s\S]*hop 2 {2}OPEN: plain HTTP/);
});

test("a single instance stands without a load balancer", () => {
  assert.match(picture("single-instance"), /\[browser\] ==hop 1==> \[app\] ==hop 3==> /);
});
