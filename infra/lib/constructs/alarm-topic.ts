import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";

/** Who gets the alarms. */
export interface AlarmTopicProps {
  key: IKey;
  /** The account whose alarms and events are published. */
  account: string;
  email: string | undefined;
}

/** Services that publish with rights of their own; Elastic Beanstalk does so with its role. */
const PUBLISHERS = ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"];

/**
 * The one topic that every alarm and event goes to, encrypted, over TLS only.
 *
 * A policy of one's own replaces the one that SNS begins with, which lets the services of the account publish:
 * without a statement for each, alarms reach nobody and RDS refuses its event subscriptions.
 *
 * @see https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html
 */
export class AlarmTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const topic = new Topic(this, "Resource", { masterKey: props.key, enforceSSL: true });
    for (const service of PUBLISHERS) topic.addToResourcePolicy(mayPublish(service, topic, props.account));
    if (props.email !== undefined) topic.addSubscription(new EmailSubscription(props.email));
    this.topic = topic;
  }
}

function mayPublish(service: string, topic: ITopic, account: string): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal(service)],
    actions: ["sns:Publish"],
    resources: [topic.topicArn],
    conditions: { StringEquals: { "aws:SourceAccount": account } },
  });
}
