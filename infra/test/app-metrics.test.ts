import assert from "node:assert/strict";
import test from "node:test";
import { metricMeanings } from "@sealed/web/metric-names";
import { APP_METRICS } from "../lib/constructs/app-metrics.ts";
import { assemblyOf, sandbox } from "./support/assemblies.ts";

test("each metric is read from a number that the app logs", () => {
  const filters = assemblyOf(sandbox)
    .ofType("AWS::Logs::MetricFilter")
    .map(({ properties }) => String(properties.FilterPattern));

  for (const field of Object.values(APP_METRICS)) {
    assert.ok(field in metricMeanings, field);
    assert.ok(filters.includes(`{ $.${field} = "*" }`), field);
  }
});
