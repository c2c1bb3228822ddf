import type { Listener, PolicyAttribute } from "@aws-sdk/client-elastic-load-balancing";
import { awsError } from "../harness.ts";

interface FakePolicy {
  type: string;
  attributes: readonly PolicyAttribute[];
}

type Input = Record<string, unknown>;

/** A classic load balancer: policies never change, and one that is in use cannot be deleted. */
export class FakeClassic {
  readonly name = "lb";
  readonly listeners: Listener[] = [
    { Protocol: "HTTPS", LoadBalancerPort: 443, InstanceProtocol: "HTTPS", InstancePort: 443 },
  ];
  readonly policies = new Map<string, FakePolicy>();
  readonly onPort = new Map<number, readonly string[]>();
  /** What it is besides: network, instances, health check. */
  description: object = {};
  /** Every call by its name. */
  readonly calls: string[] = [];
  /** Everything that was ever sent to it. */
  received = "";
  onCall: (name: string, moment: "before" | "after") => void = () => undefined;

  /** Returns the values of an attribute of a policy. */
  valuesOf(policy: string): string[] {
    return (this.policies.get(policy)?.attributes ?? []).map(({ AttributeValue = "" }) => AttributeValue);
  }

  /** Returns the public keys that a port trusts; `undefined`: it trusts every key. */
  trustedOn(port: number): string[] | undefined {
    const auths = (this.onPort.get(port) ?? []).filter(
      (name) => this.policies.get(name)?.type === "BackendServerAuthenticationPolicyType",
    );
    if (auths.length === 0) return undefined;
    return auths.flatMap((auth) => this.valuesOf(auth)).flatMap((key) => this.valuesOf(key));
  }

  /** Answers a call of the service's API. */
  call(name: string, input: Input): object {
    this.calls.push(name);
    this.received += JSON.stringify(input);
    this.onCall(name, "before");
    const answer = this.#answer(name, input);
    this.onCall(name, "after");
    return answer;
  }

  #answer(name: string, input: Input): object {
    const { LoadBalancerName, LoadBalancerNames = [LoadBalancerName] } = input;
    if (!(LoadBalancerNames as string[]).includes(this.name)) {
      throw awsError("LoadBalancerNotFound", "There is no ACTIVE Load Balancer named that");
    }
    switch (name) {
      case "DescribeLoadBalancers":
        return { LoadBalancerDescriptions: [this.#describe()] };
      case "DescribeLoadBalancerPolicies":
        return { PolicyDescriptions: [...this.policies].map(describePolicy) };
      case "CreateLoadBalancerPolicy":
        return this.#create(input);
      case "SetLoadBalancerPoliciesForBackendServer":
        return this.#set(
          Number(input.InstancePort), // In the Query protocol an empty list is an empty text.
          (input.PolicyNames || []) as string[],
        );
      case "DeleteLoadBalancerPolicy":
        return this.#delete(input.PolicyName as string);
      default:
        throw awsError("InvalidAction", `Could not find operation ${name} for version 2012-06-01`);
    }
  }

  #describe(): object {
    return {
      LoadBalancerName: this.name,
      ListenerDescriptions: this.listeners.map((Listener) => ({ Listener, PolicyNames: [] })),
      BackendServerDescriptions: [...this.onPort]
        .filter(([, names]) => names.length > 0)
        .map(([InstancePort, PolicyNames]) => ({ InstancePort, PolicyNames })),
      ...this.description,
    };
  }

  #create({ PolicyName, PolicyTypeName, PolicyAttributes }: Input): object {
    const name = PolicyName as string;
    const attributes = (PolicyAttributes ?? []) as PolicyAttribute[];
    if (this.policies.has(name)) throw awsError("DuplicatePolicyName", `Policy ${name} already exists`);
    const missing = attributes.find(
      ({ AttributeName, AttributeValue = "" }) =>
        AttributeName === "PublicKeyPolicyName" && !this.policies.has(AttributeValue),
    );
    if (missing !== undefined) {
      throw awsError("InvalidConfigurationRequest", `Policy ${missing.AttributeValue} does not exist`);
    }
    this.policies.set(name, { type: PolicyTypeName as string, attributes });
    return {};
  }

  #set(port: number, names: readonly string[]): object {
    const unknown = names.find((name) => !this.policies.has(name));
    if (unknown !== undefined) throw awsError("PolicyNotFound", `There is no policy with name ${unknown}`);
    this.onPort.set(port, names);
    return {};
  }

  #delete(name: string): object {
    const users = [...this.policies.keys()].filter((policy) => this.valuesOf(policy).includes(name));
    if ([...this.onPort.values()].flat().includes(name) || users.length > 0) {
      throw awsError("InvalidConfigurationRequest", `Policy ${name} is in use`);
    }
    this.policies.delete(name);
    return {};
  }
}

function describePolicy([PolicyName, { type, attributes }]: [string, FakePolicy]) {
  return { PolicyName, PolicyTypeName: type, PolicyAttributeDescriptions: attributes };
}
