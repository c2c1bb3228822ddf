import {
  AmazonLinuxCpuType,
  type CfnInstance,
  type IConnectable,
  type Instance,
  InstanceClass,
  InstanceSize,
  InstanceType,
  MachineImage,
  NatInstanceProviderV2,
  NatTrafficDirection,
  Peer,
  Port,
  UserData,
} from "aws-cdk-lib/aws-ec2";

/**
 * One small instance that forwards the private subnets' traffic: a fraction of a NAT gateway's price, for a
 * sandbox. It forwards HTTPS only, and takes nothing from outside.
 */
export class NatInstance {
  readonly provider: NatInstanceProviderV2;
  readonly #networkCidr: string;

  constructor(networkCidr: string) {
    this.#networkCidr = networkCidr;
    this.provider = new NatInstanceProviderV2({
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.NANO),
      machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }),
      defaultAllowedTraffic: NatTrafficDirection.NONE,
      associatePublicIpAddress: true,
      userData: forwarding(networkCidr),
    });
  }

  /** The instances, one; known after the network was made. */
  get instances(): readonly Instance[] {
    return this.provider.gatewayInstances;
  }

  /** Closes what the library leaves open: metadata of version 1, unencrypted disk, ports but 443. */
  harden(): void {
    const connectable: IConnectable = this.provider;
    connectable.connections.allowFrom(
      Peer.ipv4(this.#networkCidr),
      Port.tcp(443),
      "HTTPS of the private subnets",
    );
    connectable.connections.allowTo(Peer.anyIpv4(), Port.tcp(443), "HTTPS to the services of AWS");
    for (const instance of this.instances) {
      const resource = instance.node.defaultChild as CfnInstance;
      resource.metadataOptions = {
        httpTokens: "required",
        httpEndpoint: "enabled",
        httpPutResponseHopLimit: 1,
      };
      resource.monitoring = true;
      resource.blockDeviceMappings = [
        { deviceName: "/dev/xvda", ebs: { encrypted: true, volumeType: "gp3", deleteOnTermination: true } },
      ];
    }
  }
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html */
function forwarding(networkCidr: string): UserData {
  const userData = UserData.forLinux();
  userData.addCommands(
    "set -e",
    "dnf install --assumeyes iptables-services",
    "echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-forward.conf",
    "sysctl --load=/etc/sysctl.d/90-forward.conf",
    "device=$(ip -4 -oneline route show to default | awk '{print $5; exit}')",
    "iptables --flush FORWARD",
    `iptables --table nat --append POSTROUTING --out-interface "$device" --source ${networkCidr} --jump MASQUERADE`,
    "service iptables save",
    "systemctl enable --now iptables",
  );
  return userData;
}
