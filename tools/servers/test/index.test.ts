import assert from "node:assert/strict";
import { test } from "node:test";
import * as servers from "../src/index.ts";

test("gives other packages these names and no more", () => {
  assert.deepEqual(Object.keys(servers).sort(), [
    "ServersError",
    "defaultDirectory",
    "ensureProgram",
    "ensurePrograms",
    "exclusively",
    "freePort",
    "portHolder",
    "privateCa",
    "spawnGuarded",
    "startDatabase",
    "startLoadBalancer",
    "surveyMachine",
    "untilPortAnswers",
  ]);
});
