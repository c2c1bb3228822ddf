import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeNatGatewaysCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetEbsEncryptionByDefaultCommand,
} from "@aws-sdk/client-ec2";
import { type ElasticBeanstalkClient, ListPlatformBranchesCommand } from "@aws-sdk/client-elastic-beanstalk";
import {
  DescribeDBEngineVersionsCommand,
  DescribeDBMajorEngineVersionsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetPublicAccessBlockCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { type AwsStub, mockClient } from "aws-sdk-client-mock";

const NODE_BRANCH = "Node.js 24 running on 64bit Amazon Linux 2023";

// biome-ignore lint/suspicious/noExplicitAny: the types of a stub's commands are the library's own business.
type Stub<Client> = Client extends object ? AwsStub<any, any, any> : never;

/** Returns mocked clients of a Region in which a deployment finds all it needs. */
export function healthyRegion(beanstalk: Stub<ElasticBeanstalkClient>) {
  const ec2 = mockClient(EC2Client);
  const quotas = mockClient(ServiceQuotasClient);
  const s3Control = mockClient(S3ControlClient);
  const rds = mockClient(RDSClient);
  ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: "vpc-default" }] });
  ec2.on(DescribeAddressesCommand).resolves({ Addresses: [] });
  ec2.on(DescribeNatGatewaysCommand).resolves({ NatGateways: [] });
  ec2.on(DescribeSubnetsCommand).resolves({ Subnets: [] });
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
  ec2.on(DescribeInstanceTypesCommand).callsFake(({ InstanceTypes = [] }) => ({
    InstanceTypes: InstanceTypes.map((InstanceType: string) => ({
      InstanceType,
      VCpuInfo: { DefaultVCpus: 2 },
    })),
  }));
  ec2.on(GetEbsEncryptionByDefaultCommand).resolves({ EbsEncryptionByDefault: true });
  quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 5 } });
  quotas.on(GetServiceQuotaCommand, { QuotaCode: "L-1216C47A" }).resolves({ Quota: { Value: 64 } });
  s3Control.on(GetPublicAccessBlockCommand).resolves({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  });
  beanstalk.on(ListPlatformBranchesCommand).resolves({
    PlatformBranchSummaryList: [{ BranchName: NODE_BRANCH, LifecycleState: "Supported" }],
  });
  rds
    .on(DescribeDBEngineVersionsCommand)
    .resolves({ DBEngineVersions: [{ Engine: "mysql", EngineVersion: "8.4.11", Status: "available" }] });
  rds.on(DescribeDBMajorEngineVersionsCommand).resolves({
    DBMajorEngineVersions: [
      {
        SupportedEngineLifecycles: [
          {
            LifecycleSupportName: "open-source-rds-standard-support",
            LifecycleSupportStartDate: new Date("2024-11-21"),
            LifecycleSupportEndDate: new Date("2029-07-31"),
          },
        ],
      },
    ],
  });
  return { ec2, quotas, s3Control, rds };
}
