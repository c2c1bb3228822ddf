/** The option table of the developer guide, in its last public version. */
export const GENERAL =
  "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html (text of May 2023, read 2026-11-22)";

/** The platform-specific options of the developer guide. */
export const SPECIFIC =
  "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-specific.html (text of May 2023, read 2026-11-22)";

/** Options of the instances that came after 2023. */
export const INSTANCES =
  "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.ec2.namespace.html (read 2026-11-22)";

/** A load balancer shared between environments. */
export const SHARED =
  "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-alb-shared.html (read 2026-11-22)";

/** Environment variables whose values come from Secrets Manager or Parameter Store. */
export const SECRETS =
  "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.secrets.env-vars.html (read 2026-11-22)";
