import { boolean, choice, integer, list, type NamespaceRule, shaped, text } from "./kinds.ts";
import { GENERAL, SHARED } from "./sources.ts";

const policyName = text;
const certificateArn = shaped(/^arn:[^:]+:(acm|iam):\S+$/, "the ARN of a certificate in ACM or IAM");
const elbv2Listener = {
  DefaultProcess: { kind: text, shared: "never" },
  ListenerEnabled: { kind: boolean, shared: "never" },
  Protocol: {
    kind: choice("HTTP", "HTTPS", "TCP"),
    byBalancer: { application: choice("HTTP", "HTTPS"), network: choice("TCP") },
    shared: "never",
  },
  Rules: { kind: list(), balancers: ["application"] },
  SSLCertificateArns: { kind: certificateArn, balancers: ["application"], shared: "never" },
  SSLPolicy: {
    kind: shaped(/^ELBSecurityPolicy-[A-Za-z0-9-]+$/, "the name of a security policy, ELBSecurityPolicy-..."),
    balancers: ["application"],
    shared: "never",
  },
} as const;
const stickiness = {
  "Stickiness Cookie Expiration": { kind: integer(0, 1_000_000) },
  "Stickiness Policy": { kind: boolean },
} as const;
const elbListener = {
  InstancePort: { kind: integer(1, 65_535) },
  InstanceProtocol: { kind: choice("HTTP", "HTTPS", "TCP", "SSL") },
  PolicyNames: { kind: list() },
  ListenerEnabled: { kind: boolean },
} as const;

/** Namespaces of the classic, application and network load balancers. */
export const loadBalancerOptions = {
  "aws:elb:healthcheck": {
    source: GENERAL,
    balancers: ["classic"],
    options: {
      HealthyThreshold: { kind: integer(2, 10) },
      Interval: { kind: integer(5, 300) },
      Timeout: { kind: integer(2, 60) },
      UnhealthyThreshold: { kind: integer(2, 10) },
      Target: { kind: text, obsolete: "aws:elasticbeanstalk:application `Application Healthcheck URL`" },
    },
  },
  "aws:elb:loadbalancer": {
    source: GENERAL,
    balancers: ["classic"],
    options: {
      CrossZone: { kind: boolean },
      SecurityGroups: { kind: list() },
      ManagedSecurityGroup: { kind: text },
      LoadBalancerHTTPPort: { kind: choice("OFF", "80"), obsolete: "aws:elb:listener ListenerEnabled" },
      LoadBalancerPortProtocol: {
        kind: choice("HTTP", "TCP"),
        obsolete: "aws:elb:listener ListenerProtocol",
      },
      LoadBalancerHTTPSPort: { kind: choice("OFF", "443", "8443"), obsolete: "aws:elb:listener:443" },
      LoadBalancerSSLPortProtocol: {
        kind: choice("HTTPS", "SSL"),
        obsolete: "aws:elb:listener:443 ListenerProtocol",
      },
      SSLCertificateId: { kind: certificateArn, obsolete: "aws:elb:listener:443 SSLCertificateId" },
    },
  },
  "aws:elb:listener": {
    source: GENERAL,
    balancers: ["classic"],
    options: { ...elbListener, ListenerProtocol: { kind: choice("HTTP", "TCP") } },
  },
  "aws:elb:listener:<port>": {
    source: GENERAL,
    balancers: ["classic"],
    options: {
      ...elbListener,
      ListenerProtocol: { kind: choice("HTTP", "HTTPS", "TCP", "SSL") },
      SSLCertificateId: { kind: certificateArn },
    },
  },
  "aws:elb:policies": {
    source: GENERAL,
    balancers: ["classic"],
    options: {
      ConnectionDrainingEnabled: { kind: boolean },
      ConnectionDrainingTimeout: { kind: integer(1, 3_600) },
      ConnectionSettingIdleTimeout: { kind: integer(1, 3_600) },
      LoadBalancerPorts: { kind: list() },
      ...stickiness,
    },
  },
  "aws:elb:policies:<name>": {
    source: GENERAL,
    balancers: ["classic"],
    options: {
      CookieName: { kind: text },
      InstancePorts: { kind: list() },
      LoadBalancerPorts: { kind: list() },
      ProxyProtocol: { kind: boolean },
      PublicKey: { kind: text },
      PublicKeyPolicyNames: { kind: list() },
      SSLProtocols: { kind: list() },
      SSLReferencePolicy: { kind: policyName },
      ...stickiness,
    },
  },
  "aws:elbv2:listener:default": {
    source: GENERAL,
    balancers: ["application", "network"],
    shared: "never",
    options: elbv2Listener,
  },
  "aws:elbv2:listener:<port>": {
    source: GENERAL,
    balancers: ["application", "network"],
    options: elbv2Listener,
  },
  "aws:elbv2:listenerrule:<name>": {
    source: GENERAL,
    balancers: ["application"],
    options: {
      HostHeaders: { kind: list() },
      PathPatterns: { kind: list() },
      Priority: { kind: integer(1, 1_000) },
      Process: { kind: text },
    },
  },
  "aws:elbv2:loadbalancer": {
    source: GENERAL,
    balancers: ["application"],
    options: {
      AccessLogsS3Bucket: { kind: text, shared: "never" },
      AccessLogsS3Enabled: { kind: boolean, shared: "never" },
      AccessLogsS3Prefix: { kind: text, shared: "never" },
      IdleTimeout: { kind: integer(1, 3_600), shared: "never" },
      IpAddressType: { kind: choice("ipv4", "dualstack"), shared: "never" },
      ManagedSecurityGroup: { kind: text, shared: "never" },
      SecurityGroups: { kind: list() },
      SharedLoadBalancer: {
        kind: shaped(
          /^arn:[^:]+:elasticloadbalancing:\S+:loadbalancer\/app\/\S+$/,
          "the ARN of an application load balancer",
        ),
        shared: "only",
        source: SHARED,
      },
    },
  },
} as const satisfies { readonly [namespace: string]: NamespaceRule };
