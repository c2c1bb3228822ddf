import { at, list } from "./assembly.ts";
import { every, type Property } from "./property.ts";

const FUNCTION = "AWS::Lambda::Function";

/** What holds of the functions that a deployment runs. */
export const functionProperties: readonly Property[] = [
  {
    id: "functions/supported-runtime",
    title: "every function runs on a Node.js that AWS supports",
    check: (assembly) =>
      every(
        assembly,
        FUNCTION,
        "on Node.js 22 or 24",
        ({ properties }) =>
          /^nodejs(22|24)\.x$/.test(String(properties.Runtime)) ||
          at(properties.Runtime, "Fn::FindInMap") !== undefined,
      ),
  },
  {
    id: "functions/private",
    title:
      "no function has an address of its own, and nobody but services of this account's rules may call one",
    check: (assembly) => [
      ...assembly.ofType("AWS::Lambda::Url").map(({ id }) => `${id}: a function with an address`),
      ...assembly
        .ofType("AWS::Lambda::Permission")
        .filter(
          ({ properties }) =>
            properties.Principal !== "events.amazonaws.com" || properties.SourceArn === undefined,
        )
        .map(({ id, properties }) => `${id}: admits ${String(properties.Principal)}`),
    ],
  },
  {
    id: "keys/no-decrypt-everywhere",
    title: "no role may decrypt with every key",
    check: (assembly) =>
      assembly.ofType("AWS::IAM::Policy").flatMap(({ id, properties }) =>
        list(at(properties.PolicyDocument, "Statement"))
          .filter(
            (statement) =>
              at(statement, "Effect") === "Allow" && list(at(statement, "Resource")).includes("*"),
          )
          .filter((statement) =>
            list(at(statement, "Action")).some((action) =>
              /^kms:(\*|Decrypt|ReEncrypt)/.test(String(action)),
            ),
          )
          .map(() => `${id}: may decrypt with every key`),
      ),
  },
];
