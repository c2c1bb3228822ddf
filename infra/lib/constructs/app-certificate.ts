import { Duration } from "aws-cdk-lib";
import { CfnCertificate } from "aws-cdk-lib/aws-certificatemanager";
import { Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type CfnSecret, type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { DeploymentConfig } from "../config.ts";
import { DeploymentFunction, type FunctionSettings } from "./deployment-function.ts";
import type { FunctionBundles } from "./function-bundles.ts";

/** Name in the certificate of a pinned key: the load balancer compares the key, and no name. */
const PINNED_HOST = "app.sealed.internal";

/** Where the app's certificate comes from. */
export interface AppCertificateProps {
  config: DeploymentConfig;
  dataKey: IKey;
  functions: FunctionBundles;
  functionSettings: FunctionSettings;
}

/**
 * The certificate with which the app itself answers, where it is not one that the app makes in memory: a key
 * pair whose public half the classic load balancer pins, one's own from Secrets Manager, or one exported by ACM.
 */
export class AppCertificate extends Construct {
  /** Secret that the app reads; absent: self-signed in memory. */
  readonly secret: ISecret | undefined;
  /** Public keys to pin, by the number of their pair. */
  readonly publicKeys: ReadonlyMap<number, string>;
  readonly #props: AppCertificateProps;

  constructor(scope: Construct, id: string, props: AppCertificateProps) {
    super(scope, id);
    this.#props = props;
    const { topology, instanceCertificate: own } = props.config;
    const pairs = topology === "clb-backend-auth" ? this.#keyPairs() : new Map<number, KeyPair>();
    this.publicKeys = new Map([...pairs].map(([number, { publicKey }]) => [number, publicKey]));
    this.secret = pairs.get(props.config.backendKeys.serving)?.secret;
    if (own !== undefined) {
      this.secret =
        "secretArn" in own ? Secret.fromSecretCompleteArn(this, "Own", own.secretArn) : this.#exported();
    }
  }

  /** Lets a role read the certificate and its key, and nothing where the app makes its own. */
  grantRead(role: IRole): void {
    const { instanceCertificate: own } = this.#props.config;
    if (this.secret === undefined) return;
    this.secret.grantRead(role);
    const keyArn = own !== undefined && "secretArn" in own ? own.keyArn : this.#props.dataKey.keyArn;
    if (keyArn !== undefined) role.addToPrincipalPolicy(this.#useOfKey(keyArn, "kms:Decrypt"));
  }

  #keyPairs(): Map<number, KeyPair> {
    const maker = this.#function(
      "BackendKeyPair",
      "backend-key-pair",
      "Makes the key pair that the load balancer pins",
    );
    return new Map(
      this.#props.config.backendKeys.trusted.map((number) => {
        const secret = this.#emptySecret(
          `Key${number}`,
          `Key pair ${number} of the app, pinned by the load balancer`,
        );
        secret.grantRead(maker.function);
        secret.grantWrite(maker.function);
        maker.function.addToRolePolicy(this.#writing());
        const made = maker.run(`Pair${number}`, { secretArn: secret.secretArn, host: PINNED_HOST });
        return [number, { secret, publicKey: made.getAttString("publicKey") }];
      }),
    );
  }

  #exported(): ISecret {
    const { domain } = this.#props.config;
    if (domain === undefined) throw new Error("an exported certificate must have a domain, got none");
    const certificate = new CfnCertificate(this, "Exportable", {
      domainName: domain.name,
      validationMethod: "DNS",
      domainValidationOptions: [{ domainName: domain.name, hostedZoneId: domain.hostedZoneId }],
      certificateExport: "ENABLED",
    });
    const secret = this.#emptySecret("Exported", "Certificate and key of the app, exported from ACM");
    const exporter = this.#function(
      "ExportCertificate",
      "export-certificate",
      "Exports the app's certificate from ACM",
    );
    exporter.function.addToRolePolicy(
      new PolicyStatement({ actions: ["acm:ExportCertificate"], resources: [certificate.ref] }),
    );
    secret.grantWrite(exporter.function);
    exporter.function.addToRolePolicy(this.#writing());
    const properties = { certificateArn: certificate.ref, secretArn: secret.secretArn };
    exporter.run("Export", properties);
    new Rule(this, "Renewed", {
      description: "Exports the certificate again once ACM has renewed it",
      eventPattern: {
        source: ["aws.acm"],
        detailType: ["ACM Certificate Available"],
        resources: [certificate.ref],
      },
      targets: [
        new LambdaFunction(exporter.function, {
          event: RuleTargetInput.fromObject({ RequestType: "Update", ResourceProperties: properties }),
          retryAttempts: 10,
          maxEventAge: Duration.hours(12),
        }),
      ],
    });
    return secret;
  }

  #writing(): PolicyStatement {
    return this.#useOfKey(this.#props.dataKey.keyArn, "kms:Decrypt", "kms:GenerateDataKey");
  }

  /** The library's grants leave out a key that is known by its ARN only, and without it no value can be read. */
  #useOfKey(keyArn: string, ...actions: string[]): PolicyStatement {
    const viaService = `secretsmanager.${this.#props.config.region}.amazonaws.com`;
    return new PolicyStatement({
      actions,
      resources: [keyArn],
      conditions: { StringEquals: { "kms:ViaService": viaService } },
    });
  }

  #function(id: string, bundle: string, description: string): DeploymentFunction {
    const { functions, functionSettings } = this.#props;
    return new DeploymentFunction(this, id, {
      ...functionSettings,
      bundle: functions.bundle(bundle),
      description,
    });
  }

  #emptySecret(id: string, description: string): Secret {
    const secret = new Secret(this, id, {
      description,
      encryptionKey: this.#props.dataKey,
      removalPolicy: this.#props.functionSettings.removalPolicy,
    });
    // Without a value: a random one, which the library would put in, is no certificate.
    (secret.node.defaultChild as CfnSecret).generateSecretString = undefined;
    return secret;
  }
}

interface KeyPair {
  secret: Secret;
  publicKey: string;
}
