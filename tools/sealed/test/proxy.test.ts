import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { emptyAccount } from "./support/aws.ts";
import { awsError, sealed } from "./support/harness.ts";
import { sealedProcess } from "./support/process.ts";
import { CREDENTIALS } from "./support/sts-server.ts";

test("an AWS that cannot be reached past a proxy is told with the variable that is not used", async () => {
  for (const variable of ["HTTPS_PROXY", "https_proxy"]) {
    const { sts } = emptyAccount();
    sts
      .on(GetCallerIdentityCommand)
      .rejects(awsError("Error", "getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com"));

    const { exitCode, errors } = await sealed("status", {
      environment: { [variable]: "http://me:hunter2@proxy.test:3128" },
    });

    assert.equal(exitCode, 3);
    assert.match(errors, new RegExp(`${variable} is set, and calls to AWS do not use it`));
    assert.doesNotMatch(errors, /hunter2/);
  }
});

test("without a proxy, or with another error, nobody speaks of one", async () => {
  const { sts } = emptyAccount();
  sts.on(GetCallerIdentityCommand).rejects(awsError("AccessDenied", "no"));
  const denied = await sealed("status", { environment: { HTTPS_PROXY: "http://proxy.test" } });
  sts.on(GetCallerIdentityCommand).rejects(awsError("Error", "connect ECONNREFUSED"));
  const unset = await sealed("status", { environment: { HTTPS_PROXY: "" } });

  assert.doesNotMatch(denied.errors + unset.errors, /PROXY/);
});

test("calls to AWS go past a proxy, with NODE_USE_ENV_PROXY too: what the error says is true", {
  timeout: 60_000,
}, async () => {
  let asked = 0;
  const proxy = createServer().on("connect", (_request, socket) => {
    asked++;
    socket.end("HTTP/1.1 502 no\r\n\r\n");
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  const { exitCode, errors } = await sealedProcess(["status"], {
    environment: {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL: "https://127.0.0.1:9",
      HTTPS_PROXY: address,
      NODE_USE_ENV_PROXY: "1",
    },
  });
  proxy.close();

  assert.equal(asked, 0);
  assert.equal(exitCode, 3);
  assert.match(errors, /HTTPS_PROXY is set, and calls to AWS do not use it/);
});
