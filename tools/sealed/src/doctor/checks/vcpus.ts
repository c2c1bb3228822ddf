import { type _InstanceType, DescribeInstanceTypesCommand } from "@aws-sdk/client-ec2";
import { topologies } from "@sealed/infra/topologies";
import type { Account } from "../account.ts";

/** How the network's own instance is sized, in infra/lib/constructs/nat-instance.ts. */
const NAT_INSTANCE_TYPE = "t4g.nano";

/** Returns the vCPUs that the deployment adds at its peak, with the biggest of the instance types that it may take. */
export async function neededVcpus({ ec2, deployment, standing, context }: Account): Promise<number> {
  const { preset, topology, deploymentPolicy, egress } = deployment.config;
  const isNatInstance = egress === "nat-instance" && !standing.network;
  const types = [...preset.instanceTypes, ...(isNatInstance ? [NAT_INSTANCE_TYPE] : [])];
  const { InstanceTypes: described = [] } = await ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: types as _InstanceType[] }),
    { abortSignal: context.signal },
  );
  const vcpus = new Map<string | undefined, number>(
    described.map(({ InstanceType, VCpuInfo }) => [InstanceType, VCpuInfo?.DefaultVCpus ?? 0]),
  );
  const biggest = Math.max(...preset.instanceTypes.map((type) => vcpus.get(type) ?? 0));
  const most = topologies[topology].loadBalancer === "none" ? 1 : preset.maxInstances;
  // A policy other than all at once starts new instances beside the old ones.
  const added = standing.web && deploymentPolicy === "AllAtOnce" ? 0 : most;
  return added * biggest + (isNatInstance ? (vcpus.get(NAT_INSTANCE_TYPE) ?? 0) : 0);
}
