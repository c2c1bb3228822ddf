import { ownCertificate, production, sandbox } from "../support/assemblies.ts";
import { edit, type Mutation } from "../support/mutation.ts";

const classic = { ...sandbox, topology: "clb-backend-auth" } as const;

/** Takes every right on keys out of a policy. */
function withoutKeys(policy: RegExp) {
  return edit(
    "AWS::IAM::Policy",
    ({ PolicyDocument }) => {
      const document = PolicyDocument as { Statement: Record<string, unknown>[] };
      document.Statement = document.Statement.filter(
        ({ Action }) => !JSON.stringify(Action).includes("kms:"),
      );
    },
    policy,
  );
}

/** Rights on secrets made wrong. */
export const secretMutations: readonly Mutation[] = [
  {
    property: "secrets/key-usable",
    name: "instances that may read the pinned key pair and not use its key",
    of: classic,
    change: withoutKeys(/RolesInstance/),
  },
  {
    property: "secrets/key-usable",
    name: "a function that may write the pinned key pair and not use its key",
    of: classic,
    change: withoutKeys(/BackendKeyPair/),
  },
  {
    property: "secrets/key-usable",
    name: "a function that may write the exported certificate and not use its key",
    of: { ...production, topology: "nlb-passthrough", instanceCertificate: { acmExport: true } },
    change: withoutKeys(/ExportCertificate/),
  },
  {
    property: "secrets/key-usable",
    name: "instances that may read one's own certificate and not use its key",
    of: ownCertificate,
    change: withoutKeys(/RolesInstance/),
  },
];
