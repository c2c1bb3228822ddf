import type { LoadBalancerKind } from "@sealed/infra/eb-options";
import type { Mode } from "../topology.ts";
import type { CfnResource } from "./config-file.ts";

type Resources = Record<string, CfnResource>;

const VPC = "vpc-0123456789abcdef0";
const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];

/**
 * Returns the resources that Elastic Beanstalk puts into an environment's stack by itself, under the names that
 * configuration files may refer to, with the least that makes each of them valid.
 *
 * With CDK the default security group is switched off and an Application Load Balancer is made outside of the
 * stack, so that files that refer to them would fail there.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/customize-containers-format-resources-eb.html
 */
export function skeletonOf(loadBalancer: LoadBalancerKind, mode: Mode): Resources {
  return {
    ...instances(loadBalancer),
    ...(mode === "standalone" ? instanceGroup() : {}),
    ...loadBalancers(loadBalancer, mode),
  };
}

function instances(loadBalancer: LoadBalancerKind): Resources {
  return {
    AWSEBEC2LaunchTemplate: {
      Type: "AWS::EC2::LaunchTemplate",
      Properties: {
        LaunchTemplateData: {
          ImageId: "ami-0123456789abcdef0",
          InstanceType: "t3.small",
          MetadataOptions: { HttpTokens: "required" },
        },
      },
    },
    AWSEBAutoScalingGroup: {
      Type: "AWS::AutoScaling::AutoScalingGroup",
      Properties: {
        MinSize: "1",
        MaxSize: loadBalancer === "none" ? "1" : "4",
        VPCZoneIdentifier: SUBNETS,
        LaunchTemplate: {
          LaunchTemplateId: { Ref: "AWSEBEC2LaunchTemplate" },
          Version: { "Fn::GetAtt": ["AWSEBEC2LaunchTemplate", "LatestVersionNumber"] },
        },
      },
      UpdatePolicy: { AutoScalingRollingUpdate: { MinInstancesInService: 0 } },
    },
  };
}

function instanceGroup(): Resources {
  return {
    AWSEBSecurityGroup: {
      Type: "AWS::EC2::SecurityGroup",
      Properties: {
        GroupDescription: "VPC Security Group",
        VpcId: VPC,
        SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, CidrIp: "10.0.0.0/16" }],
      },
    },
  };
}

function loadBalancers(loadBalancer: LoadBalancerKind, mode: Mode): Resources {
  switch (loadBalancer) {
    case "none":
      return { AWSEBEIP: { Type: "AWS::EC2::EIP", Properties: { Domain: "vpc" } } };
    case "classic":
      return { ...classicLoadBalancer(), ...loadBalancerGroup() };
    case "network":
      return { ...secondGeneration("network"), ...targetGroup("TCP") };
    case "application":
      return mode === "cdk"
        ? targetGroup("HTTPS")
        : { ...secondGeneration("application"), ...targetGroup("HTTPS"), ...loadBalancerGroup() };
  }
}

function loadBalancerGroup(): Resources {
  return {
    AWSEBLoadBalancerSecurityGroup: {
      Type: "AWS::EC2::SecurityGroup",
      Properties: { GroupDescription: "Load Balancer Security Group", VpcId: VPC },
    },
  };
}

function classicLoadBalancer(): Resources {
  return {
    AWSEBLoadBalancer: {
      Type: "AWS::ElasticLoadBalancing::LoadBalancer",
      Properties: {
        Subnets: SUBNETS,
        Listeners: [
          { LoadBalancerPort: "443", InstancePort: "443", Protocol: "TCP", InstanceProtocol: "TCP" },
        ],
      },
    },
  };
}

function secondGeneration(type: "application" | "network"): Resources {
  return {
    AWSEBV2LoadBalancer: {
      Type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
      Properties: { Type: type, Subnets: SUBNETS },
    },
    AWSEBV2LoadBalancerListener443: {
      Type: "AWS::ElasticLoadBalancingV2::Listener",
      Properties: {
        LoadBalancerArn: { Ref: "AWSEBV2LoadBalancer" },
        Port: 443,
        Protocol: type === "network" ? "TCP" : "HTTP",
        DefaultActions: [{ Type: "forward", TargetGroupArn: { Ref: "AWSEBV2LoadBalancerTargetGroup" } }],
      },
    },
  };
}

function targetGroup(protocol: "TCP" | "HTTPS"): Resources {
  return {
    AWSEBV2LoadBalancerTargetGroup: {
      Type: "AWS::ElasticLoadBalancingV2::TargetGroup",
      Properties: { Port: 443, Protocol: protocol, VpcId: VPC },
    },
  };
}
