import { CustomResource, Duration, type RemovalPolicy } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Provider } from "aws-cdk-lib/custom-resources";
import { Construct } from "constructs";
import type { FunctionBundle } from "./function-bundles.ts";

/** What all functions of a stack share. */
export interface FunctionSettings {
  logKey: IKey;
  logRetentionDays: number;
  removalPolicy: RemovalPolicy;
}

/** One function that a deployment runs. */
export interface DeploymentFunctionProps extends FunctionSettings {
  bundle: FunctionBundle;
  description: string;
  timeout?: Duration;
  /** Network to run in; absent: none of ours. */
  network?: { vpc: IVpc; securityGroup: ISecurityGroup };
}

/**
 * A function that runs while the stack is deployed. When it throws, the deployment fails and rolls back.
 *
 * Its role may write its own log, and only what is granted on top.
 */
export class DeploymentFunction extends Construct {
  readonly function: LambdaFunction;
  readonly #provider: Provider;

  constructor(scope: Construct, id: string, props: DeploymentFunctionProps) {
    super(scope, id);
    const logGroup = this.#logGroup("Log", props);
    const role = lambdaRole(this, "Role", logGroup);
    if (props.network !== undefined) allowNetworkInterfaces(role);
    this.function = new LambdaFunction(this, "Function", {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(props.bundle.directory),
      memorySize: 512,
      timeout: props.timeout ?? Duration.minutes(2),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      ...(props.network && {
        vpc: props.network.vpc,
        vpcSubnets: { subnetGroupName: "Private" },
        securityGroups: [props.network.securityGroup],
      }),
    });
    const frameworkLog = this.#logGroup("FrameworkLog", props);
    this.#provider = new Provider(this, "Provider", {
      onEventHandler: this.function,
      logGroup: frameworkLog,
      frameworkOnEventRole: lambdaRole(this, "FrameworkRole", frameworkLog),
      // Below this level the framework would log what a function answers.
      frameworkLambdaLoggingLevel: ApplicationLogLevel.FATAL,
    });
  }

  /** Runs the function in each deployment in which the properties changed. */
  run(id: string, properties: Record<string, unknown>): CustomResource {
    return new CustomResource(this, id, {
      serviceToken: this.#provider.serviceToken,
      resourceType: `Custom::${this.node.id}`,
      properties,
    });
  }

  #logGroup(id: string, { logRetentionDays, logKey, removalPolicy }: FunctionSettings): LogGroup {
    return new LogGroup(this, id, { retention: logRetentionDays, encryptionKey: logKey, removalPolicy });
  }
}

function lambdaRole(scope: Construct, id: string, logGroup: LogGroup): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logGroup.grantWrite(role);
  return role;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
function allowNetworkInterfaces(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ],
      // These actions know no resource that could be named before the interface exists.
      resources: ["*"],
    }),
  );
}
