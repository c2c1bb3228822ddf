import type {
  InstanceState,
  LoadBalancerDescription,
  PolicyDescription,
} from "@aws-sdk/client-elastic-load-balancing";
import type {
  Listener,
  Rule,
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TopologyFacts } from "@sealed/infra/topologies";
import { GROUPS } from "./deployed-names.ts";

/** Returns the part of the model that is about load balancers of each kind, with so many instances behind. */
export function balancerPart(facts: TopologyFacts, ids: readonly string[]) {
  const isApplication = facts.loadBalancer === "application";
  const { processProtocol: protocol, processPort: port } = facts;
  return {
    listeners: [
      isApplication
        ? {
            ListenerArn: "arn:443",
            Protocol: "HTTPS",
            Port: 443,
            SslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
          }
        : { ListenerArn: "arn:443", Protocol: "TCP", Port: 443 },
    ] as Listener[],
    listenerRules: [] as Rule[],
    targetGroups: [
      {
        TargetGroupName: "app",
        TargetGroupArn: "arn:tg",
        Protocol: protocol,
        Port: port,
        HealthCheckProtocol: protocol,
        ...(isApplication && { HealthCheckPath: "/readyz" }),
      },
    ] as TargetGroup[],
    targets: ids.map((Id) => ({
      Target: { Id, Port: port },
      TargetHealth: { State: "healthy" },
    })) as TargetHealthDescription[],
    ...classicPart(ids),
  };
}

function classicPart(ids: readonly string[]) {
  return {
    classic: {
      SecurityGroups: [GROUPS.balancer],
      HealthCheck: {
        Target: "HTTPS:443/readyz",
        Interval: 5,
        Timeout: 4,
        UnhealthyThreshold: 2,
        HealthyThreshold: 2,
      },
      ListenerDescriptions: [
        {
          Listener: {
            Protocol: "HTTPS",
            LoadBalancerPort: 443,
            InstanceProtocol: "HTTPS",
            InstancePort: 443,
          },
          PolicyNames: ["tls"],
        },
      ],
      BackendServerDescriptions: [{ InstancePort: 443, PolicyNames: ["backendauth"] }],
    } as LoadBalancerDescription,
    policies: [
      policy("tls", "SSLNegotiationPolicyType", [
        "Reference-Security-Policy",
        "ELBSecurityPolicy-TLS-1-2-2017-01",
      ]),
      policy("backendkey1", "PublicKeyPolicyType", ["PublicKey", "made up"]),
      policy("backendauth", "BackendServerAuthenticationPolicyType", ["PublicKeyPolicyName", "backendkey1"]),
    ],
    instanceStates: ids.map((InstanceId) => ({ InstanceId, State: "InService" })) as InstanceState[],
  };
}

function policy(
  PolicyName: string,
  PolicyTypeName: string,
  [name, value]: [string, string],
): PolicyDescription {
  return {
    PolicyName,
    PolicyTypeName,
    PolicyAttributeDescriptions: [{ AttributeName: name, AttributeValue: value }],
  };
}
