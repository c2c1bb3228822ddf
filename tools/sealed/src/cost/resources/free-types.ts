const NO_CHARGE = "AWS takes nothing for it";
const DEPLOYMENT_ONLY = "runs for seconds at a deployment: less than a cent";
const BY_USE = "only what goes through it is charged, and counted as usage";

/**
 * Types of resources that cost nothing while they are there, and why.
 *
 * A type that is neither here nor among the priced ones fails a test: a new resource needs a decision.
 */
export const freeTypes: Readonly<Record<string, string>> = {
  "AWS::Backup::BackupSelection": NO_CHARGE,
  "AWS::Backup::BackupVault": BY_USE,
  "AWS::EC2::FlowLog": BY_USE,
  "AWS::EC2::InternetGateway": NO_CHARGE,
  "AWS::EC2::Route": NO_CHARGE,
  "AWS::EC2::RouteTable": NO_CHARGE,
  "AWS::EC2::SecurityGroup": NO_CHARGE,
  "AWS::EC2::SecurityGroupEgress": NO_CHARGE,
  "AWS::EC2::SecurityGroupIngress": NO_CHARGE,
  "AWS::EC2::Subnet": NO_CHARGE,
  "AWS::EC2::SubnetRouteTableAssociation": NO_CHARGE,
  "AWS::EC2::VPC": NO_CHARGE,
  "AWS::EC2::VPCGatewayAttachment": NO_CHARGE,
  "AWS::ElasticBeanstalk::Application": NO_CHARGE,
  "AWS::ElasticBeanstalk::ApplicationVersion": "its bundle lies in a bucket, and is counted there",
  "AWS::ElasticLoadBalancingV2::Listener": "part of its load balancer",
  "AWS::Events::Rule": "events of AWS's own services are free",
  "AWS::IAM::InstanceProfile": NO_CHARGE,
  "AWS::IAM::Policy": NO_CHARGE,
  "AWS::IAM::Role": NO_CHARGE,
  "AWS::Lambda::Function": DEPLOYMENT_ONLY,
  "AWS::Lambda::Permission": NO_CHARGE,
  "AWS::Logs::LogGroup": BY_USE,
  "AWS::Logs::Transformer": "part of taking logs in; what it makes of them is counted as usage",
  "AWS::RDS::DBParameterGroup": NO_CHARGE,
  "AWS::RDS::DBSubnetGroup": NO_CHARGE,
  "AWS::RDS::EventSubscription": NO_CHARGE,
  "AWS::RDS::OptionGroup": NO_CHARGE,
  "AWS::Route53::RecordSet": "the hosted zone is yours already; questions to an alias of AWS's are free",
  "AWS::S3::Bucket": BY_USE,
  "AWS::S3::BucketPolicy": NO_CHARGE,
  "AWS::SNS::Topic": "a thousand mails a month are free",
  "AWS::SNS::TopicPolicy": NO_CHARGE,
  "AWS::SNS::Subscription": "a thousand mails a month are free",
  "AWS::WAFv2::LoggingConfiguration": BY_USE,
  "AWS::WAFv2::WebACLAssociation": NO_CHARGE,
  "Custom::BackendKeyPair": "part of its secret",
  "Custom::EbsEncryption": DEPLOYMENT_ONLY,
  "Custom::ExportCertificate": DEPLOYMENT_ONLY,
  "Custom::ImportedCertificate": "an imported certificate is free",
  "Custom::PrepareDatabase": DEPLOYMENT_ONLY,
  "Custom::PublishBundle": DEPLOYMENT_ONLY,
  "Custom::ServiceBucket": DEPLOYMENT_ONLY,
  "Custom::VpcRestrictDefaultSG": DEPLOYMENT_ONLY,
};
