import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";

/** When an alarm is raised. */
export interface AlarmProps {
  /** What has happened and what it means, for the person who is woken. */
  description: string;
  metric: IMetric;
  threshold: number;
  /** Periods in a row. Default: 1. */
  periods?: number;
  /** Default: raised at the threshold and above. */
  below?: boolean;
  /** Whether silence is a fault too. Default: `false`. */
  silenceIsFault?: boolean;
}

/** Raises an alarm at the topic, and says there when it is over. */
export function alarm(scope: Construct, id: string, topic: ITopic, props: AlarmProps): Alarm {
  const raised = new Alarm(scope, id, {
    alarmDescription: props.description,
    metric: props.metric,
    threshold: props.threshold,
    evaluationPeriods: props.periods ?? 1,
    comparisonOperator: props.below
      ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: props.silenceIsFault ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  const action = new SnsAction(topic);
  raised.addAlarmAction(action);
  raised.addOkAction(action);
  return raised;
}
