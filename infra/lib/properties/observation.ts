import { isDeepStrictEqual } from "node:util";
import { type Assembly, at, list, target } from "./assembly.ts";
import { every, type Property } from "./property.ts";

/** Metrics that an alarm must watch in every deployment. */
const WATCHED = [
  "ApplicationRequests5xx",
  "ApplicationLatencyP99",
  "InstancesSevere",
  "InstancesDegraded",
  "EnvironmentHealth",
  "TokenFailures",
  "PoolExhausted",
  "UntrustedDatabase",
  "AppCertificate",
  "AppCertificateDaysLeft",
  "CPUUtilization",
  "FreeStorageSpace",
  "DatabaseConnections",
];

/** Services that publish with rights of their own; Elastic Beanstalk does so with its role. */
const PUBLISHERS = ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"];

/** The beginning of a streamed line ends with a colon and a space. */
const READ_STREAMED_JSON = [
  { Grok: { Match: "%{DATA}: %{GREEDYDATA:line}", Source: "@message" } },
  { ParseJSON: { Source: "line" } },
];

/** What holds of alarms and what operators see. */
export const observationProperties: readonly Property[] = [
  {
    id: "alarms/watch-what-matters",
    title:
      "errors, latency, unhealthy instances, refused tokens, an exhausted pool, certificates and the database raise alarms",
    check: (assembly) => missing(assembly, WATCHED),
  },
  {
    id: "alarms/certificate-days",
    title: "a certificate at the load balancer that is not renewed raises an alarm",
    appliesTo: ({ topology }) => topology !== "nlb-passthrough" && topology !== "single-instance",
    check: (assembly) => missing(assembly, ["DaysToExpiry"]),
  },
  {
    id: "alarms/nat",
    title: "a NAT that fails raises an alarm",
    appliesTo: ({ egress }) => egress !== "endpoints",
    check: (assembly) =>
      missing(assembly, [
        assembly.config.egress === "nat-instance" ? "StatusCheckFailed" : "ErrorPortAllocation",
      ]),
  },
  {
    id: "alarms/app-metrics",
    title: "the numbers that the app logs become metrics, although each line begins as a system log's",
    check: (assembly) => [
      ...every(
        assembly,
        "AWS::Logs::Transformer",
        "reading JSON behind the beginning of a line",
        (resource) => isDeepStrictEqual(resource.properties.TransformerConfig, READ_STREAMED_JSON),
      ),
      ...assembly
        .ofType("AWS::Logs::MetricFilter")
        .filter(({ properties }) => String(properties.FilterPattern).startsWith("{"))
        .filter(({ properties }) => properties.ApplyOnTransformedLogs !== true)
        .map(({ id }) => `${id}: looks for JSON in lines as they are streamed`),
    ],
  },
  {
    id: "alarms/reach-the-topic",
    title: "every alarm goes to the one topic, and so does its end",
    check: (assembly) =>
      every(assembly, "AWS::CloudWatch::Alarm", "sent to the topic", ({ properties }) =>
        [properties.AlarmActions, properties.OKActions].every((actions) =>
          isTopic(assembly, list(actions)[0]),
        ),
      ),
  },
  {
    id: "alarms/topic-sealed",
    title: "the topic is encrypted and takes messages over TLS only",
    check: (assembly) => [
      ...every(
        assembly,
        "AWS::SNS::Topic",
        "encrypted",
        ({ properties }) => properties.KmsMasterKeyId !== undefined,
      ),
      ...every(assembly, "AWS::SNS::TopicPolicy", "refusing plain HTTP", ({ properties }) =>
        list(at(properties.PolicyDocument, "Statement")).some(
          (statement) =>
            at(statement, "Effect") === "Deny" &&
            at(statement, "Condition", "Bool", "aws:SecureTransport") === "false",
        ),
      ),
    ],
  },
  {
    id: "alarms/publishers-admitted",
    title: "the topic's policy, which replaces the one that SNS begins with, lets alarms and RDS publish",
    check: (assembly) =>
      every(assembly, "AWS::SNS::TopicPolicy", "letting CloudWatch and RDS publish", ({ properties }) =>
        PUBLISHERS.every((service) =>
          list(at(properties.PolicyDocument, "Statement")).some(
            (statement) =>
              at(statement, "Effect") === "Allow" &&
              list(at(statement, "Action")).includes("sns:Publish") &&
              list(at(statement, "Principal", "Service")).includes(service) &&
              at(statement, "Condition", "StringEquals", "aws:SourceAccount") === assembly.config.account,
          ),
        ),
      ),
  },
  {
    id: "alarms/environment-events",
    title: "Elastic Beanstalk tells the topic what happens to the environment",
    check: (assembly) =>
      isTopic(assembly, assembly.option("aws:elasticbeanstalk:sns:topics", "Notification Topic ARN"))
        ? []
        : ["events go to another topic, or to none"],
  },
  {
    id: "alarms/dashboard",
    title: "a dashboard shows requests, instances, the way to the database, and all alarms",
    check: (assembly) => every(assembly, "AWS::CloudWatch::Dashboard", "there", () => true),
  },
];

function missing(assembly: Assembly, metrics: readonly string[]): string[] {
  const watched = assembly.ofType("AWS::CloudWatch::Alarm").map(({ properties }) => properties.MetricName);
  return metrics.filter((metric) => !watched.includes(metric)).map((metric) => `no alarm on ${metric}`);
}

function isTopic(assembly: Assembly, value: unknown): boolean {
  return assembly.ofType("AWS::SNS::Topic").some(({ id }) => id === target(value));
}
