/** What CloudFormation asks of a custom resource, as the provider framework passes it on. */
export interface DeploymentEvent<Properties> {
  RequestType: "Create" | "Update" | "Delete";
  PhysicalResourceId?: string;
  ResourceProperties: Properties;
  OldResourceProperties?: Properties;
}

/** What the custom resource answers. A thrown error fails the deployment, with its message. */
export interface DeploymentAnswer<Data = Record<string, string>> {
  PhysicalResourceId: string;
  Data?: Data;
}
