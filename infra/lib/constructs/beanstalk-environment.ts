import { CfnDeletionPolicy, Token } from "aws-cdk-lib";
import { CfnApplication, CfnApplicationVersion, CfnEnvironment } from "aws-cdk-lib/aws-elasticbeanstalk";
import type { IRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { OptionSettings } from "../eb-options/index.ts";
import { commonOptions } from "../environment/common-options.ts";
import { type LoadBalancerContext, loadBalancerOptions } from "../environment/load-balancer-options.ts";
import type { EnvironmentNames } from "../environment/names.ts";
import { checkTimeouts } from "../timeouts.ts";
import type { SourceBundle } from "./source-bundle.ts";

/** Versions that Elastic Beanstalk keeps for a roll-back. */
const KEPT_VERSIONS = 20;

/** What the environment runs, and on what. */
export interface BeanstalkEnvironmentProps {
  names: EnvironmentNames;
  context: LoadBalancerContext;
  platformArn: string;
  bundle: SourceBundle;
  serviceRole: IRole;
  /** Environment variables of the app. */
  appSettings: Readonly<Record<string, string>>;
}

/** The Elastic Beanstalk application, the version to run, and the environment that runs it. */
export class BeanstalkEnvironment extends Construct {
  readonly environment: CfnEnvironment;

  /** @throws Error at synth when an option is wrong or the time limits do not agree. */
  constructor(scope: Construct, id: string, props: BeanstalkEnvironmentProps) {
    super(scope, id);
    const disagreements = checkTimeouts(props.context.times);
    if (disagreements.length > 0) throw new Error(disagreements.join("\n"));
    const application = this.#application(props);
    const version = this.#version(props, application);
    this.environment = new CfnEnvironment(this, "Resource", {
      applicationName: application.ref,
      environmentName: props.names.environment,
      cnamePrefix: props.names.cnamePrefix,
      description: `Topology ${props.context.config.topology}`,
      platformArn: props.platformArn,
      versionLabel: version.ref,
      optionSettings: optionSettings(props),
    });
  }

  #application({ names, serviceRole }: BeanstalkEnvironmentProps): CfnApplication {
    return new CfnApplication(this, "Application", {
      applicationName: names.application,
      description: "Encrypted from the browser to the database",
      resourceLifecycleConfig: {
        serviceRole: serviceRole.roleArn,
        versionLifecycleConfig: {
          maxCountRule: { enabled: true, maxCount: KEPT_VERSIONS, deleteSourceFromS3: false },
        },
      },
    });
  }

  #version({ bundle }: BeanstalkEnvironmentProps, application: CfnApplication): CfnApplicationVersion {
    const version = new CfnApplicationVersion(this, "Version", {
      applicationName: application.ref,
      description: bundle.version,
      sourceBundle: { s3Bucket: bundle.bucket.bucketName, s3Key: bundle.objectKey },
    });
    // CloudFormation would delete the last version once this one runs, and leave nothing to roll back to.
    version.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    // Earlier ones go with the application.
    version.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    version.node.addDependency(bundle.published);
    return version;
  }
}

function optionSettings(props: BeanstalkEnvironmentProps): CfnEnvironment.OptionSettingProperty[] {
  const { context } = props;
  const options = new OptionSettings(context.facts, Token.isUnresolved);
  commonOptions(options, context);
  loadBalancerOptions(options, context);
  options.set("aws:elasticbeanstalk:application:environment", props.appSettings);
  for (const [name, { arn }] of Object.entries(context.config.environmentSecrets)) {
    if (Object.hasOwn(props.appSettings, name))
      throw new Error(`environmentSecrets must not name what the deployment sets itself, got "${name}"`);
    options.set("aws:elasticbeanstalk:application:environmentsecrets", { [name]: arn });
  }
  return options.build();
}
