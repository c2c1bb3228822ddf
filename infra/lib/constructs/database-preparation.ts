import { Duration } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc } from "aws-cdk-lib/aws-ec2";
import type { DatabaseInstance } from "aws-cdk-lib/aws-rds";
import { Construct } from "constructs";
import { DeploymentFunction, type FunctionSettings } from "./deployment-function.ts";
import { DATABASE_NAME } from "./encrypted-database.ts";
import type { FunctionBundle } from "./function-bundles.ts";
import { DATABASE_PORT } from "./security-group-chain.ts";

/** Database users: the app changes rows, the migrator changes tables. */
export const DATABASE_USERS = { app: "app", migrator: "migrator" } as const;

/** What is prepared, and from where. */
export interface DatabasePreparationProps extends FunctionSettings {
  database: DatabaseInstance;
  region: string;
  vpc: IVpc;
  securityGroup: ISecurityGroup;
  /** The function with the SQL migrations beside it. */
  bundle: FunctionBundle;
}

/**
 * Creates the database users and runs the migrations from inside of the VPC, over verified TLS, in each
 * deployment that changes users, grants or migrations.
 *
 * The function alone may read the master password; the app never can.
 */
export class DatabasePreparation extends Construct {
  constructor(scope: Construct, id: string, props: DatabasePreparationProps) {
    super(scope, id);
    const { database, bundle } = props;
    const secret = database.secret;
    if (secret === undefined) throw new Error("the database must have a managed master secret, got none");
    const preparation = new DeploymentFunction(this, "PrepareDatabase", {
      ...props,
      description: "Creates the database users and runs the migrations",
      timeout: Duration.minutes(5),
      network: { vpc: props.vpc, securityGroup: props.securityGroup },
    });
    secret.grantRead(preparation.function);
    database.grantConnect(preparation.function, DATABASE_USERS.migrator);
    preparation.run("Prepared", {
      host: database.dbInstanceEndpointAddress,
      port: DATABASE_PORT,
      database: DATABASE_NAME,
      region: props.region,
      masterSecretArn: secret.secretArn,
      users: DATABASE_USERS,
      // Users, grants and migrations are in the bundle: when one changes, this does.
      fingerprint: bundle.hash,
    });
  }
}
