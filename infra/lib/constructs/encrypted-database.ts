import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { InstanceType, type ISecurityGroup, type IVpc } from "aws-cdk-lib/aws-ec2";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import {
  CaCertificate,
  Credentials,
  DatabaseInsightsMode,
  DatabaseInstance,
  DatabaseInstanceEngine,
  EngineLifecycleSupport,
  MysqlEngineVersion,
  OptionGroup,
  ParameterGroup,
  PerformanceInsightRetention,
  StorageType,
} from "aws-cdk-lib/aws-rds";
import { Construct } from "constructs";
import { databaseEngine } from "../database-engine.ts";
import type { Preset } from "../presets.ts";
import { removalPolicies } from "../removal-policies.ts";
import { DATABASE_PORT } from "./security-group-chain.ts";

/** Name of the schema that the app uses. */
export const DATABASE_NAME = "notes";

/**
 * Logs that leave the instance. `general` stays empty unless somebody turns the general log on: it would write
 * every statement, data included. `iam-db-auth-error` says why a token was refused.
 */
const LOG_EXPORTS = ["audit", "error", "general", "slowquery", "iam-db-auth-error"] as const;

const engine = DatabaseInstanceEngine.mysql({
  version: MysqlEngineVersion.of(databaseEngine.version, databaseEngine.release),
});

/** Choices of a database. */
export interface EncryptedDatabaseProps {
  identifier: string;
  vpc: IVpc;
  securityGroup: ISecurityGroup;
  preset: Preset;
  dataKey: IKey;
  logKey: IKey;
}

/**
 * MySQL 8.4 in isolated subnets: encrypted with its own key, TLS required, logins by IAM token.
 *
 * RDS makes the master password, keeps it in Secrets Manager and changes it every week.
 */
export class EncryptedDatabase extends Construct {
  readonly instance: DatabaseInstance;

  constructor(scope: Construct, id: string, props: EncryptedDatabaseProps) {
    super(scope, id);
    const logGroups = this.#logGroups(props);
    this.instance = new DatabaseInstance(this, "Resource", {
      ...identity(props),
      ...protection(props),
      ...monitoring(props),
      parameterGroup: this.#parameters(),
      optionGroup: this.#options(props.preset),
    });
    // RDS would make the groups itself, without key and retention.
    this.instance.node.addDependency(...logGroups);
  }

  #logGroups({ identifier, preset, logKey }: EncryptedDatabaseProps): LogGroup[] {
    return LOG_EXPORTS.map(
      (name) =>
        new LogGroup(this, `Log-${name}`, {
          logGroupName: `/aws/rds/instance/${identifier}/${name}`,
          retention: preset.logRetentionDays,
          encryptionKey: logKey,
          removalPolicy: removalPolicies(preset).named,
        }),
    );
  }

  /** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html */
  #parameters(): ParameterGroup {
    return new ParameterGroup(this, "Parameters", {
      engine,
      description: "TLS required, no file import, slow statements logged",
      parameters: {
        require_secure_transport: "1",
        tls_version: "TLSv1.2,TLSv1.3",
        local_infile: "0",
        log_output: "FILE",
        slow_query_log: "1",
        long_query_time: "1",
        max_connect_errors: "1000",
        // Longer than the pool keeps an idle connection, so that the pool closes it and not the server.
        wait_timeout: "3600",
      },
    });
  }

  /**
   * A last snapshot holds on to the group, which RDS refuses to delete then: where the one is made, the other stays.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Options.AuditPlugin.html
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithOptionGroups.html
   */
  #options(preset: Preset): OptionGroup {
    const options = new OptionGroup(this, "Options", {
      engine,
      description: "Logins and changes of schema or rights are audited",
      configurations: [
        { name: "MARIADB_AUDIT_PLUGIN", settings: { SERVER_AUDIT_EVENTS: "CONNECT,QUERY_DDL,QUERY_DCL" } },
      ],
    });
    if (preset.onRemoval === "retain") options.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return options;
  }
}

function identity({ identifier, vpc, securityGroup, preset, dataKey }: EncryptedDatabaseProps) {
  return {
    engine,
    engineLifecycleSupport: EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
    instanceIdentifier: identifier,
    instanceType: new InstanceType(preset.databaseClass),
    vpc,
    vpcSubnets: { subnetGroupName: "Isolated" },
    securityGroups: [securityGroup],
    port: DATABASE_PORT,
    databaseName: DATABASE_NAME,
    // Not `admin`, which is the first name anybody tries.
    credentials: Credentials.fromUsername("sealed_owner", { encryptionKey: dataKey }),
    manageMasterUserPassword: true,
  };
}

function protection({ preset, dataKey }: EncryptedDatabaseProps) {
  const isKept = preset.onRemoval === "retain";
  return {
    publiclyAccessible: false,
    iamAuthentication: true,
    caCertificate: CaCertificate.RDS_CA_ECC384_G1,
    storageEncrypted: true,
    storageEncryptionKey: dataKey,
    storageType: StorageType.GP3,
    allocatedStorage: preset.databaseStorageGiB,
    maxAllocatedStorage: preset.databaseStorageGiB * 4,
    multiAz: preset.multiAz,
    backupRetention: Duration.days(preset.backupRetentionDays),
    preferredBackupWindow: "02:00-03:00",
    preferredMaintenanceWindow: "tue:03:30-tue:04:30",
    copyTagsToSnapshot: true,
    deleteAutomatedBackups: !isKept,
    autoMinorVersionUpgrade: true,
    deletionProtection: preset.deletionProtection,
    removalPolicy: isKept ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
  };
}

function monitoring({ preset, dataKey }: EncryptedDatabaseProps) {
  // The smallest classes of MySQL have no Performance Insights.
  const hasInsights = !/\.(micro|small)$/.test(preset.databaseClass);
  return {
    cloudwatchLogsExports: [...LOG_EXPORTS],
    monitoringInterval: Duration.seconds(60),
    ...(hasInsights && {
      enablePerformanceInsights: true,
      databaseInsightsMode: DatabaseInsightsMode.STANDARD,
      performanceInsightRetention: PerformanceInsightRetention.DEFAULT,
      performanceInsightEncryptionKey: dataKey,
    }),
  };
}
