import { Duration } from "aws-cdk-lib";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { ISecurityGroup, IVpc } from "aws-cdk-lib/aws-ec2";
import {
  ApplicationListenerRule,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  type CfnListener,
  DesyncMitigationMode,
  ListenerAction,
  ListenerCondition,
  SslPolicy,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

/** Choices of a load balancer. */
export interface PublicLoadBalancerProps {
  vpc: IVpc;
  securityGroup: ISecurityGroup;
  certificate: ICertificate;
  logs: IBucket;
  deletionProtection: boolean;
  idleTimeoutSeconds: number;
  /** A second listener, on port 80, that sends clients on to HTTPS and does nothing else. */
  httpRedirect: boolean;
}

/**
 * Application load balancer with one listener, HTTPS on 443, that Elastic Beanstalk adds its rule to.
 *
 * Made here and lent to the environment, because one that Elastic Beanstalk makes itself has no option for
 * most of what is set below. Without `httpRedirect` there is no listener on port 80: nothing is answered in the
 * clear, not even with a redirect.
 */
export class PublicLoadBalancer extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly listener: CfnListener;

  constructor(scope: Construct, id: string, props: PublicLoadBalancerProps) {
    super(scope, id);
    this.loadBalancer = new ApplicationLoadBalancer(this, "Resource", {
      vpc: props.vpc,
      vpcSubnets: { subnetGroupName: "Public" },
      internetFacing: true,
      securityGroup: props.securityGroup,
      idleTimeout: Duration.seconds(props.idleTimeoutSeconds),
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
      // The app shows on its hops page what the client negotiated.
      xAmznTlsVersionAndCipherSuiteHeaders: true,
      deletionProtection: props.deletionProtection,
    });
    this.loadBalancer.logAccessLogs(props.logs, "load-balancer/access");
    this.loadBalancer.logConnectionLogs(props.logs, "load-balancer/connections");
    const listener = this.loadBalancer.addListener("Https", {
      port: 443,
      protocol: ApplicationProtocol.HTTPS,
      certificates: [props.certificate],
      sslPolicy: SslPolicy.TLS13_12_RES_PQ,
      // Admission is the security group's business.
      open: false,
      // What no rule of the environment takes was not meant for it.
      defaultAction: ListenerAction.fixedResponse(421, {
        contentType: "text/plain",
        messageBody: "unknown host",
      }),
    });
    this.listener = listener.node.defaultChild as CfnListener;
    if (props.httpRedirect) this.#redirect();
  }

  /**
   * Elastic Beanstalk adds a rule of its own to a listener on port 80, where there is one, that sends what comes for
   * the environment's name to the app. The rule here comes first and leaves it nothing.
   *
   * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-alb-shared.html `Listener rules`
   */
  #redirect(): void {
    const toHttps = ListenerAction.redirect({ protocol: "HTTPS", port: "443", permanent: true });
    const listener = this.loadBalancer.addListener("HttpRedirect", {
      port: 80,
      protocol: ApplicationProtocol.HTTP,
      open: false,
      defaultAction: toHttps,
    });
    new ApplicationListenerRule(this, "HttpRedirectFirst", {
      listener,
      priority: 1,
      conditions: [ListenerCondition.pathPatterns(["/*"])],
      action: toHttps,
    });
  }
}
