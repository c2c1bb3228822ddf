/** The kinds of path in front of the app. */
export const TOPOLOGIES = [
  "alb-reencrypt",
  "clb-backend-auth",
  "nlb-passthrough",
  "single-instance",
  "alb-terminate",
] as const;

/** One kind of path: which load balancer stands in front, and where TLS ends. */
export type Topology = (typeof TOPOLOGIES)[number];

/** Tells whether the app's own certificate faces the client, with nothing that decrypts in between. */
export function endsClientTls(topology: Topology): boolean {
  return topology === "nlb-passthrough" || topology === "single-instance";
}

/** How a setting is written. `seconds` and `port` are whole numbers within `min` and `max`. */
export type SettingType = "text" | "port" | "seconds" | "choice" | "list" | "file";

/** One environment variable of the app. */
export interface Setting {
  name: string;
  type: SettingType;
  /** What it is for, in one sentence a person can act on. */
  meaning: string;
  /** Value when it is not set; absent: see `requiredWhen`, and otherwise it stays unset. */
  default?: string;
  /** When it must be set: "always", or the condition. Absent: it may be left out. */
  requiredWhen?: string;
  /** The values allowed, for `choice`. */
  choices?: readonly string[];
  min?: number;
  max?: number;
  /** Names what is lost when it is used, for a setting that weakens security. Such a setting is off by default. */
  weakens?: string;
}

/** Every setting of the app, in the order in which the reference shows them. The only list there is. */
export const settings = [
  {
    name: "TOPOLOGY",
    type: "choice",
    choices: TOPOLOGIES,
    requiredWhen: "always",
    meaning: "Which load balancer stands in front of the app, and where the client's TLS ends.",
  },
  {
    name: "PUBLIC_HOSTS",
    type: "list",
    requiredWhen: "always",
    meaning:
      "Hosts the app answers for, as `name` or `name:port`; any other `Host` gets 421. Where the client meets the app's own certificate, it must name them all.",
  },
  {
    name: "TRUSTED_PROXIES",
    type: "list",
    requiredWhen: "TOPOLOGY is alb-reencrypt, alb-terminate or clb-backend-auth",
    meaning: "Address ranges (CIDR) of the load balancer, whose `X-Forwarded-*` headers are believed.",
  },
  {
    name: "LISTEN_ADDRESS",
    type: "text",
    default: "0.0.0.0",
    meaning: "IP address to listen on; `::` for IPv6 and IPv4.",
  },
  {
    name: "HTTPS_PORT",
    type: "port",
    default: "443",
    min: 0,
    max: 65_535,
    meaning: "Port to listen on; 0 takes a free one and logs it.",
  },
  {
    name: "LB_IDLE_TIMEOUT_SECONDS",
    type: "seconds",
    default: "60",
    min: 1,
    max: 4_000,
    meaning: "Idle timeout of the load balancer; the app keeps its connections open longer than that.",
  },
  {
    name: "DRAIN_SECONDS",
    type: "seconds",
    default: "15",
    min: 0,
    max: 3_600,
    meaning: "How long the app still accepts requests after SIGTERM while /readyz already says 503.",
  },
  {
    name: "TLS_SOURCE",
    type: "choice",
    choices: ["self-signed", "files", "secret"],
    default: "self-signed",
    meaning:
      "Where the certificate comes from; self-signed makes one at start and keeps its key in memory, which clb-backend-auth cannot pin.",
  },
  {
    name: "TLS_CERTIFICATE_FILE",
    type: "file",
    requiredWhen: "TLS_SOURCE is files",
    meaning: "PEM file with the certificate and its chain, leaf first; it is watched for changes.",
  },
  {
    name: "TLS_KEY_FILE",
    type: "file",
    requiredWhen: "TLS_SOURCE is files",
    meaning: "PEM file with the private key of that certificate.",
  },
  {
    name: "TLS_SECRET_ID",
    type: "text",
    requiredWhen: "TLS_SOURCE is secret",
    meaning: "Secrets Manager secret that holds certificate and key.",
  },
  {
    name: "DB_HOST",
    type: "text",
    requiredWhen: "always",
    meaning: "DNS name of the database, as it stands in the database's certificate; never an IP address.",
  },
  { name: "DB_PORT", type: "port", default: "3306", min: 1, max: 65_535, meaning: "Port of the database." },
  { name: "DB_NAME", type: "text", requiredWhen: "always", meaning: "Name of the schema." },
  {
    name: "DB_USER",
    type: "text",
    requiredWhen: "always",
    meaning: "Database user of the app, which may change rows and nothing else.",
  },
  {
    name: "DB_AUTH",
    type: "choice",
    choices: ["iam", "secret"],
    default: "iam",
    meaning: "How the app logs in: IAM tokens, or a password from Secrets Manager.",
  },
  {
    name: "DB_SECRET_ID",
    type: "text",
    requiredWhen: "DB_AUTH is secret",
    meaning: "Secrets Manager secret with the password of that user.",
  },
  {
    name: "DB_CA_FILE",
    type: "file",
    meaning:
      "PEM file with the only roots the database's certificate may come from; unset: the RDS roots of AWS_REGION.",
  },
  {
    name: "AWS_REGION",
    type: "text",
    requiredWhen: "always",
    meaning: "Region of the database, for its tokens and its roots.",
  },
  {
    name: "HOPS_PAGE",
    type: "choice",
    choices: ["on", "off"],
    default: "off",
    meaning:
      "Whether `/` and `/hops.json` show what is observed on the three hops to everybody who can open them.",
    weakens: "shows details of the connections and certificates to every visitor",
  },
  {
    name: "INSTANCE_NAME",
    type: "text",
    meaning: "Name of this instance in logs and on the hops page; unset: the machine's host name.",
  },
  {
    name: "LOG_LEVEL",
    type: "choice",
    choices: ["debug", "info", "warn", "error", "fatal"],
    default: "info",
    meaning: "The least severe log line that is written.",
  },
  {
    name: "METRICS_SECONDS",
    type: "seconds",
    default: "60",
    min: 0,
    max: 3_600,
    meaning: "How often a line with the metrics is logged, whatever LOG_LEVEL is; 0: never.",
  },
  {
    name: "HEALTHD_LOG_DIR",
    type: "file",
    meaning:
      "Folder for the request log that Elastic Beanstalk's enhanced health reads; unset: none is written.",
  },
  {
    name: "UNSEALED_PLAIN_HTTP",
    type: "choice",
    choices: ["true", "false"],
    default: "false",
    meaning: "Listen without TLS, for the lesson topology alb-terminate only.",
    weakens: "the hop from the load balancer to the app is not encrypted",
  },
] as const satisfies readonly Setting[];

/** Name of one of the app's settings. */
export type SettingName = (typeof settings)[number]["name"];
