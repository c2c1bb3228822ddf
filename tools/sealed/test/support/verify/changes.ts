import { admits, type Model } from "./deployed-model.ts";

const SETTING = "aws:elasticbeanstalk:application:environment";
/** Sets an environment variable of the app. */
export const set = (OptionName: string, Value: string) => (model: Model) => {
  model.settings = model.settings.filter((one) => one.OptionName !== OptionName);
  model.settings.push({ Namespace: SETTING, OptionName, Value });
};
/** Adds a rule that admits a port. */
export const rule = (from: string, port: number, group: string) => (model: Model) => {
  model.rules.push(admits(group, port, from));
};
/** Changes the database. */
export const databaseWith = (changes: Partial<Model["databases"][number]>) => (model: Model) => {
  model.databases = model.databases.map((one) => ({ ...one, ...changes }));
};
/** Changes a parameter of the database. */
export const parameter = (name: string, ParameterValue: string | undefined) => (model: Model) => {
  model.parameters = model.parameters.map((one) =>
    one.ParameterName === name ? { ...one, ParameterValue } : one,
  );
};
/** Changes every listener. */
export const listenerWith = (changes: Partial<Model["listeners"][number]>) => (model: Model) => {
  model.listeners = model.listeners.map((one) => ({ ...one, ...changes }));
};
/** Changes every target group. */
export const groupWith = (changes: Partial<Model["targetGroups"][number]>) => (model: Model) => {
  model.targetGroups = model.targetGroups.map((one) => ({ ...one, ...changes }));
};
/** Adds a target. */
export const target = (state: "unhealthy" | "draining", port: number) => (model: Model) => {
  model.targets.push({ Target: { Id: "i-0ccc", Port: port }, TargetHealth: { State: state } });
};
/** Adds a listener on port 80, which forwards or redirects. */
export const alsoOn80 = (forwards: boolean) => (model: Model) => {
  model.listeners.push({ ListenerArn: "arn:80", Protocol: "HTTP", Port: 80 });
  model.listenerRules = [
    forwards
      ? { IsDefault: true, Actions: [{ Type: "forward" }] }
      : {
          IsDefault: true,
          Actions: [{ Type: "redirect", RedirectConfig: { Protocol: "HTTPS", StatusCode: "HTTP_301" } }],
        },
  ];
};

/** Changes the classic load balancer. */
export const pinned = (changes: Partial<NonNullable<Model["classic"]>>) => (model: Model) => {
  model.classic = { ...model.classic, ...changes };
};
/** Changes the listener of the classic load balancer. */
export const listens = (changes: object) => {
  const Listener = {
    Protocol: "HTTPS",
    LoadBalancerPort: 443,
    InstanceProtocol: "HTTPS",
    InstancePort: 443,
    ...changes,
  };
  return pinned({ ListenerDescriptions: [{ Listener, PolicyNames: ["tls"] }] });
};
/** Removes a policy of the classic load balancer. */
export const policyGone = (name: string) => (model: Model) => {
  model.policies = model.policies.filter(({ PolicyName }) => PolicyName !== name);
};
