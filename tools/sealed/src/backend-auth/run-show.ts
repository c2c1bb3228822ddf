import { tableLines } from "@sealed/console/table";
import type { CommandContext, Outcome } from "../context.ts";
import { authOn, type Balancer, instancePorts } from "./balancer.ts";
import { fingerprintOf } from "./key-file.ts";
import { newKeyOf } from "./policy.ts";
import { type BackendAuthOptions, findBalancer } from "./run-backend-auth.ts";

interface PortView {
  port: number;
  protocols: string[];
  policies: string[];
  /** Fingerprints of the keys that are trusted; none: every key is. */
  trusts: string[];
  isRotating: boolean;
}

/** Shows what each instance port trusts. */
export async function runShow(options: BackendAuthOptions, context: CommandContext): Promise<Outcome> {
  const { balancer, asked } = await findBalancer(options, context);
  const views = instancePorts(balancer, asked)
    .filter((port) => asked === undefined || port === asked)
    .map((port) => view(balancer, port));
  const row = ({ port, protocols, policies, trusts, isRotating }: PortView) => [
    String(port),
    protocols.join(", "),
    trusts.length === 0 ? "every key" : `${trusts.join(", ")}${isRotating ? " (being rotated)" : ""}`,
    policies.join(", "),
  ];
  return {
    exitCode: 0,
    summary: [
      `classic load balancer ${balancer.name}`,
      ...tableLines(views.map(row), ["instance port", "protocol", "trusts", "policies"]),
    ],
    document: { command: "backend-auth show", loadBalancer: balancer.name, ports: views },
  };
}

function view(balancer: Balancer, port: number): PortView {
  const attached = authOn(balancer, port);
  const names = new Set(attached.flatMap(({ values }) => values));
  const keys = balancer.policies.filter(({ kind, name }) => kind === "key" && names.has(name));
  const listeners = balancer.listeners.filter(({ InstancePort }) => InstancePort === port);
  return {
    port,
    protocols: [
      ...new Set(listeners.map(({ InstanceProtocol, Protocol = "" }) => InstanceProtocol ?? Protocol)),
    ],
    policies: [...(balancer.onPort.get(port) ?? [])],
    trusts: keys.map(({ values: [value = ""] }) => fingerprintOf(Buffer.from(value, "base64"))),
    isRotating: attached.some(({ name }) => newKeyOf(name) !== undefined),
  };
}
