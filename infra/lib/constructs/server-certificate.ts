import { Duration } from "aws-cdk-lib";
import {
  Certificate,
  CertificateValidation,
  type ICertificate,
  KeyAlgorithm,
} from "aws-cdk-lib/aws-certificatemanager";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IHostedZone } from "aws-cdk-lib/aws-route53";
import { Construct } from "constructs";
import { DeploymentFunction, type FunctionSettings } from "./deployment-function.ts";
import type { FunctionBundles } from "./function-bundles.ts";

/** Name in the certificate of a deployment that has no domain; `.internal` is nobody's on the Internet. */
const SANDBOX_HOST = "sandbox.internal";

/** Where the certificate comes from. */
export interface ServerCertificateProps {
  /** Domain and its public zone; absent: a self-signed certificate, for a sandbox. */
  domain: { name: string; zone: IHostedZone } | undefined;
  deployment: string;
  functions: FunctionBundles;
  functionSettings: FunctionSettings;
}

/** The certificate that clients see at the load balancer: public and validated in Route 53, or self-signed. */
export class ServerCertificate extends Construct {
  readonly certificate: ICertificate;

  constructor(scope: Construct, id: string, props: ServerCertificateProps) {
    super(scope, id);
    this.certificate =
      props.domain === undefined
        ? this.#imported(props)
        : new Certificate(this, "Public", {
            domainName: props.domain.name,
            validation: CertificateValidation.fromDns(props.domain.zone),
            keyAlgorithm: KeyAlgorithm.RSA_2048,
          });
  }

  #imported({ deployment, functions, functionSettings }: ServerCertificateProps): ICertificate {
    const importer = new DeploymentFunction(this, "ImportedCertificate", {
      ...functionSettings,
      bundle: functions.bundle("imported-certificate"),
      description: "Imports a self-signed certificate for a sandbox without domain",
      // Removal waits until the load balancer has let go of it.
      timeout: Duration.minutes(5),
    });
    const tag = { "aws:RequestTag/sealed:deployment": deployment };
    importer.function.addToRolePolicy(
      new PolicyStatement({
        actions: ["acm:ImportCertificate", "acm:AddTagsToCertificate"],
        // A certificate has no name before it is imported: the tag limits what the role may make.
        resources: ["*"],
        conditions: { StringEquals: tag },
      }),
    );
    importer.function.addToRolePolicy(
      new PolicyStatement({
        actions: ["acm:DeleteCertificate"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:ResourceTag/sealed:deployment": deployment } },
      }),
    );
    const imported = importer.run("Certificate", { host: SANDBOX_HOST, deployment });
    return Certificate.fromCertificateArn(this, "Imported", imported.getAttString("arn"));
  }
}
