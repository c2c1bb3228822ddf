import {
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  type IVpc,
} from "aws-cdk-lib/aws-ec2";
import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

/**
 * What an instance without a route to the Internet still has to reach.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/vpc-vpce.html
 */
const SERVICES = {
  ElasticBeanstalk: InterfaceVpcEndpointAwsService.ELASTIC_BEANSTALK,
  ElasticBeanstalkHealth: InterfaceVpcEndpointAwsService.ELASTIC_BEANSTALK_HEALTH,
  CloudFormation: InterfaceVpcEndpointAwsService.CLOUDFORMATION,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Monitoring: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  Ssm: InterfaceVpcEndpointAwsService.SSM,
  SsmMessages: InterfaceVpcEndpointAwsService.SSM_MESSAGES,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
} as const;

/** Where the endpoints are, and who may reach them. */
export interface ServiceEndpointsProps {
  vpc: IVpc;
  securityGroup: ISecurityGroup;
  account: string;
}

/** Private ways to the services of AWS that the instances call, for this account only. */
export class ServiceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: ServiceEndpointsProps) {
    super(scope, id);
    for (const [name, service] of Object.entries(SERVICES)) {
      const endpoint = new InterfaceVpcEndpoint(this, name, {
        vpc: props.vpc,
        service,
        subnets: { subnetGroupName: "Private" },
        securityGroups: [props.securityGroup],
        open: false,
        privateDnsEnabled: true,
      });
      // cfn-init signs with an identity of the instance, not of the account: CloudFormation cannot be limited.
      if (name !== "CloudFormation") endpoint.addToPolicy(forAccount(props.account));
    }
  }
}

function forAccount(account: string): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ["*"],
    resources: ["*"],
    conditions: { StringEquals: { "aws:PrincipalAccount": account } },
  });
}
